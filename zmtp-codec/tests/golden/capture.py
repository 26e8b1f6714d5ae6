#!/usr/bin/env python3
"""Records what libzmq puts on the wire, as the files next to this script.

    pip install pyzmq
    ./capture.py                          # all of them, some three minutes
    ./capture.py --out /tmp/golden pair   # one file

A file is a row of conversations, one thing a line, in order:

    conversation NAME         here begins another
    lockstep                  each `wire a` line is all that libzmq sends in answer
                              to the lines before it (otherwise only the order in
                              each direction is known)
    socket NAME TYPE ...      who speaks; options: identity=BYTES, version=1.0|2.0|3.0,
                              interval=MS and ttl=MS of its heartbeat, and
                              property=NAME:VALUE of its application
    send NAME FRAME,FRAME...  the application sends a message, as it is on the wire
    subscribe NAME TOPIC      it asks for messages
    cancel NAME TOPIC         it asks for them no longer
    refuse NAME STATUS        its authenticator will answer so
    time MS                   so much time has passed since the beginning
    wire NAME BYTES           bytes from this socket
    closed NAME               this socket has closed the connection
    open NAME                 it has not, although it might have

BYTES are hexadecimal, in pieces joined by +; 61*300 is 300 times the octet 61, and
- is nothing. Sockets called `a` and `b` are libzmq's, `peer` is played by this script.
"""

import argparse
import itertools
import pathlib
import socket
import threading
import time

import zmq

QUIET = 0.15  # seconds after which nothing more is expected on the wire
BODIES = [b"a", b"", b"x" * 255, b"x" * 256, b"x" * 65536]
MULTIPART = [b"one", b"", b"y" * 300, b"end"]
COUNTERPART = {
    "PUSH": "PULL", "PULL": "PUSH", "REQ": "REP", "REP": "REQ", "DEALER": "ROUTER",
    "ROUTER": "DEALER", "PUB": "SUB", "XPUB": "SUB", "SUB": "PUB", "XSUB": "PUB", "PAIR": "PAIR",
}
METADATA = 95  # ZMQ_METADATA, which pyzmq does not know
PUBLISHERS, SUBSCRIBERS = ("PUB", "XPUB"), ("SUB", "XSUB")

FILES = {}


def scenario(file, *names):
    """Registers a function that records these conversations of a file."""

    def register(function):
        FILES.setdefault(file, {}).update(dict.fromkeys(names, function))
        return function

    return register


# What is written down.


def encode(data):
    pieces, rest = [], bytearray()
    for octet, run in itertools.groupby(data):
        count = len(list(run))
        if count < 16:
            rest += bytes([octet]) * count
            continue
        pieces += [rest.hex()] if rest else []
        pieces.append(f"{octet:02x}*{count}")
        rest = bytearray()
    pieces += [rest.hex()] if rest else []
    return "+".join(pieces) or "-"


class Record:
    """The lines of one conversation: words, or a pair of a name and bytes."""

    def __init__(self, name):
        self.lines = [("conversation", name)]
        self.lock = threading.Lock()

    def add(self, *words):
        with self.lock:
            self.lines.append(words)

    def wire(self, name, data):
        with self.lock:
            last = self.lines[-1]
            if last[:2] == ("wire", name):
                last[2].extend(data)
            else:
                self.lines.append(("wire", name, bytearray(data)))

    def text(self):
        def word(value):
            if isinstance(value, dict):
                return " ".join(f"{name}={word(value[name])}" for name in value)
            if isinstance(value, list):
                return ",".join(encode(frame) for frame in value)
            return encode(value) if isinstance(value, (bytes, bytearray)) else str(value)

        lines = (" ".join(filter(None, map(word, line))) for line in self.lines)
        return "\n".join(lines) + "\n"


# libzmq's side.


