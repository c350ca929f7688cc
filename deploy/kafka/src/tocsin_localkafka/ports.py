"""Ports on 127.0.0.1 for the two listeners of a broker."""

import socket

from tocsin_localkafka.errors import PortBusyError


def choose_ports(port: int | None) -> tuple[int, int]:
    """A port for the clients and one for the controller; `port` fixes the first.

    Raises:
        PortBusyError: somebody listens on `port`.

    """
    with _listener(port or 0) as clients, _listener(0) as controller:
        return _number(clients), _number(controller)


def require_free(port: int) -> None:
    """Check that nobody listens on a port.

    Raises:
        PortBusyError: somebody does.

    """
    _listener(port).close()


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
