"""Sockets of pyzmq, for a test that says what to do with them.

Rows of byte strings come on standard input, and one goes back for each: how many
parts there are, and each with its length in front, in 32 bits of little-endian order.
src/serve.rs does the same in Rust.
"""

import struct
import sys
import threading

import zmq
from zmq.utils.monitor import parse_monitor_message

CONTEXT = zmq.Context()
CONTEXT.set(zmq.MAX_SOCKETS, 60000)


class Socket:
    """A socket, its monitor, and the message received last."""

    def __init__(self, kind):
        self.zmq = CONTEXT.socket(getattr(zmq, kind))
        self.zmq.linger = 0
        self.last = None
        self.monitor = None

    def set(self, number, value):
        kind, value = value[:1], value[1:]
        self.zmq.setsockopt(int(number), value if kind == b"b" else int(value))

    def bind(self, endpoint):
        self.zmq.bind(endpoint.decode())
        return [self.zmq.last_endpoint.rstrip(b"\0")]

    def connect(self, endpoint):
        self.zmq.connect(endpoint.decode())

    def join(self, endpoint):
        if endpoint.startswith(b">"):
            self.connect(endpoint[1:])
            return [endpoint[1:]]
        return self.bind(endpoint)

    def disconnect(self, endpoint):
        self.zmq.disconnect(endpoint.decode())

    def send(self, wait, *frames):
        self.zmq.sndtimeo = int(wait)
        try:
            self.zmq.send_multipart(frames)
        except zmq.Again:
            return [b"full"]
        except zmq.ZMQError as error:
            if error.errno != zmq.EHOSTUNREACH:
                raise
            return [b"unroutable"]
        return [b"sent"]

    def recv(self, wait):
        self.zmq.rcvtimeo = int(wait)
        try:
            parts = self.zmq.recv_multipart(copy=False)
        except zmq.Again:
            return None
        self.last = parts[0]
        return [part.buffer for part in parts]

    def property(self, name):
        try:
            return [self.last.get(name.decode()).encode()]
        except zmq.ZMQError:
            return None

    def watch(self):
        self.monitor = self.zmq.get_monitor_socket()
        self.monitor.rcvhwm = 0

    def event(self, wait):
        if not self.monitor.poll(int(wait)):
            return None
        event = parse_monitor_message(self.monitor.recv_multipart())["event"]
        return [str(int(event)).encode()]

    def close(self):
        if self.monitor:
            self.zmq.disable_monitor()
        self.zmq.close()


def device(front_kind, front, back_kind, back):
    """Passes messages on between two sockets, until the process ends."""
    sockets = [Socket(kind.decode()) for kind in (front_kind, back_kind)]
    ends = sockets[0].join(front) + sockets[1].join(back)
    run = threading.Thread(target=zmq.proxy, args=[socket.zmq for socket in sockets], daemon=True)
    run.start()
    return ends


class Sockets:
    """The open sockets, by id."""

    def __init__(self):
        self.open = {}
        self.count = 0

    def obey(self, verb, *rest):
        if verb == b"socket":
            self.count += 1
            id = str(self.count).encode()
            self.open[id] = Socket(rest[0].decode())
            return [id]
        if verb == b"device":
            return device(*rest)
        socket = self.open.pop(rest[0]) if verb == b"close" else self.open[rest[0]]
        return getattr(socket, verb.decode())(*rest[1:])


def read(input):
    count = input.read(4)
    if len(count) < 4:
        return None
    return [input.read(struct.unpack("<I", input.read(4))[0]) for _ in range(*struct.unpack("<I", count))]


def write(output, parts):
    output.write(struct.pack("<I", len(parts)))
    for part in parts:
        output.write(struct.pack("<I", len(part)))
        output.write(part)
    output.flush()


def main():
    input, output = sys.stdin.buffer, sys.stdout.buffer
    write(output, [zmq.zmq_version().encode()])
    sockets = Sockets()
    while (row := read(input)) is not None:
        try:
            answer = [b"ok", *(sockets.obey(*row) or [])]
        except Exception as error:
            answer = [b"error", repr(error).encode()]
        write(output, answer)


main()