class Node:
    """A libzmq socket, seen from the wire: routing ids and delimiters are its business."""

    def __init__(self, record, context, name, kind, **options):
        self.record, self.name, self.kind = record, name, kind
        self.peer_id = None
        self.zmq = context.socket(getattr(zmq, kind))
        self.zmq.linger = 0
        self.zmq.rcvtimeo = self.zmq.sndtimeo = 5000
        self.zmq.reconnect_ivl = -1
        if kind == "ROUTER":
            self.zmq.router_mandatory = 1
        if "identity" in options:
            self.zmq.routing_id = options["identity"]
        if "interval" in options:
            self.zmq.heartbeat_ivl = options["interval"]
            self.zmq.heartbeat_timeout = 60000
        if "ttl" in options:
            self.zmq.heartbeat_ttl = options["ttl"]
        if "property" in options:
            self.zmq.setsockopt(METADATA, options["property"].encode())
        record.add("socket", name, kind, options)

    def bind(self):
        self.zmq.bind("tcp://127.0.0.1:*")
        host, port = self.zmq.last_endpoint.decode().removeprefix("tcp://").split(":")
        return host, int(port)

    def subscribe(self, topic):
        self.record.add("subscribe", self.name, topic)
        if self.kind == "SUB":
            self.zmq.subscribe(topic)
        else:
            self.zmq.send(b"\x01" + topic)

    def cancel(self, topic):
        self.record.add("cancel", self.name, topic)
        self.zmq.unsubscribe(topic)

    def send(self, frames):
        self.record.add("send", self.name, frames)
        if self.kind in ("REQ", "REP"):
            frames = frames[1:]
        elif self.kind == "ROUTER":
            frames = [self.peer_id, *frames]
        for _ in range(100):
            try:
                return self.zmq.send_multipart(frames)
            except zmq.ZMQError as error:
                if error.errno != zmq.EHOSTUNREACH:
                    raise
            time.sleep(0.02)  # a ROUTER does not know its peer yet

    def poke(self):
        """Sockets notice new connections only when they are used."""
        time.sleep(QUIET / 3)
        self.zmq.getsockopt(zmq.EVENTS)

    def expect(self, frames):
        arrived = self.zmq.recv_multipart()
        if self.kind == "ROUTER":
            self.peer_id = arrived.pop(0)
        expected = frames[1:] if self.kind in ("REQ", "REP") else frames
        assert arrived == expected, (arrived, expected)


# Two libzmq sockets with a recorder between them.


class Relay:
    def __init__(self, record, target, names):
        self.record, self.target, self.names = record, target, names
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.endpoint = "tcp://127.0.0.1:%d" % self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        near, _ = self.listener.accept()
        far = socket.create_connection(self.target)
        pumps = [
            threading.Thread(target=self.pump, args=(self.names[0], near, far)),
            threading.Thread(target=self.pump, args=(self.names[1], far, near)),
        ]
        for pump in pumps:
            pump.start()
        for pump in pumps:
            pump.join()

    def pump(self, name, source, sink):
        try:
            while data := source.recv(1 << 20):
                self.record.wire(name, data)
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def join(self, *nodes):
        for node in nodes:
            node.zmq.close()
        self.thread.join()
        self.listener.close()


PAIRS = [
    "push-pull", "pair-pair", "req-rep", "req-router", "dealer-rep", "dealer-router",
    "dealer-dealer", "router-router", "pub-sub", "xpub-sub", "pub-xsub", "xpub-xsub",
]


