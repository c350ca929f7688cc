"""The worked examples of docs/rules.md do what the page says."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tocsin_classifier.domain import scan
from tocsin_classifier.domain.classify import classify
from tocsin_classifier.domain.lexicon import LANGUAGES, Category, Entry, entries
from tocsin_classifier.domain.rules_check import read_entries, silent_examples
from unit.classifier.samples import article

PAGE = Path(__file__).parents[3] / "docs" / "rules.md"
BLOCKS = re.findall(r"^```toml\n(.*?)^```", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
EXAMPLES = [entry for block in BLOCKS for entry in read_entries(block, PAGE.name)[0]]
MISSED = [entry for entry in EXAMPLES if entry.category is not Category.IDIOM]


@pytest.fixture
def with_example(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Entry]:
    """The entry, added to its language as if it stood in a file."""
    added: Entry = request.param
    language = added.id[:2]
    monkeypatch.setattr(
        scan, "entries", lambda of: (*entries(of), *([added] if of == language else []))
    )
    _forget()
    yield added
    _forget()


def _forget() -> None:
    scan._first.cache_clear()
    scan._companions.cache_clear()
    scan._memory.cache_clear()


def test_every_language_has_one_that_is_valid() -> None:
    """Nothing in the page is out of date."""
    assert {entry.id[:2] for entry in EXAMPLES} == set(LANGUAGES)
    for block in BLOCKS:
        assert read_entries(block, PAGE.name)[1] == []


@pytest.mark.parametrize("entry", MISSED, ids=lambda entry: entry.id)
def test_without_the_entry_the_alert_is_missing(entry: Entry) -> None:
    """Otherwise the page would teach nothing; once the word is known, choose another."""
    assert classify(article(entry.example, entry.id[:2])) == []


@pytest.mark.parametrize("with_example", EXAMPLES, indirect=True, ids=lambda entry: entry.id)
def test_with_the_entry_it_is_read_rightly(with_example: Entry) -> None:
    """The entry fires, and the alert is there, or gone."""
    language = with_example.id[:2]
    assert list(silent_examples({language: [("page", with_example)]}, scan.fired)) == []
    found = classify(article(with_example.example, language))
    assert bool(found) == (with_example.category is not Category.IDIOM)
