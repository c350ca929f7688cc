"""When a change is an update: the rules in `data/update_rules.toml` over the facts told."""

import tomllib
from importlib import resources
from typing import Any, Literal

from tocsin_notifier.domain.records import Facts
from tocsin_notifier.domain.severity import CERTAINTY_ORDER
from tocsin_notifier.domain.windows import WINDOWS
from tocsin_schemas.contract import Contract
from tocsin_schemas.vocabulary import ChangeReason, Phase


class UpdateRule(Contract):
    """One rule: which change of which fact is an update, and the reason that it is given."""

    fact: Literal[
        "phase",
        "ended_areas",
        "threats",
        "assertion",
        "rivals",
        "area_km2",
        "settlements",
        "official_match",
        "certainty",
        "expires_at",
        "stance",
        "shift",
    ]
    change: Literal["became", "gained", "changed", "grown", "raised", "moved"]
    values: tuple[str, ...] = ()
    phases: tuple[Phase, ...] | None = None
    except_phases: tuple[Phase, ...] = ()
    reason: ChangeReason
    text: str


class ReasonText(Contract):
    """What a reason means that no rule gives."""

    reason: ChangeReason
    text: str


class _Table(Contract):
    rule: tuple[UpdateRule, ...]
    reason: tuple[ReasonText, ...]


def _load() -> _Table:
    text = resources.files("tocsin_notifier").joinpath("data/update_rules.toml").read_text("utf-8")
    return _Table.model_validate(tomllib.loads(text))


_TABLE = _load()

UPDATE_RULES = _TABLE.rule
"""The rules as read, first fit first."""

REASON_TEXTS = {entry.reason: entry.text for entry in _TABLE.reason}
"""What the reasons mean that no rule gives."""


def reason_to_update(told: Facts, now: Facts) -> ChangeReason | None:
    """Why the facts are worth an update, None when they are not."""
    for rule in UPDATE_RULES:
        in_phase = rule.phases is None or now.phase in rule.phases
        if (
            in_phase
            and now.phase not in rule.except_phases
            and _fits(rule, getattr(told, rule.fact), getattr(now, rule.fact))
        ):
            return rule.reason
    return None


def is_corrected(told: Facts, now: Facts) -> bool:
    """Whether what an alert told no longer stands after a correction or a withdrawal."""
    kept = {
        "expires_at": now.expires_at,
        "rivals": now.rivals,
        "shift": now.shift,
        "articles": now.articles,
    }
    lost = set(told.articles) - set(now.articles)
    return bool(lost) or told.model_copy(update=kept) != now


def _fits(rule: UpdateRule, told: Any, now: Any) -> bool:  # noqa: ANN401 - a fact of any type
    match rule.change:
        case "became":
            return told != now and now in rule.values
        case "gained":
            return not set(now) <= set(told)
        case "changed":
            return bool(told != now)
        case "grown":
            return now is not None and (told is None or now > told)
        case "raised":
            return CERTAINTY_ORDER.index(now) > CERTAINTY_ORDER.index(told)
        case "moved":
            return bool(now - told >= WINDOWS.renew)
