"""Who acts or speaks: states, their leaders and capitals, their soldiers."""

from typing import NamedTuple

from tocsin_classifier.domain.lexicon import Category
from tocsin_classifier.domain.scan import Hit, Passage, Reading

PARTIES = (Category.ACTOR, Category.CAPITAL)
"""Categories that name a state or an organisation that can speak."""

FORCES = (Category.SIDE, Category.OWN, Category.ENEMY)
"""Categories that name soldiers of a side."""

OPPONENT = {"UA": "RU", "RU": "UA"}
"""The two sides of the war."""

ENGLISH = {
    "UA": "Ukraine", "RU": "Russia", "US": "United States", "FR": "France", "DE": "Germany",
    "GB": "United Kingdom", "TR": "Turkey", "CN": "China", "BY": "Belarus", "HU": "Hungary",
    "UN": "United Nations", "EU": "European Union", "NATO": "NATO", "VA": "Vatican",
}  # fmt: skip
"""English names of those who speak most."""


HABIT = {"uk": "UA", "en": "UA", "fr": "UA", "de": "UA", "ru": "RU"}
"""Whose "our troops" and "the enemy" are in a text that tells nothing else, by its language."""


class Party(NamedTuple):
    """A state, organisation or person named in a sentence."""

    code: str
    start: int
    end: int
    name: str
    office: str | None = None
    person: bool = False


def party(hit: Hit) -> Party | None:
    """The party that a hit names, None for hits that name none."""
    entry = hit.entry
    if entry is None or entry.code is None:
        return None
    name = entry.name or ENGLISH.get(entry.code, entry.means)
    return Party(entry.code, hit.start, hit.end, name, entry.office, entry.name is not None)


def parties(passage: Passage) -> list[Party]:
    """The states, organisations and persons named in a sentence, in order."""
    known: list[Party] | None = passage.memory.get("parties")
    if known is None:
        known = [found for hit in passage.of(*PARTIES) if (found := party(hit))]
        passage.memory["parties"] = known
    return known[:]


def narrator(reading: Reading) -> str | None:
    """The side of the war on which an article's own words stand, None when they stand on none.

    Told by words that only one side uses ("occupiers", "our defenders"); a Ukrainian text without
    any stands on Ukraine's.
    """
    if reading.narrator_known is None:
        votes = {"UA": 0, "RU": 0}
        for passage in reading.passages:
            if not passage.may_hold(Category.NARRATOR):
                continue
            for hit in passage.of(Category.NARRATOR):
                if hit.entry and hit.entry.code in votes:
                    votes[hit.entry.code] += 1
        default = "UA" if reading.article.language == "uk" else ""
        ahead = max(votes, key=lambda code: votes[code])
        leads = votes[ahead] > votes[OPPONENT[ahead]]
        reading.narrator_known = ahead if leads else default
    return reading.narrator_known or None
