"""How every Kafka client of ours reaches the broker: addresses, TLS and SASL, in one place."""

import ssl
from typing import Any

from aiokafka.conn import create_conn
from aiokafka.errors import KafkaError

from tocsin_runtime.errors import SettingsError
from tocsin_runtime.settings import KafkaSettings

_TRY_MS = 5_000


def connection_options(settings: KafkaSettings) -> dict[str, Any]:
    """Addresses and security in aiokafka's names, for a client of any kind.

    Raises:
        SettingsError: a file of a certificate or of the password cannot be used.

    """
    return {"bootstrap_servers": settings.kafka_bootstrap, **security_options(settings)}


def security_options(settings: KafkaSettings) -> dict[str, Any]:
    """The part of `connection_options` that is about security.

    Files are read anew for each client, so that a renewed one is taken by the next connection.

    Raises:
        SettingsError: a file of a certificate or of the password cannot be used.

    """
    options: dict[str, Any] = {"security_protocol": settings.kafka_security_protocol}
    if settings.uses_tls:
        options["ssl_context"] = ssl_context(settings)
    if settings.uses_sasl:
        options |= {
            "sasl_mechanism": settings.kafka_sasl_mechanism,
            "sasl_plain_username": settings.kafka_sasl_username,
            "sasl_plain_password": settings.sasl_password(),
        }
    return options


def ssl_context(settings: KafkaSettings) -> ssl.SSLContext:
    """What proves the broker to us and, where set, us to the broker; host names are checked.

    Raises:
        SettingsError: names the setting whose file cannot be used.

    """
    ca, certificate = settings.kafka_ssl_ca_file, settings.kafka_ssl_cert_file
    try:
        context = ssl.create_default_context(cafile=ca)
    except OSError as error:
        raise SettingsError(
            f"TOCSIN_KAFKA_SSL_CA_FILE: {ca} cannot be used ({error}); give a file of "
            "certificates in PEM, or unset it for the system's"
        ) from None
    if certificate is not None:
        key = settings.kafka_ssl_key_file
        try:
            context.load_cert_chain(certificate, key)
        except OSError as error:
            raise SettingsError(
                f"TOCSIN_KAFKA_SSL_CERT_FILE, TOCSIN_KAFKA_SSL_KEY_FILE: {certificate} and {key} "
                f"cannot be used ({error}); give a certificate and its key, without a password, "
                "in PEM"
            ) from None
    return context


async def explain_refusal(settings: KafkaSettings) -> str:
    """Try the first address and tell why it lets us not in; empty when it does.

    aiokafka's clients only say that no address could be reached, also of a wrong password.
    """
    host, _, port = settings.kafka_bootstrap.split(",")[0].rpartition(":")
    try:
        connection = await create_conn(
            host, int(port), request_timeout_ms=_TRY_MS, **security_options(settings)
        )
    except (KafkaError, OSError) as error:
        who = f" as {settings.kafka_sasl_username}" if settings.uses_sasl else ""
        return f"{settings.kafka_security_protocol}{who}: {error or type(error).__name__}"
    connection.close()
    return ""