@scenario("pair", *PAIRS)
def pair(record, context, name, options=({}, {})):
    kinds = name.upper().split("-")
    if kinds == ["DEALER", "ROUTER"]:
        options = [{"identity": b"alpha"}, {}]
    elif kinds == ["ROUTER", "ROUTER"]:
        options = [{"identity": b"alpha"}, {"identity": b"b" * 255}]
    a, b = (Node(record, context, *args, **o) for *args, o in zip("ab", kinds, options))
    a.peer_id = options[1].get("identity")
    if b.kind in SUBSCRIBERS:
        # Before there is a connection: what an application writes to a connected
        # XSUB travels as a message.
        b.subscribe(b"")
    relay = Relay(record, b.bind(), "ab")
    a.zmq.connect(relay.endpoint)
    if a.kind == "XPUB":
        time.sleep(QUIET)
        b.poke()
        assert a.zmq.recv() == b"\x01"
    elif a.kind == "PUB":
        time.sleep(QUIET)
        b.poke()
        time.sleep(QUIET)
    delimiter = [b""] if {"REQ", "REP"} & set(kinds) else []
    for frames in [[body] for body in BODIES] + [MULTIPART]:
        a.send(delimiter + frames)
        b.expect(delimiter + frames)
        if b.kind not in ("PULL", *SUBSCRIBERS):
            b.send(delimiter + frames)
            a.expect(delimiter + frames)
    relay.join(a, b)


@scenario("metadata", "pair-pair")
def metadata(record, context, name):
    pair(record, context, name, [{"property": "X-zone:eu"}, {"property": "X-Long-name:v"}])


@scenario("subscriptions", "commands")
def subscriptions(record, context, name):
    a, b = Node(record, context, "a", "XPUB"), Node(record, context, "b", "SUB")
    a.zmq.xpub_verboser = 1
    relay = Relay(record, a.bind(), "ba")
    b.zmq.connect(relay.endpoint)
    topics = [b"", b"a"]
    topics += [b"t" * size for size in (244, 245, 246, 247, 248, 249, 254, 255, 256, 1000)]
    for topic in topics:
        b.subscribe(topic)
        a.expect([b"\x01" + topic])
    for topic in topics:
        b.cancel(topic)
        a.expect([b"\x00" + topic])
    relay.join(a, b)


# One libzmq socket, and this script.


class Peer:
    """Plays the other side step by step, and writes down both."""

    def __init__(self, record, node, *kind, **options):
        self.record, self.node = record, node
        self.closed = False
        self.stream = socket.create_connection(node.bind())
        self.stream.settimeout(QUIET)
        record.lines.insert(1, ("lockstep",))
        record.add("socket", "peer", *kind, options)

    def put(self, data):
        """Sends, and writes down all that comes back."""
        self.record.wire("peer", data)
        try:
            self.stream.sendall(data)
        except OSError:
            pass
        self.listen()

    def listen(self):
        self.node.poke()
        try:
            while data := self.stream.recv(1 << 20):
                self.record.wire("a", data)
            self.closed = True
        except TimeoutError:
            pass
        except OSError:
            self.closed = True

    def verdict(self):
        """Whether libzmq has taken all this."""
        self.listen()
        self.record.add("closed" if self.closed else "open", "a")

    def greet(self, minor=1):
        """A greeting of ZMTP 3 in as many steps as libzmq's."""
        self.listen()
        for step in (SIGNATURE, b"\x03", bytes([minor]) + b"NULL" + bytes(48)):
            self.put(step)

    def message(self, frames, framing):
        """The script sends a message, and libzmq's application gets it."""
        self.record.add("send", "peer", frames)
        self.put(framing(frames))
        self.node.expect(frames)

    def answer(self, frames):
        self.node.send(frames)
        self.listen()


SIGNATURE = b"\xff" + bytes(8) + b"\x7f"


def frame2(body, flags=0):
    """A frame of ZMTP 2.0 and later."""
    if len(body) < 256:
        return bytes([flags, len(body)]) + body
    return bytes([flags | 2]) + len(body).to_bytes(8, "big") + body


def frame1(body, flags=0):
    """A frame of ZMTP 1.0."""
    length = len(body) + 1
    size = bytes([length]) if length < 255 else b"\xff" + length.to_bytes(8, "big")
    return size + bytes([flags]) + body


def framing2(frames):
    return b"".join(frame2(f, int(i + 1 < len(frames))) for i, f in enumerate(frames))


