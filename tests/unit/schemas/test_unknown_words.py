"""A later release's word does not make an alert unreadable, unless danger hangs on it."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from contract.examples import EXAMPLES, example
from tocsin_schemas.alerts import read_alert
from tocsin_schemas.filter import AlertFilter
from tocsin_schemas.unknown_words import OPEN_VOCABULARIES, is_known, unknown_word
from tocsin_schemas.vocabulary import ChangeReason, Threat


def warning(**changes: Any) -> dict[str, Any]:
    return example(EXAMPLES / "air-raid-warning" / "new.json") | changes


def test_a_new_word_of_an_open_vocabulary_is_kept_as_it_is() -> None:
    """Also in lists and deep inside, several at once, and it is written again as it was read."""
    value = warning(
        change_reason="rumour_confirmed", threat="balloon", threats=["balloon", "drone"]
    )
    value["places"][0]["level"] = "hromada"
    value["evidence"][0]["role"] = "echo"
    value["a_later_field"] = 1
    alert = read_alert(json.dumps(value))
    assert alert.change_reason == "rumour_confirmed"
    assert not is_known(alert.change_reason)
    del value["a_later_field"]
    assert json.loads(alert.to_json()) == value
    assert AlertFilter(regions=("UA-59",)).matches(alert)


@pytest.mark.parametrize(
    ("field", "word"),
    [("status", "paused"), ("phase", "perhaps"), ("mode", "real"), ("severity", "Huge"),
     ("extent", "most"), ("alert_type", "earthquake"), ("instruction", "run")],
)  # fmt: skip
def test_an_alert_whose_standing_cannot_be_told_is_refused(field: str, word: str) -> None:
    with pytest.raises(ValidationError, match=word):
        read_alert(json.dumps(warning(**{field: word})))


def test_a_new_word_does_not_excuse_another_error() -> None:
    for wrong in ({"sent_at": "yesterday"}, {"phase": "perhaps"}):
        with pytest.raises(ValidationError):
            read_alert(json.dumps(warning(change_reason="rumour_confirmed", **wrong)))
    with pytest.raises(ValidationError):
        read_alert(json.dumps(warning(change_reason=7)))


def test_an_unknown_word_is_its_text_and_no_member() -> None:
    word = unknown_word(Threat, "balloon")
    assert (word, str(word), f"{word}") == ("balloon", "balloon", "balloon")
    assert word not in list(Threat)
    assert isinstance(word, Threat)
    assert is_known(Threat.DRONE)


def test_no_two_open_vocabularies_have_the_same_words() -> None:
    """Else an error could not tell which of them it means."""
    assert len({tuple(one) for one in OPEN_VOCABULARIES}) == len(OPEN_VOCABULARIES)
    assert ChangeReason in OPEN_VOCABULARIES
