"""Alive and ready, with the reasons: the state behind `/healthz` and `/readyz`."""

from dataclasses import dataclass, field


@dataclass
class Health:
    """What a service knows of itself.

    Ready means that every named condition holds: broker reachable, group joined, state restored
    for whatever is assigned. A condition that was never reported does not hold.
    """

    conditions: tuple[str, ...]
    """Names of the conditions, such as `broker` or `group`."""
    _missing: dict[str, str] = field(init=False)
    _stuck: str | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._missing = dict.fromkeys(self.conditions, "not yet")

    def satisfy(self, condition: str) -> None:
        """Report that a condition holds.

        Raises:
            KeyError: the condition was not named at the start.

        """
        self._check(condition)
        self._missing.pop(condition, None)

    def break_off(self, condition: str, reason: str) -> None:
        """Report that a condition holds no more, and why.

        Raises:
            KeyError: the condition was not named at the start.

        """
        self._check(condition)
        self._missing[condition] = reason

    def declare_stuck(self, reason: str) -> None:
        """Report that the process can only be helped by a restart."""
        self._stuck = reason

    @property
    def alive(self) -> bool:
        """False only when the process must be restarted."""
        return self._stuck is None

    @property
    def ready(self) -> bool:
        """Whether every condition holds."""
        return self.alive and not self._missing

    def report(self) -> dict[str, str]:
        """Each condition with `ok` or the reason why it does not hold."""
        report = {name: self._missing.get(name, "ok") for name in self.conditions}
        return report if self._stuck is None else {**report, "stuck": self._stuck}

    def _check(self, condition: str) -> None:
        if condition not in self.conditions:
            raise KeyError(f"no such condition: {condition}; known: {', '.join(self.conditions)}")