def framing1(frames):
    return b"".join(frame1(f, int(i + 1 < len(frames))) for i, f in enumerate(frames))


def command(name, data=b""):
    return frame2(bytes([len(name)]) + name + data, 4)


def prop(name, value):
    return bytes([len(name)]) + name + len(value).to_bytes(4, "big") + value


def ready(*properties):
    return command(b"READY", b"".join(properties))


def kind_is(name):
    return prop(b"Socket-Type", name.encode())


def converse(peer, framing):
    """Messages of all sizes, in the directions that the sockets have."""
    kind = peer.node.kind
    delimiter = [b""] if kind in ("REQ", "REP") else []
    if kind in PUBLISHERS:
        for topic in (b"z", b"one"):
            peer.record.add("subscribe", "peer", topic)
            peer.put(framing([b"\x01" + topic]))
            if kind == "XPUB":
                peer.node.expect([b"\x01" + topic])
    bodies = [b"z" * size for size in (0, 1, 252, 253, 254, 255, 256, 65536)]
    for frames in [[body] for body in bodies] + [MULTIPART]:
        frames = delimiter + frames
        steps = [lambda: peer.message(frames, framing), lambda: peer.answer(frames)]
        if kind == "PULL" or kind in SUBSCRIBERS:
            steps = steps[:1]
        elif kind == "PUSH" or kind in PUBLISHERS:
            steps = steps[1:]
        elif kind == "REQ":
            steps.reverse()
        if kind in PUBLISHERS and frames == [b""]:
            continue  # nobody has asked for it
        for step in steps:
            step()


@scenario("3.0", *COUNTERPART)
def version_3_0(record, context, kind):
    named = {"identity": b"me"} if kind in ("REQ", "DEALER", "ROUTER") else {}
    node = Node(record, context, "a", kind, **named)
    if kind in SUBSCRIBERS:
        # Not 255: there libzmq forgets the flag of the long form.
        for topic in (b"", b"t" * 254, b"t" * 256):
            node.subscribe(topic)
    named = {"identity": b"you"} if kind == "ROUTER" else {}
    peer = Peer(record, node, COUNTERPART[kind], version="3.0", **named)
    peer.greet(minor=0)
    peer.put(ready(kind_is(COUNTERPART[kind]), *(prop(b"Identity", v) for v in named.values())))
    if kind == "SUB":
        node.cancel(b"t" * 254)
        peer.listen()
    converse(peer, framing2)


@scenario("2.0", *COUNTERPART)
def version_2_0(record, context, kind):
    versioned(record, context, kind, "2.0", 1, framing2)


@scenario("1.0-versioned", "PUSH", "PULL", "REP", "XPUB")
def version_1_0(record, context, kind):
    """The greeting of 2.0 with revision 0, and the frames of 1.0."""
    versioned(record, context, kind, "1.0", 0, framing1)


def versioned(record, context, kind, version, revision, framing):
    node = Node(record, context, "a", kind, identity=b"me")
    peer = Peer(record, node, COUNTERPART[kind], version=version, identity=b"you")
    peer.listen()
    number = getattr(zmq, COUNTERPART[kind])
    for step in (SIGNATURE, bytes([revision]), bytes([number]), framing([b"you"])):
        peer.put(step)
    if kind in SUBSCRIBERS:
        # Only now: libzmq sends messages before it has the peer's routing id.
        node.subscribe(b"")
        peer.listen()
    converse(peer, framing)


@scenario("1.0", *COUNTERPART)
def unversioned(record, context, kind):
    """ZMTP 1.0 as it was: a routing id, then messages."""
    node = Node(record, context, "a", kind, identity=b"me")
    if kind in SUBSCRIBERS:
        node.subscribe(b"")
    identity = b"i" * 255 if kind == "ROUTER" else b"you"
    peer = Peer(record, node, "unknown", version="1.0", identity=identity)
    if kind in PUBLISHERS:
        # libzmq acts as if the peer had asked for everything.
        record.add("subscribe", "peer", b"")
    peer.listen()
    peer.put(frame1(identity))
    if kind == "XPUB":
        node.expect([b"\x01"])
    converse(peer, framing1)


