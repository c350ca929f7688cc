"""The real broker with two ways in: one for the harness, one for the services through the proxy."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from faults.proxy import Proxy
from tocsin_cli.stack import free_port
from tocsin_localkafka import LocalKafka, LocalKafkaSettings


@dataclass(frozen=True)
class ProxiedBroker:
    """A broker, and the proxy that its advertised listener points to."""

    kafka: LocalKafka
    proxy: Proxy

    @property
    def direct(self) -> str:
        """The harness's own way in, which no fault but the broker's own touches."""
        return self.kafka.bootstrap

    @property
    def proxied(self) -> str:
        """The services' way in."""
        return f"127.0.0.1:{self.proxy.port}"


@contextmanager
def running_broker() -> Iterator[ProxiedBroker]:
    """A broker that serves; its proxy is not started yet."""
    direct, behind, before, controller = free_ports(4)
    names = {"PLAINTEXT": direct, "PROXIED": behind}
    advertised = {"PLAINTEXT": direct, "PROXIED": before}
    properties = {
        "listeners": _listeners({**names, "CONTROLLER": controller}),
        "advertised.listeners": _listeners(advertised),
        "controller.quorum.voters": f"1@127.0.0.1:{controller}",
        "listener.security.protocol.map": (
            "PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT,CONTROLLER:PLAINTEXT"
        ),
    }
    with LocalKafka(LocalKafkaSettings(port=direct, extra_properties=properties)) as kafka:
        yield ProxiedBroker(kafka, Proxy(before, behind))


def _listeners(ports: dict[str, int]) -> str:
    return ",".join(f"{name}://127.0.0.1:{port}" for name, port in ports.items())


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on and that no outgoing connection is given."""
    found: list[int] = []
    while len(found) < count:
        port = free_port(None)
        if port not in found:
            found.append(port)
    return found
