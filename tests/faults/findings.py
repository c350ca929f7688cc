"""What a comparison found: lost, duplicated, or otherwise wrong."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

ItemT = TypeVar("ItemT", bound=Hashable)

_SHOWN = 15


@dataclass
class Findings:
    """All differences from the right answer, each in words."""

    lost: list[str] = field(default_factory=list)
    duplicated: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    """What was compared."""

    @property
    def clean(self) -> bool:
        """Whether nothing was found."""
        return not (self.lost or self.duplicated or self.wrong)

    def compare(
        self,
        what: str,
        expected: Iterable[ItemT],
        found: Iterable[ItemT],
        *,
        repeats_allowed: Callable[[ItemT], bool] = lambda _: False,
    ) -> None:
        """Compare what must be there with what is.

        Args:
            what: what is compared, for the words.
            expected: each once.
            found: in any order.
            repeats_allowed: which items may be there more than once.

        """
        wanted, there = set(expected), Counter(found)
        self.lost += [f"{what} missing: {_short(one)}" for one in wanted - there.keys()]
        self.wrong += [f"{what} unexpected: {_short(one)}" for one in there.keys() - wanted]
        self.duplicated += [
            f"{what} {count} times: {_short(one)}"
            for one, count in there.items()
            if count > 1 and not repeats_allowed(one)
        ]

    def lines(self) -> list[str]:
        """The first of each, and their numbers as last lines."""
        shown = []
        for name, items in (
            ("lost", self.lost), ("duplicated", self.duplicated), ("wrong", self.wrong),
        ):  # fmt: skip
            shown += [f"  {name}: {item}" for item in items[:_SHOWN]]
            if len(items) > _SHOWN:
                shown.append(f"  {name}: and {len(items) - _SHOWN} more")
        return [
            *shown,
            f"wrong: {len(self.wrong)}",
            f"lost: {len(self.lost)}",
            f"duplicated: {len(self.duplicated)}",
        ]


def _short(item: object) -> str:
    text = str(item)
    return text if len(text) <= 300 else f"{text[:300]}…"
