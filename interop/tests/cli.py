"""What a user of pyzmq writes: lines to messages, and messages to lines.

cli.py PATTERN bind|connect ENDPOINT [COUNT]

COUNT is how many messages come, for those who receive only. A bound endpoint is
printed on standard error.
"""

import sys

import zmq

pattern, verb, endpoint = sys.argv[1:4]
count = int(sys.argv[4]) if len(sys.argv) > 4 else 0
lines = (line.rstrip(b"\n") for line in sys.stdin.buffer)


def write(frames):
    sys.stdout.buffer.write(b"\t".join(frames) + b"\n")


with zmq.Context() as context:
    socket = context.socket(getattr(zmq, pattern))
    socket.rcvtimeo = socket.sndtimeo = socket.linger = 30_000
    if pattern == "SUB":
        socket.subscribe(b"")
    if pattern == "DEALER":
        socket.routing_id = b"python"
    getattr(socket, verb)(endpoint)
    if verb == "bind":
        print("listening at", socket.last_endpoint.decode(), file=sys.stderr, flush=True)

    if pattern in ("PULL", "SUB"):
        for _ in range(count):
            write(socket.recv_multipart())
    elif pattern == "REP":
        for _ in range(count):
            request = socket.recv()
            write([request])
            socket.send(b"re: " + request)
    elif pattern == "ROUTER":
        for _ in range(count):
            frames = socket.recv_multipart()
            write(frames)
            socket.send_multipart(frames)
    elif pattern == "REQ":
        for line in lines:
            socket.send(line)
            write(socket.recv_multipart())
    else:
        if pattern == "XPUB":
            socket.recv()
        for line in lines:
            socket.send(line)
        for _ in range(count):
            write(socket.recv_multipart())
    socket.close()
