"""A real Apache Kafka broker from two Python packages: no Java, Maven or Docker on the machine."""

from tocsin_localkafka.broker import LocalKafka
from tocsin_localkafka.errors import (
    BrokerDiedError,
    BrokerNotReadyError,
    DigestMismatchError,
    DiskFullError,
    FetchError,
    InvalidSettingError,
    JavaMissingError,
    LocalKafkaError,
    PortBusyError,
)
from tocsin_localkafka.security import LocalKafkaSecurity
from tocsin_localkafka.settings import LocalKafkaSettings

__all__ = [
    "BrokerDiedError",
    "BrokerNotReadyError",
    "DigestMismatchError",
    "DiskFullError",
    "FetchError",
    "InvalidSettingError",
    "JavaMissingError",
    "LocalKafka",
    "LocalKafkaError",
    "LocalKafkaSecurity",
    "LocalKafkaSettings",
    "PortBusyError",
]
