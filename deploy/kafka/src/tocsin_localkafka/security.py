"""A second listener that lets nobody in unproven: TLS, SASL/SCRAM and access lists.

The broker itself, its controller and the probe use the plain listeners on 127.0.0.1, whose user
may do everything; so this is for tests of clients, not for secrets.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_MECHANISM = "SCRAM-SHA-512"
_LOGIN = "org.apache.kafka.common.security.scram.ScramLoginModule required;"
_AUTHORIZER = "org.apache.kafka.metadata.authorizer.StandardAuthorizer"


@dataclass(frozen=True)
class LocalKafkaSecurity:
    """Who may come in on the secured listener, and how the broker proves itself there."""

    keystore: Path
    """The broker's key (PKCS#8, without a password) and certificate, in PEM."""
    truststore: Path
    """Who signs the clients' certificates, in PEM; each client must show one."""
    users: Mapping[str, str]
    """Passwords by user name."""
    administrator: str
    """The user that may do everything; others may do what access lists allow."""

    def properties(self, port: int, controller_port: int, secured_port: int) -> dict[str, str]:
        """The lines of server.properties that add the secured listener."""
        listener = "listener.name.secured"
        return {
            "listeners": f"PLAINTEXT://127.0.0.1:{port},SECURED://127.0.0.1:{secured_port},"
            f"CONTROLLER://127.0.0.1:{controller_port}",
            "advertised.listeners": f"PLAINTEXT://127.0.0.1:{port},"
            f"SECURED://127.0.0.1:{secured_port}",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,SECURED:SASL_SSL,"
            "CONTROLLER:PLAINTEXT",
            "sasl.enabled.mechanisms": _MECHANISM,
            f"{listener}.{_MECHANISM.lower()}.sasl.jaas.config": _LOGIN,
            f"{listener}.ssl.keystore.type": "PEM",
            f"{listener}.ssl.keystore.location": str(self.keystore),
            f"{listener}.ssl.truststore.type": "PEM",
            f"{listener}.ssl.truststore.location": str(self.truststore),
            f"{listener}.ssl.client.auth": "required",
            "authorizer.class.name": _AUTHORIZER,
            "super.users": f"User:ANONYMOUS;User:{self.administrator}",
        }

    def format_options(self) -> list[str]:
        """Options of StorageTool that put the users into new storage."""
        return [
            option
            for name, password in self.users.items()
            for option in ("--add-scram", f"{_MECHANISM}=[name={name},password={password}]")
        ]
