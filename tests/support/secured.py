"""A broker that lets nobody in unproven, with a principal and a certificate for each of us."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import trustme
from cryptography.hazmat.primitives import serialization

from tocsin_localkafka import LocalKafka, LocalKafkaSecurity, LocalKafkaSettings
from tocsin_runtime.settings import KafkaSettings, load_settings

ADMINISTRATOR = "administrator"
PREFIX = "guarded."


@dataclass(frozen=True)
class Secured:
    """The broker, and the way in for each user."""

    bootstrap: str
    folder: Path
    passwords: Mapping[str, str]

    def environment(self, user: str) -> dict[str, str]:
        """What a service or command of ours is told to come in as that user."""
        return {
            "TOCSIN_KAFKA_BOOTSTRAP": self.bootstrap,
            "TOCSIN_TOPIC_PREFIX": PREFIX,
            "TOCSIN_KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
            "TOCSIN_KAFKA_SASL_USERNAME": user,
            "TOCSIN_KAFKA_SASL_PASSWORD_FILE": str(self.folder / f"{user}.password"),
            "TOCSIN_KAFKA_SSL_CA_FILE": str(self.folder / "ca.pem"),
            "TOCSIN_KAFKA_SSL_CERT_FILE": str(self.folder / "client.pem"),
            "TOCSIN_KAFKA_SSL_KEY_FILE": str(self.folder / "client.key"),
        }

    def settings(self, user: str) -> KafkaSettings:
        """The same for a client in the test itself."""
        values = {
            name.removeprefix("TOCSIN_").lower(): value
            for name, value in self.environment(user).items()
        }
        return load_settings(KafkaSettings, **values)


@contextmanager
def running_secured_broker(folder: Path, users: tuple[str, ...]) -> Iterator[Secured]:
    """A broker with TLS on both sides, SCRAM, and nothing allowed to anybody but one."""
    passwords = {user: secrets.token_urlsafe(16) for user in (ADMINISTRATOR, *users)}
    for user, password in passwords.items():
        (folder / f"{user}.password").write_text(password + "\n", "utf-8")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    client = authority.issue_cert("client.invalid")
    client.private_key_pem.write_to_path(folder / "client.key")
    client.cert_chain_pems[0].write_to_path(folder / "client.pem")
    keystore = folder / "broker.pem"
    keystore.write_bytes(_keystore(authority.issue_cert("127.0.0.1")))
    security = LocalKafkaSecurity(keystore, folder / "ca.pem", passwords, ADMINISTRATOR)
    with LocalKafka(LocalKafkaSettings(security=security)) as broker:
        yield Secured(broker.bootstrap, folder, passwords)


def _keystore(certificate: trustme.LeafCert) -> bytes:
    """Kafka wants the key as PKCS#8, which trustme does not write."""
    key = serialization.load_pem_private_key(certificate.private_key_pem.bytes(), None)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return pem + certificate.cert_chain_pems[0].bytes()
