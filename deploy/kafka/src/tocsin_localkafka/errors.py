"""What can go wrong with the local broker, each with what to do next."""


class LocalKafkaError(RuntimeError):
    """Base of all errors of this package; the message says what to do next."""


class InvalidSettingError(LocalKafkaError, ValueError):
    """A setting has a value that the broker cannot use."""


class FetchError(LocalKafkaError):
    """An artefact could not be fetched."""


class DigestMismatchError(LocalKafkaError):
    """A file differs from its pinned digest; the broker is not started with it."""


class JavaMissingError(LocalKafkaError):
    """No Java runtime was found."""


class DiskFullError(LocalKafkaError):
    """A folder has too little free space."""


class PortBusyError(LocalKafkaError):
    """Another process listens on the port that was asked for."""


class BrokerDiedError(LocalKafkaError):
    """The broker process ended although it was not asked to."""


class BrokerNotReadyError(LocalKafkaError):
    """The broker did not answer before the deadline."""
