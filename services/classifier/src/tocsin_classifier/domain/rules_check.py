"""Whether every data file of the classifier says only what its readers understand."""

import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from tocsin_classifier.domain import gazetteer_check
from tocsin_classifier.domain.confidence import Weights
from tocsin_classifier.domain.folding import fold
from tocsin_classifier.domain.forms import GAP, split_form
from tocsin_classifier.domain.lexicon import ENTRY, LANGUAGES, SHARED, Category, Entry
from tocsin_classifier.domain.region_table import RegionTable
from tocsin_classifier.domain.scan import fired
from tocsin_classifier.domain.settlement_table import ExtraTable
from tocsin_schemas.vocabulary import AlertType


class _WeightTable(BaseModel):
    """confidence.toml: every type, each once."""

    model_config = ConfigDict(extra="forbid")

    territorial_claim: Weights
    negotiation_stance: Weights
    air_raid_warning: Weights


NAMES = frozenset(
    {
        Category.ACTOR,
        Category.CAPITAL,
        Category.NATION,
        Category.NUMBER,
        Category.UNIT,
        Category.QUALIFIER,
    }
)
"""Categories whose forms speak for themselves; all others need an example."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, where, and why."""

    file: str
    entry: str
    """The entry's id, empty when it is about the whole file."""
    field: str
    reason: str

    def __str__(self) -> str:
        where = f"{self.file}: {self.entry}" if self.entry else self.file
        return f"{where}: {self.field}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Check:
    """What a check of all data files found."""

    problems: tuple[Problem, ...]
    entries: dict[str, int]
    """How many good entries each folder has."""


def check() -> Check:
    """Check all data files."""
    root = files("tocsin_classifier") / "data"
    problems: list[Problem] = []
    found: dict[str, list[tuple[str, Entry]]] = {}
    for folder in (SHARED, *LANGUAGES):
        found[folder] = []
        for file in _toml_files(root / folder):
            name = f"{folder}/{file.name}"
            entries, wrong = read_entries(file.read_text("utf-8"), name)
            problems += [*wrong, *_misplaced(entries, name, folder)]
            found[folder] += [(name, entry) for entry in entries]
    problems += repeated_ids([pair for pairs in found.values() for pair in pairs])
    problems += _table_problems(root)
    if not problems:
        # These are tried on what is shipped, which can be loaded only when all else is right.
        problems += silent_examples(found, fired)
        problems += silent_forms(found, fired)
    return Check(
        tuple(problems),
        {folder: len(pairs) for folder, pairs in found.items()},
    )


def read_entries(toml: str, name: str) -> tuple[list[Entry], list[Problem]]:
    """The good entries of a lexicon's file, and what is wrong with the others."""
    try:
        tables = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        return [], [Problem(name, "", "file", f"not TOML: {error}")]
    problems = [
        Problem(name, "", key, "unknown; a lexicon holds [[entry]] tables only")
        for key in tables
        if key != "entry"
    ]
    listed = tables.get("entry", [])
    if not isinstance(listed, list):
        return [], [*problems, Problem(name, "", "entry", "write [[entry]] in double brackets")]
    entries = []
    for raw in listed:
        try:
            entry = ENTRY.validate_python(raw)
        except ValidationError as error:
            label = str(raw.get("id", "(no id)")) if isinstance(raw, dict) else "(no table)"
            problems += _of_error(error, name, label)
            continue
        entries.append(entry)
        problems += [Problem(name, entry.id, "forms", reason) for reason in _form_problems(entry)]
        if not entry.example and entry.category not in NAMES:
            problems.append(Problem(name, entry.id, "example", "missing; a sentence with it"))
    return entries, problems


def _form_problems(entry: Entry) -> Iterator[str]:
    seen: set[str] = set()
    for form in entry.forms:
        folded = fold(form)
        if folded in seen:
            yield f"{form!r} is there twice (letter case does not count)"
        seen.add(folded)
        for part, _ in split_form(folded):
            inner = part.strip("*").strip()
            if len(inner) < 2 and not inner.isalnum():
                yield f"{form!r}: a part has no letter to find"
            elif "*" in inner or "+" in inner:
                yield f"{form!r}: `*` stands at the edge of a word only, ` + ` between spaces"