@scenario("1.0", "anonymous")
def anonymous(record, context, name):
    node = Node(record, context, "a", "PULL")
    peer = Peer(record, node, "unknown", version="1.0")
    peer.listen()
    peer.put(frame1(b""))
    peer.message([b"hello"], framing1)


@scenario("heartbeat", "answers")
def heartbeat_answers(record, context, name):
    peer = Peer(record, Node(record, context, "a", "DEALER"), "ROUTER")
    peer.greet()
    peer.put(ready(kind_is("ROUTER")))
    peer.put(command(b"PING", b"\0\0"))
    peer.put(command(b"PING", b"\0\0context"))
    peer.put(command(b"PING", b"\0\x10" + b"x" * 16))
    # Contexts longer than the RFC allows are cut; two at once get two answers.
    peer.put(command(b"PING", b"\0\0" + b"y" * 17) + command(b"PING", b"\0\0" + b"z" * 300))
    peer.put(command(b"PONG", b"unasked"))
    record.add("send", "peer", [b"one", b"two"])
    peer.put(frame2(b"one", 1) + command(b"PING", b"\0\0between") + frame2(b"two"))
    peer.node.expect([b"one", b"two"])
    peer.answer([b"still here"])
    peer.verdict()


@scenario("heartbeat", "asks")
def heartbeat_asks(record, context, name):
    peer = Peer(record, Node(record, context, "a", "DEALER", interval=1000, ttl=2500), "ROUTER")
    peer.greet()
    peer.put(ready(kind_is("ROUTER")))
    for n in (1, 2):
        record.add("time", n * 1000)
        peer.stream.settimeout(3)
        record.wire("a", peer.stream.recv(100))
        peer.stream.settimeout(QUIET)
        peer.put(command(b"PONG"))
    peer.verdict()


@scenario("refusal", "300", "400", "500")
def refusal(record, context, status):
    """libzmq asks its authenticator, which says no."""
    handler = context.socket(zmq.REP)
    handler.bind("inproc://zeromq.zap.01")

    def answer():
        request = handler.recv_multipart()
        handler.send_multipart([b"1.0", request[1], status.encode(), b"no", b"", b""])

    thread = threading.Thread(target=answer)
    thread.start()
    node = Node(record, context, "a", "ROUTER")
    node.zmq.zap_domain = b"test"
    record.add("refuse", "a", status)
    peer = Peer(record, node, "DEALER")
    peer.greet()
    peer.put(ready(kind_is("DEALER")))
    peer.verdict()
    thread.join()


# What libzmq makes of odd peers: a ROUTER, and what is sent to it in turn.

