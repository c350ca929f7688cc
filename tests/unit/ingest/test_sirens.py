"""Official alarms: what changed between two answers, and its words."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from tocsin_ingest.domain.sirens import Active, Change, Siren, compare, is_doubtful, tell

WITHOUT_ZONE = (
    b'{"alerts": [{"id": 1, "location_title": "x", "alert_type": "air_raid",'
    b' "started_at": "2024-08-20T12:00:00"}]}'
)
AT = datetime(2024, 8, 20, 21, 5, tzinfo=UTC)


def siren(number: int, title: str = "Сумська область", oblast: str | None = None) -> Siren:
    return Siren(
        id=number,
        location_title=title,
        location_oblast=oblast,
        alert_type="air_raid",
        started_at=AT,
    )


def on(*numbers: int) -> dict[int, Siren]:
    return {number: siren(number) for number in numbers}


def test_what_went_is_told_before_what_came() -> None:
    """An area that is alarmed anew was called off first."""
    told = [(change, s.id) for change, s in compare(on(1, 2), on(2, 3))]
    assert told == [(Change.CALLED_OFF, 1), (Change.RAISED, 3)]
    assert compare(on(1), on(1)) == []


def test_all_alarms_at_once_are_not_called_off_at_the_first_word() -> None:
    """An empty answer may be an outage; a few alarms do end together."""
    assert is_doubtful(on(1, 2, 3), {})
    assert is_doubtful(on(1, 2, 3), on(4))
    assert not is_doubtful(on(1, 2, 3), on(3))
    assert not is_doubtful(on(1, 2), {})


def test_the_words_are_those_of_the_official_channel() -> None:
    """With the clock of Kyiv, and the oblast where the area is a part of one."""
    assert tell(Change.RAISED, siren(1), AT) == "🔴 00:05 Повітряна тривога: Сумська область."
    raion = siren(2, "Охтирський район", "Сумська область")
    assert tell(Change.CALLED_OFF, raion, AT) == (
        "🟢 00:05 Відбій повітряної тривоги: Охтирський район, Сумська область."
    )


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", b'{"alerts": null}', b'{"alerts": [{"id": 1}]}', b'{"alerts": [7]}',
     WITHOUT_ZONE],
)  # fmt: skip
def test_an_answer_of_another_shape_is_no_answer(body: bytes) -> None:
    """Else everything would be called off; a time without a zone is none either."""
    with pytest.raises(ValidationError):
        Active.model_validate_json(body)
