"""Whether a warning holds now, is called off, or is told of hours that are over."""

from tocsin_classifier.domain.calendar_words import clock_told
from tocsin_classifier.domain.lexicon import Category
from tocsin_classifier.domain.scan import Hit, Passage
from tocsin_schemas.vocabulary import Phase

OVER = frozenset({"last_night", "yesterday"})
"""Periods that are over when an article tells of them."""

LONG = "long"
"""The period of months and years, of which statistics are told."""

DRILL = "drill"
"""The period of tests of the sirens and of what is only planned."""

SHORT_LINE = 16
"""Words: an alarm in a line up to this length, with nothing of the past in it, is on."""


def phase(passage: Passage, trigger: Hit) -> Phase:
    """When what the trigger tells holds, as far as the sentence says; in doubt it is over."""
    told = trigger.entry.phase if trigger.entry else None
    if told is Phase.ENDED:
        return told
    now = _is_now(passage)
    if told is Phase.ACTIVE:
        return Phase.REPORTED if _is_over(passage) and not now else Phase.ACTIVE
    if trigger.category in (Category.THREAT, Category.SHELTER):
        return Phase.REPORTED if is_past(passage) else Phase.ACTIVE
    if now and not _is_over(passage) and not passage.of(Category.PAST):
        return Phase.ACTIVE
    told_now = trigger.category is Category.ALARM or bool(passage.of(Category.SHELTER))
    told_now = told_now and not _is_account(passage)
    if told_now and _is_line(passage, trigger) and not is_past(passage):
        return Phase.ACTIVE
    return Phase.REPORTED


def is_past(passage: Passage) -> bool:
    """Whether the sentence has a word of the past or of a time that is over."""
    return bool(passage.of(Category.PAST)) or any(_periods(passage))


def is_statistics(passage: Passage) -> bool:
    """Whether it tells of months or years, and of no single night or day."""
    periods = _periods(passage)
    return LONG in periods and not any(period != LONG for period in periods)


def is_drill(passage: Passage) -> bool:
    """Whether it tells of an exercise, a test of the sirens or a day to come."""
    return DRILL in _periods(passage)


def is_short(passage: Passage) -> bool:
    """Whether the sentence is as short as a line of a siren channel."""
    sentence = passage.sentence
    return sentence.words_between(sentence.start, sentence.end) <= SHORT_LINE


def _is_line(passage: Passage, trigger: Hit) -> bool:
    """Whether the sentence is short up to its areas: ", the governor said" and "because" aside."""
    said = passage.after(trigger.end, Category.SAYS)
    end = said[0].start if said else passage.sentence.end
    behind = any(p.start > trigger.end for p in passage.places())
    if trigger.category is Category.ALARM and not behind:
        end = min(end, trigger.end)
    return passage.sentence.words_between(passage.sentence.start, end) <= SHORT_LINE


def _is_account(passage: Passage) -> bool:
    """Whether it tells an attack with its clock times: "announced at 09:08, and then they hit"."""
    return clock_told(passage.sentence.text) is not None and bool(passage.of(Category.ATTACK))


def _is_now(passage: Passage) -> bool:
    return bool(passage.of(Category.NOW))


def _is_over(passage: Passage) -> bool:
    return bool(OVER.intersection(_periods(passage)))


def _periods(passage: Passage) -> list[str]:
    return [h.entry.period for h in passage.of(Category.TIME) if h.entry and h.entry.period]
