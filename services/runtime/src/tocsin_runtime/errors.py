"""The errors of the services.

TocsinError
├── SettingsError            a setting is missing or wrong; the message lists all of them
├── StartError               a port is taken, topics do not fit; nothing was processed
└── FatalError               go on is impossible: the process ends without acknowledging
    ├── DuplicateInstanceError   two members use one instance id
    ├── StuckError               records wait and nothing moves
    └── FailureBudgetError       our own code fails too often: a bad release
"""


class TocsinError(Exception):
    """Any error that ends a command or a service with a message for its operator."""


class SettingsError(TocsinError):
    """A setting is missing or wrong."""


class StartError(TocsinError):
    """A service cannot start."""


class FatalError(TocsinError):
    """The process must end without acknowledging; its supervisor starts it again."""


class DuplicateInstanceError(FatalError):
    """Two members of a consumer group use one instance id."""


class StuckError(FatalError):
    """Records wait and nothing moves: only a restart helps."""


class FailureBudgetError(FatalError):
    """Our own code fails too often to go on: a bad release must not drain the stream."""