HI = frame2(b"hi")
GREETING = (SIGNATURE, b"\x03", b"\x01NULL" + bytes(48))
READY = (*GREETING, ready(kind_is("DEALER")))
ODD = {
    "greeting-curve": (*GREETING[:2], b"\x01CURVE" + bytes(47)),
    "greeting-plain": (*GREETING[:2], b"\x01PLAIN" + bytes(47)),
    "greeting-lower-case": (*GREETING[:2], b"\x01null" + bytes(48)),
    "greeting-mechanism-padded": (*GREETING[:2], b"\x01NULL" + bytes(15) + b"!" + bytes(32)),
    "greeting-padding": (b"\xffpaddings\xff", *READY[1:], HI),
    "greeting-of-the-future": (SIGNATURE, b"\x63", b"\0NULL" + bytes(48), READY[3], HI),
    "greeting-filler": (*GREETING[:2], b"\x01NULL" + bytes(16) + b"\x01" + b"f" * 31, READY[3], HI),
    "error": (*GREETING, command(b"ERROR", b"\x03400")),
    "error-without-reason": (*GREETING, command(b"ERROR")),
    "error-beyond-the-frame": (*GREETING, command(b"ERROR", b"\x04400")),
    "type-incompatible": (*GREETING, ready(kind_is("PUSH"))),
    "type-unknown": (*GREETING, ready(kind_is("BUS"))),
    "type-missing": (*GREETING, ready(), HI),
    "property-odd": (*GREETING, ready(kind_is("DEALER"), prop(b"X !", b"1")), HI),
    "property-short": (*GREETING, ready(kind_is("DEALER"), b"\x01a\0\0\0\x05abc")),
    "property-cut": (*GREETING, ready(kind_is("DEALER"), b"\x01")),
    "ready-late": (*READY, READY[3], HI),
    "ready-with-more": (*GREETING, b"\x05" + READY[3][1:], HI),
    "hello": (*GREETING, command(b"HELLO")),
    "ping-early": (*GREETING, command(b"PING", b"\0\0")),
    "subscribe-early": (*GREETING, command(b"SUBSCRIBE", b"a")),
    "command-without-name": (*GREETING, frame2(b"", 4)),
    "message-early": (*GREETING, HI),
    "reserved-bits": (*READY, b"\xf8\x02hi"),
    "long-form": (*READY, b"\x02" + (2).to_bytes(8, "big") + b"hi"),
    "command-unknown": (*READY, command(b"WHATEVER", b"data"), HI),
    "command-join": (*READY, command(b"JOIN", b"group"), HI),
    "command-with-more": (*READY, b"\x05" + command(b"PING", b"\0\0c")[1:], HI),
    "size-beyond-all": (*READY, b"\x02" + b"\xff" * 8),
    "length-zero": (frame1(b"you"), b"\0"),
    "length-zero-long": (frame1(b"you"), b"\xff" + bytes(8)),
}


@scenario("odd", *ODD)
def odd(record, context, name):
    steps = ODD[name]
    old, typeless = steps[0] == frame1(b"you"), name == "type-missing"
    node = Node(record, context, "a", "ROUTER")
    named = {"version": "1.0", "identity": b"you"} if old else {}
    peer = Peer(record, node, "unknown" if old or typeless else "DEALER", **named)
    peer.listen()
    for step in steps:
        if step.endswith(b"\x02hi"):
            record.add("send", "peer", [b"hi"])
        peer.put(step)
    peer.verdict()
    if steps[-1].endswith(b"\x02hi") and not peer.closed:
        node.expect([b"hi"])


@scenario("subscriptions", "both-forms")
def odd_subscriptions(record, context, name):
    """The old and the new form from one peer, and messages that are neither."""
    peer = Peer(record, Node(record, context, "a", "XPUB"), "SUB")
    peer.greet()
    peer.put(ready(kind_is("SUB")))
    for verb, topic, data in [
        ("subscribe", b"new", command(b"SUBSCRIBE", b"new")),
        ("subscribe", b"old", frame2(b"\x01old")),
        ("cancel", b"old", command(b"CANCEL", b"old")),
        ("cancel", b"new", frame2(b"\x00new")),
    ]:
        record.add(verb, "peer", topic)
        peer.put(data)
        peer.node.expect([bytes([verb == "subscribe"]) + topic])
    peer.message([b"\x02 is a message"], framing2)
    peer.message([b""], framing2)
    peer.verdict()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path(__file__).parent)
    parser.add_argument("files", nargs="*", help="which files; all by default")
    arguments = parser.parse_args()
    for file in arguments.files or FILES:
        text = f"# Recorded from libzmq {zmq.zmq_version()} by capture.py, which says how to read it.\n"
        for name, function in FILES[file].items():
            print(file, name, flush=True)
            record, context = Record(name.lower()), zmq.Context()
            try:
                function(record, context, name)
            finally:
                context.destroy(linger=0)
            text += "\n" + record.text()
        (arguments.out / f"{file}.txt").write_text(text)


if __name__ == "__main__":
    main()
