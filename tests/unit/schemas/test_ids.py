"""Ids: the same thing always has the same id, two things never share one."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from tocsin_schemas import ids
from tocsin_schemas.place import Place
from tocsin_schemas.slots import WarningSlots
from tocsin_schemas.vocabulary import AlertType, EvidenceField, Level, Phase, Threat

uuids = st.uuids()
names = st.text(max_size=30)
ARTICLE = UUID("6f1c1f4e-6a0b-5c57-9f0e-3f0b7c3d2a18")
SPAN = (EvidenceField.TEXT, 10, 20)
DRONES = WarningSlots(phase=Phase.REPORTED, threats=(Threat.DRONE,))


def test_ids_stay_as_they_are_over_releases() -> None:
    """Written down once: a change would make every known article and alert new."""
    assert ids.article_id_from_url("https://news.example/a") == UUID(
        "82744ad9-fbb1-5a51-bdf5-2636d0162a56"
    )
    assert ids.statement_id(ARTICLE, 1, DRONES, SPAN) == UUID(
        "b7658bdd-7d1f-5661-a2aa-1728509c9143"
    )
    assert ids.alert_id(ARTICLE, 1) == UUID("c0699a71-3d1f-5736-9bf1-9574cf9ff783")


@given(names, names, names, names)
def test_two_sources_or_names_never_share_an_article_id(a: str, b: str, c: str, d: str) -> None:
    """Not even when the parts joined would read the same."""
    same = ids.article_id_from_source(a, b) == ids.article_id_from_source(c, d)
    assert same == ((a, b) == (c, d))


@given(names, names)
def test_an_article_id_tells_what_it_was_made_of(source: str, text: str) -> None:
    made = {
        ids.article_id_from_url(text),
        ids.article_id_from_source(source, text),
        ids.article_id_from_text(source, text),
    }
    assert len(made) == 3
    assert all(each.version == 5 for each in made)


@given(uuids, st.integers(1, 10**6), uuids, st.integers(1, 10**6))
def test_every_revision_of_every_event_has_its_own_alert_id(
    event: UUID, revision: int, other: UUID, later: int
) -> None:
    same = ids.alert_id(event, revision) == ids.alert_id(other, later)
    assert same == ((event, revision) == (other, later))


@given(names, st.sampled_from(AlertType), uuids)
def test_an_event_id_is_repeatable_and_depends_on_each_part(
    scope: str, alert_type: AlertType, first: UUID
) -> None:
    event = ids.event_id(scope, alert_type, first)
    assert event == ids.event_id(scope, alert_type, first)
    others = [ids.event_id(scope, other, first) for other in AlertType if other != alert_type]
    assert event not in {*others, ids.event_id(scope + "x", alert_type, first)}


@given(names, uuids, names)
def test_a_delivery_keeps_its_id_for_one_subscription(one: str, alert: UUID, two: str) -> None:
    assert (ids.webhook_id(one, alert) == ids.webhook_id(two, alert)) == (one == two)


def test_a_statement_id_depends_on_revision_span_and_slots() -> None:
    made = [
        ids.statement_id(ARTICLE, 1, DRONES, SPAN),
        ids.statement_id(ARTICLE, 2, DRONES, SPAN),
        ids.statement_id(ARTICLE, 1, DRONES, (EvidenceField.TITLE, 10, 20)),
        ids.statement_id(ARTICLE, 1, DRONES, (EvidenceField.TEXT, 10, 21)),
        ids.statement_id(ARTICLE, 1, WarningSlots(phase=Phase.REPORTED), SPAN),
    ]
    assert len(set(made)) == len(made)
    assert ids.statement_id(ARTICLE, 1, DRONES.model_copy(), SPAN) == made[0]


def test_a_detection_id_depends_on_the_place_not_on_its_spelling_or_coordinates() -> None:
    sumy = Place(name="Сумщина", canonical_name="Sumy Oblast", code="UA-59", level=Level.REGION)
    again = sumy.model_copy(update={"name": "Soumy", "latitude": 50.9, "longitude": 34.8})
    poltava = sumy.model_copy(update={"canonical_name": "Poltava Oblast", "code": "UA-53"})
    assert ids.detection_id(ARTICLE, sumy) == ids.detection_id(ARTICLE, again)
    made = {ids.detection_id(ARTICLE, place) for place in (sumy, poltava, None)}
    assert len(made) == 3
