"""Whether a broker serves: one Metadata request over a plain socket, without a Kafka client.

An open port is not enough: the port opens before the controller lets the broker take part, and
only then is the broker named in its own answer.
Format: the Kafka protocol guide, Metadata request and response, version 1.
"""

import socket
import struct

_METADATA, _VERSION, _CORRELATION = 3, 1, 7
_CLIENT_ID = b"tocsin-probe"
_NO_TOPICS = 0
_LARGEST_ANSWER = 1 << 20


def is_serving(port: int, node_id: int, timeout_seconds: float = 1.0) -> bool:
    """Whether the broker on 127.0.0.1:`port` answers and names node `node_id` as taking part."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout_seconds) as connection:
            connection.sendall(_request())
            (size,) = struct.unpack(">i", _receive(connection, 4))
            if not 0 < size <= _LARGEST_ANSWER:
                return False
            return node_id in _brokers(_receive(connection, size))
    except (OSError, struct.error):
        return False


def _request() -> bytes:
    header = struct.pack(">hhih", _METADATA, _VERSION, _CORRELATION, len(_CLIENT_ID)) + _CLIENT_ID
    message = header + struct.pack(">i", _NO_TOPICS)
    return struct.pack(">i", len(message)) + message


def _receive(connection: socket.socket, size: int) -> bytes:
    received = b""
    while len(received) < size:
        chunk = connection.recv(size - len(received))
        if not chunk:
            raise ConnectionResetError("the broker closed the connection")
        received += chunk
    return received


def _brokers(answer: bytes) -> list[int]:
    correlation, count = struct.unpack_from(">ii", answer)
    if correlation != _CORRELATION:
        return []
    ids, at = [], 8
    for _ in range(count):
        node_id, host_length = struct.unpack_from(">ih", answer, at)
        at += 6 + host_length + 4
        (rack_length,) = struct.unpack_from(">h", answer, at)
        at += 2 + max(rack_length, 0)
        ids.append(node_id)
    return ids
