"""Ports on 127.0.0.1 for the two listeners of a broker.

Free ports are taken below the range from which the system gives source ports (32768 and up on
Linux, 49152 and up on macOS): a client that keeps asking for the port of a broker that is down
could otherwise be given that very port as its own and keep the broker from coming back.
"""

import secrets
import socket

from tocsin_localkafka.errors import PortBusyError

_LOWEST, _COUNT, _TRIES = 20000, 12000, 50


def choose_ports(port: int | None) -> tuple[int, int]:
    """A port for the clients and one for the controller; `port` fixes the first.

    Raises:
        PortBusyError: somebody listens on `port`.

    """
    with _listener(port) if port else _any_listener() as clients, _any_listener() as controller:
        return _number(clients), _number(controller)


def require_free(port: int) -> None:
    """Check that nobody listens on a port.

    Raises:
        PortBusyError: somebody does.

    """
    _listener(port).close()


def _any_listener() -> socket.socket:
    for _ in range(_TRIES):
        try:
            return _listener(_LOWEST + secrets.randbelow(_COUNT))
        except PortBusyError:
            continue
    raise PortBusyError(
        f"no free port found from {_LOWEST} to {_LOWEST + _COUNT - 1} on 127.0.0.1: end some "
        "processes that listen there, or give a port"
    )


def _listener(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise PortBusyError(
            f"port {port} on 127.0.0.1 cannot be used ({error.strerror}): end the process that "
            "listens there, give another port, or give none for a free one"
        ) from error
    return listener


def _number(listener: socket.socket) -> int:
    number: int = listener.getsockname()[1]
    return number
