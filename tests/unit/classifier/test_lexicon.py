"""The lexicons' files are complete, and errors in them say where."""

import pytest

from tocsin_classifier.domain.lexicon import LANGUAGES, Category, LexiconError, entries, parse

GOOD = """
[[entry]]
id = "en.claim.test"
category = "claim"
action = "capture"
frame = "active"
forms = ["took"]
means = "take"
"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_words_of_all_three_types(language: str) -> None:
    """A language without one of them would be deaf to it."""
    present = {entry.category for entry in entries(language)}
    assert {Category.CLAIM, Category.STANCE, Category.TOPIC, Category.ALARM} <= present
    assert {Category.ATTACK, Category.THREAT, Category.ALL_CLEAR, Category.NEGATION} <= present


def test_an_entry_is_read() -> None:
    """The example in the documentation is one."""
    (entry,) = parse(GOOD, "en/claims.toml")
    assert entry.forms == ("took",)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("action", "acton"), "acton"),
        (('"capture"', '"grab"'), "action"),
        (('action = "capture"\n', ""), "needs `action`"),
        (('forms = ["took"]', "forms = []"), "forms"),
    ],
)
def test_an_error_names_file_entry_and_field(change: tuple[str, str], message: str) -> None:
    """So that it can be mended without reading code."""
    with pytest.raises(LexiconError, match=message) as raised:
        parse(GOOD.replace(*change), "en/claims.toml")
    assert "en/claims.toml" in str(raised.value)
    assert "en.claim.test" in str(raised.value)


def test_what_is_no_toml_is_said_to_be_none() -> None:
    """With the file's name."""
    with pytest.raises(LexiconError, match=r"en/x\.toml: not TOML"):
        parse("[[entry", "en/x.toml")
