"""Whether the generated tables of the gazetteer say only what their readers understand."""

from collections.abc import Iterator
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tocsin_classifier.domain import gazetteer
from tocsin_classifier.domain.folding import fold

_COLUMNS = (
    "id", "name", "region", "raion", "katottg", "level", "latitude", "longitude", "population",
    "plain", "capital", "context",
)  # fmt: skip
_Katottg = Annotated[str, Field(pattern=r"^(UA[0-9]{17})?$")]


class SettlementRow(BaseModel):
    """One line of settlements.tsv."""

    model_config = ConfigDict(extra="forbid")

    id: Annotated[str, Field(pattern=r"^([0-9]+|own:.+|landmark:.+)$")]
    name: Annotated[str, Field(min_length=2, max_length=60)]
    region: Annotated[str, Field(pattern=r"^(UA|RU)-[A-Z0-9]{2,3}$")]
    raion: _Katottg
    katottg: _Katottg
    level: Literal["city", "town", "village", "area"]
    latitude: Annotated[float, Field(ge=41, le=82)] | Literal[""]
    longitude: Annotated[float, Field(ge=-180, le=180)] | Literal[""]
    population: Annotated[int, Field(ge=0, le=20_000_000)] | Literal[""]
    plain: str
    capital: str
    context: str


def _settlement_problems() -> Iterator[str]:
    seen: set[str] = set()
    for number, line in enumerate(gazetteer.table_lines("settlements.tsv"), start=2):
        fields = line.split("\t")
        try:
            row = SettlementRow.model_validate(dict(zip(_COLUMNS, fields, strict=True)))
        except (ValidationError, ValueError) as error:
            yield f"settlements.tsv:{number}: {error}"
            continue
        if row.id in seen:
            yield f"settlements.tsv:{number}: id {row.id} occurs twice; give it to one place"
        seen.add(row.id)
        if gazetteer.entry(row.region) is None:
            yield f"settlements.tsv:{number}: region {row.region} is not in regions.toml"
        if row.raion and gazetteer.entry(row.raion) is None:
            yield f"settlements.tsv:{number}: raion {row.raion} is not in raions.tsv"


def _form_problems() -> Iterator[str]:
    kinds = get_args(gazetteer.MeaningKind)
    for number, line in enumerate(gazetteer.table_lines("region_forms.tsv"), start=2):
        key, kind, *_ = line.split("\t")
        if kind not in kinds:
            yield f"region_forms.tsv:{number}: kind {kind}; allowed: {', '.join(kinds)}"
        if gazetteer.entry(key) is None:
            yield f"region_forms.tsv:{number}: {key} is in no table; run the build"
    for form in gazetteer.forms():
        if form != fold(form) or form != form.strip() or len(form) < 2:
            yield f"form {form!r}: must be folded, stripped and have two letters; run the build"


def check() -> list[str]:
    """What is wrong with the shipped tables, a line a problem; empty when nothing is."""
    return [*_settlement_problems(), *_form_problems()]
