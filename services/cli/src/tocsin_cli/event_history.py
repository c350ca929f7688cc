"""The revisions of an event: why each was sent and what changed against the one before."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tocsin_notifier.domain.updates import REASON_TEXTS, UPDATE_RULES, UpdateRule
from tocsin_schemas.evidence import Evidence
from tocsin_schemas.filter import AnyAlert
from tocsin_schemas.vocabulary import ChangeReason

_FIELD_OF = {"rivals": "counter_claims"}
"""Facts of the rules that the alert calls otherwise."""

_NOT_COMPARED = frozenset(
    {
        "alert_id", "event_id", "revision", "status", "references", "change_reason", "schema",
        "alert_type", "sent_at", "late", "life_safety", "mode", "evidence", "statement_ids",
        "headline", "sources", "voices",
    }
)  # fmt: skip
"""Fields that change with every revision, and those that are shown in another way."""


@dataclass(frozen=True, slots=True)
class Change:
    """A field that differs between two revisions."""

    field: str
    before: Any
    now: Any


@dataclass(frozen=True, slots=True)
class Step:
    """One revision of an event against the one before."""

    alert: AnyAlert
    why: tuple[str, ...]
    """What the reason means: the texts of the update rules that fit the change."""
    changes: tuple[Change, ...]
    """None for the first revision."""
    evidence_added: tuple[Evidence, ...]
    evidence_gone: tuple[Evidence, ...]

    def to_row(self) -> dict[str, Any]:
        """It as one JSON object."""
        alert = self.alert.model_dump(mode="json", by_alias=True)
        return {
            **{name: alert[name] for name in ("event_id", "alert_id", "revision", "status")},
            **{name: alert[name] for name in ("sent_at", "headline", "change_reason")},
            "why": list(self.why),
            "changes": {one.field: [one.before, one.now] for one in self.changes},
            "evidence_added": [one.model_dump(mode="json") for one in self.evidence_added],
            "evidence_gone": [one.model_dump(mode="json") for one in self.evidence_gone],
            "sources": alert["sources"],
            "corroboration": alert["corroboration"],
        }


def steps_of(alerts: Sequence[AnyAlert]) -> list[Step]:
    """The alerts of one event as steps, the first revision first; a repeated one counts once."""
    revisions = {alert.revision: alert for alert in alerts}
    steps: list[Step] = []
    former: AnyAlert | None = None
    for _, alert in sorted(revisions.items()):
        changes = () if former is None else _compare(former, alert)
        known = former.evidence if former else ()
        steps.append(
            Step(
                alert,
                explain(alert.change_reason, changes),
                changes,
                tuple(piece for piece in alert.evidence if piece not in known),
                tuple(piece for piece in known if piece not in alert.evidence),
            )
        )
        former = alert
    return steps


def explain(reason: ChangeReason, changes: Sequence[Change]) -> tuple[str, ...]:
    """What a reason means: the texts of its rules whose fact changed, else of all its rules."""
    rules = [rule for rule in UPDATE_RULES if rule.reason is reason]
    fields = {one.field for one in changes}
    fitting = [rule for rule in rules if _field_of(rule) in fields] or rules
    texts = [rule.text for rule in fitting] or [REASON_TEXTS[reason]]
    return tuple(dict.fromkeys(texts))


def _field_of(rule: UpdateRule) -> str:
    return _FIELD_OF.get(rule.fact, rule.fact)


def _compare(former: AnyAlert, alert: AnyAlert) -> tuple[Change, ...]:
    before, now = (one.model_dump(mode="json", by_alias=True) for one in (former, alert))
    names = [name for name in now if name not in _NOT_COMPARED]
    return tuple(
        Change(name, before.get(name), now[name]) for name in names if before.get(name) != now[name]
    )
