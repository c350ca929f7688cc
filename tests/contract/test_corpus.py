"""The labelled corpus is sound: quotes stand where they say, and codes and words are valid."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Any

import pycountry
import pytest

from tocsin_schemas.vocabulary import Action, Phase, StanceTopic, StanceValue, Threat

CORPUS = Path(__file__).parents[1] / "corpus"
FILES = sorted(CORPUS.glob("*.jsonl"))
MANY = {"sentences.fr.jsonl", "sentences.de.jsonl"}
"""Files that make up for what whole documents of the language have too little of."""
SUBDIVISIONS = {subdivision.code for subdivision in pycountry.subdivisions}
ORGANISATIONS = {"UN", "EU", "NATO", "OSCE", "African Union"}
FIELDS = {"id", "lang", "published_at", "text", "alerts", "unsure", "note"}
WORDS: dict[str, type[StrEnum]] = {
    "action": Action,
    "stance": StanceValue,
    "topic": StanceTopic,
    "status": Phase,
    "threat": Threat,
}
SLOTS = {
    "territorial_claim": {
        "claimant",
        "loser",
        "action",
        "places",
        "regions",
        "area_km2",
        "settlements",
    },
    "negotiation_stance": {"actor", "stance", "topic", "counterpart"},
    "air_raid_warning": {"regions", "status", "threat"},
}
SPAN = {"type", "quote", "start", "end"}

pytestmark = pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)


def read(path: Path) -> list[dict[str, Any]]:
    """The documents of one file, in order."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def is_region(code: str) -> bool:
    """Whether the code is an ISO 3166-2 subdivision of Ukraine or Russia, or the whole country."""
    return code == "UA" or (code[:3] in ("UA-", "RU-") and code in SUBDIVISIONS)


def is_party(code: str | None) -> bool:
    """Whether the code is a country, a known organisation, or not said."""
    return (
        code is None or code in ORGANISATIONS or (pycountry.countries.get(alpha_2=code) is not None)
    )


def test_every_quote_stands_at_its_offsets(path: Path) -> None:
    """A label's quote is the text between its offsets, counted in code points, and short."""
    for document in read(path):
        for label in document["alerts"] + document["unsure"]:
            found = document["text"][label["start"] : label["end"]]
            assert found == label["quote"], document["id"]
            assert 0 < len(found) <= 300, document["id"]


def test_every_label_has_its_slots_filled_from_the_vocabulary(path: Path) -> None:
    """Each type of alert has exactly its own slots, with the guide's words and real codes."""
    for document in read(path):
        assert set(document) <= FIELDS, document["id"]
        for label in document["alerts"]:
            assert set(label) == SPAN | SLOTS[label["type"]], document["id"]
            for slot in WORDS.keys() & label.keys():
                assert WORDS[slot](label[slot]), document["id"]
            assert all(map(is_region, label.get("regions", []))), document["id"]
            parties = (label.get(slot) for slot in ("claimant", "loser", "actor", "counterpart"))
            assert all(map(is_party, parties)), document["id"]
            assert label["type"] != "air_raid_warning" or label["regions"], document["id"]
        for label in document["unsure"]:
            assert set(label) == SPAN | {"why"}, document["id"]
            assert label["type"] in SLOTS, document["id"]


def test_ids_and_texts_are_unique_and_of_one_language(path: Path) -> None:
    """No text or id stands twice in a file, and the language is the file's."""
    documents = read(path)
    assert len({document["id"] for document in documents}) == len(documents)
    assert len({document["text"] for document in documents}) == len(documents)
    assert {document["lang"] for document in documents} == {path.stem.split(".")[-1]}


def test_the_corpus_is_large_and_a_third_of_it_has_nothing_to_alert_on(path: Path) -> None:
    """At least 40 texts a file, 150 sentences in French and German; a third of each are traps."""
    documents = read(path)
    assert len(documents) >= (150 if path.name in MANY else 40)
    without = [document for document in documents if not document["alerts"]]
    assert 3 * len(without) >= len(documents)
