"""The committed examples: valid for readers, equal to what the models write, with ids that fit."""

import json
from pathlib import Path
from uuid import UUID

import pytest
from pydantic import ValidationError

from contract.examples import ALERT_PATHS, ALERTS, EXAMPLES, PATHS, errors, example, name_of
from tocsin_schemas import ids
from tocsin_schemas.alerts import read_alert
from tocsin_schemas.article import Article
from tocsin_schemas.detection import Detection
from tocsin_schemas.published import MODELS, schema_names
from tocsin_schemas.statement import Statement


def test_every_schema_has_an_example() -> None:
    assert {path.parent.name for path in PATHS} == set(schema_names())


@pytest.mark.parametrize("name", ALERTS)
def test_an_alert_type_shows_its_whole_life(name: str) -> None:
    """Only a warning can end: an all-clear is nothing that claims and stances have."""
    life = {"new", "updated", "retracted"} | ({"ended"} if name == "air-raid-warning" else set())
    assert {path.stem for path in (EXAMPLES / name).iterdir()} == life
    for path in (EXAMPLES / name).iterdir():
        assert example(path)["status"] == path.stem


@pytest.mark.parametrize("path", PATHS, ids=name_of)
def test_an_example_validates_and_is_what_its_model_writes(path: Path) -> None:
    value = example(path)
    assert errors(path.parent.name, value) == []
    model = MODELS[path.parent.name]
    assert json.loads(model.model_validate(value).to_json()) == value
    assert json.loads(model.read(path.read_bytes()).to_json()) == value


@pytest.mark.parametrize("path", PATHS, ids=name_of)
def test_an_added_field_is_read_but_never_written(path: Path) -> None:
    """The schema and `read` accept what a later release adds; writing it is refused."""
    value = example(path)
    added = value | {"a_later_field": {"deep": [1]}}
    assert errors(path.parent.name, added) == []
    model = MODELS[path.parent.name]
    assert model.read(json.dumps(added)) == model.model_validate(value)
    assert model.read_object(added) == model.model_validate(value)
    with pytest.raises(ValidationError, match="a_later_field"):
        model.model_validate(added)


@pytest.mark.parametrize("path", ALERT_PATHS, ids=name_of)
def test_an_added_field_deep_inside_an_alert_is_read(path: Path) -> None:
    value = example(path)
    value["evidence"][0]["a_later_field"] = 1
    assert errors(path.parent.name, value) == []
    assert read_alert(json.dumps(value)) == read_alert(path.read_bytes())


@pytest.mark.parametrize("path", ALERT_PATHS, ids=name_of)
def test_a_missing_field_is_noticed_by_the_schema(path: Path) -> None:
    value = example(path)
    del value["life_safety"]
    assert errors(path.parent.name, value) == ["$: 'life_safety' is a required property"]


@pytest.mark.parametrize(
    ("field", "value"), [("sent_at", "yesterday"), ("alert_id", "7"), ("severity", "Huge")]
)
def test_a_value_of_the_wrong_form_is_noticed_by_the_schema(field: str, value: str) -> None:
    alert = example(EXAMPLES / "air-raid-warning" / "new.json")
    assert len(errors("air-raid-warning", alert | {field: value})) == 1


@pytest.mark.parametrize("path", ALERT_PATHS, ids=name_of)
def test_the_ids_of_an_alert_follow_from_event_and_revision(path: Path) -> None:
    """The alert's own id and those it replaces, oldest first."""
    alert = read_alert(path.read_bytes())
    assert alert.alert_id == ids.alert_id(alert.event_id, alert.revision)
    earlier = range(1, alert.revision)
    assert alert.references == tuple(ids.alert_id(alert.event_id, number) for number in earlier)


@pytest.mark.parametrize("name", ALERTS)
def test_the_ids_lead_from_the_statement_to_the_new_alert(name: str) -> None:
    """Statement, detection, event and alert of the examples are one way of the data."""
    statement = Statement.read((EXAMPLES / "statement" / f"{name}.json").read_bytes())
    detection = Detection.read((EXAMPLES / "detection" / f"{name}.json").read_bytes())
    alert = read_alert((EXAMPLES / name / "new.json").read_bytes())
    assert statement.statement_id == ids.statement_id(
        statement.article_id,
        statement.revision,
        statement.slots,
        ids.first_span(statement.evidence[0]),
    )
    assert detection.detection_id == ids.detection_id(statement.statement_id, detection.place)
    assert alert.event_id == ids.event_id(
        detection.scope, detection.alert_type, detection.detection_id
    )
    assert alert.statement_ids == (statement.statement_id,)


def test_the_evidence_quotes_the_example_article() -> None:
    article = Article.read((EXAMPLES / "article" / "first.json").read_bytes())
    alert = read_alert((EXAMPLES / "air-raid-warning" / "new.json").read_bytes())
    assert article.source.url is not None
    assert article.article_id == ids.article_id_from_url(article.source.url)
    for piece in alert.evidence:
        assert piece.article_id == article.article_id
        assert article.text[piece.start : piece.end] == piece.quote


@pytest.mark.parametrize("path", ALERT_PATHS, ids=name_of)
def test_no_id_is_used_twice(path: Path) -> None:
    others = [example(other)["alert_id"] for other in ALERT_PATHS if other != path]
    assert UUID(example(path)["alert_id"]) not in {UUID(other) for other in others}