def _misplaced(entries: Iterable[Entry], name: str, folder: str) -> Iterator[Problem]:
    for entry in entries:
        if not entry.id.startswith(f"{folder}."):
            yield Problem(name, entry.id, "id", f"must begin with `{folder}.`, as the folder")


def repeated_ids(pairs: Iterable[tuple[str, Entry]]) -> Iterator[Problem]:
    """Ids that two entries have."""
    seen: dict[str, str] = {}
    for name, entry in pairs:
        if entry.id in seen:
            yield Problem(name, entry.id, "id", f"is there already in {seen[entry.id]}")
        seen.setdefault(entry.id, name)


def silent_examples(
    found: dict[str, list[tuple[str, Entry]]], fires: Callable[[str, str], frozenset[str]]
) -> Iterator[Problem]:
    """Examples in which their own entry does not fire; `fires` gives the ids for text, language."""
    for folder, pairs in found.items():
        language = LANGUAGES[0] if folder == SHARED else folder
        for name, entry in pairs:
            if entry.example and entry.id not in (ids := fires(entry.example, language)):
                others = ", ".join(sorted(ids)) or "nothing"
                reason = f"the entry does not fire in {entry.example!r} (fires: {others})"
                yield Problem(name, entry.id, "example", reason)


def silent_forms(
    found: dict[str, list[tuple[str, Entry]]], fires: Callable[[str, str], frozenset[str]]
) -> Iterator[Problem]:
    """Forms that do not fire even when they stand alone: another entry hides them always."""
    for folder, pairs in found.items():
        language = LANGUAGES[0] if folder == SHARED else folder
        for name, entry in pairs:
            for form in entry.forms:
                alone = GAP.sub(" ", form).replace("*", "")
                if entry.id not in (ids := fires(alone, language)):
                    others = ", ".join(sorted(ids)) or "nothing"
                    reason = f"{form!r} never fires, also standing alone (fires: {others})"
                    yield Problem(name, entry.id, "forms", reason)


def _table_problems(root: Traversable) -> Iterator[Problem]:
    yield from confidence_problems((root / "confidence.toml").read_text("utf-8"))
    places = root / "places"
    yield from toml_problems(
        (places / "settlements_extra.toml").read_text("utf-8"),
        "places/settlements_extra.toml",
        ExtraTable,
    )
    regions = list(
        toml_problems(
            (places / "regions.toml").read_text("utf-8"), "places/regions.toml", RegionTable
        )
    )
    yield from regions
    if not regions:
        for told in gazetteer_check.check():
            yield Problem("places", "", "table", told)


def confidence_problems(toml: str) -> Iterator[Problem]:
    """What is wrong with confidence.toml."""

    def with_names(tables: dict[str, Any]) -> dict[str, Any]:
        known = {str(kind): str(kind).replace("-", "_") for kind in AlertType}
        return {known.get(key, key): value for key, value in tables.items()}

    yield from toml_problems(toml, "confidence.toml", _WeightTable, with_names)


def toml_problems(
    toml: str,
    name: str,
    kind: type[BaseModel],
    prepare: Callable[[dict[str, Any]], dict[str, Any]] = dict,
) -> Iterator[Problem]:
    """What is wrong with a file that holds one model."""
    try:
        TypeAdapter(kind).validate_python(prepare(tomllib.loads(toml)))
    except tomllib.TOMLDecodeError as error:
        yield Problem(name, "", "file", f"not TOML: {error}")
    except ValidationError as error:
        yield from _of_error(error, name, "")


NO_SUCH_FIELD = {"unexpected_keyword_argument": "an entry has no such field"}
"""What pydantic says about a field that an entry does not have, in words for all readers."""


def _of_error(error: ValidationError, name: str, entry: str) -> Iterator[Problem]:
    for one in error.errors(include_url=False):
        field = ".".join(str(part) for part in one["loc"]) or "entry"
        seen = "" if one["type"] in ("missing", "value_error") else f" (seen: {one['input']!r})"
        told = NO_SUCH_FIELD.get(one["type"], one["msg"])
        yield Problem(name, entry, field, f"{told}{seen}")


def _toml_files(folder: Traversable) -> list[Traversable]:
    if not folder.is_dir():
        return []
    inside = (file for file in folder.iterdir() if file.name.endswith(".toml"))
    return sorted(inside, key=lambda file: file.name)
