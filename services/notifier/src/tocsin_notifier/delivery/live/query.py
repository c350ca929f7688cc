"""The filter in a query string: `?type=air-raid-warning&region=UA-59,UA-63&drills=1`."""

from collections.abc import Iterable, Sequence

from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError
from starlette.datastructures import QueryParams

from tocsin_schemas.filter import AlertFilter
from tocsin_schemas.vocabulary import Mode

_LISTS = {"type": "types", "region": "regions", "language": "languages", "status": "statuses"}
_SINGLE = ("min_severity", "min_confidence")
_DRILLS = "drills"

NAMES = (*_LISTS, *_SINGLE, _DRILLS)
"""Every name that a query may have."""

Pairs = Sequence[tuple[str, str]]
"""The names and values of a query."""


def without(query: QueryParams, *names: str) -> Pairs:
    """The query but for what else than the filter stands in it."""
    return [(name, value) for name, value in query.multi_items() if name not in names]


def read_filter(query: Pairs) -> AlertFilter:
    """The filter that a query asks for; lists are repeated names or have commas.

    Raises:
        pydantic.ValidationError: a name is unknown or a value wrong.

    """
    fields: dict[str, object] = {}
    for name, value in query:
        if name in _LISTS:
            listed = fields.setdefault(_LISTS[name], [])
            assert isinstance(listed, list)
            listed += [one for one in value.split(",") if one]
        elif name in _SINGLE:
            fields[name] = value
        elif name == _DRILLS and value in ("0", "1"):
            fields["modes"] = [Mode.LIVE, Mode.TEST] if value == "1" else [Mode.LIVE]
        else:
            raise _refuse(name, value)
    return AlertFilter.model_validate(fields)


def _refuse(name: str, value: str) -> ValidationError:
    if name == _DRILLS:
        problem = PydanticCustomError("query", "is 0 or 1")
    else:
        problem = PydanticCustomError("query", "is unknown; allowed: " + ", ".join(NAMES))
    detail: InitErrorDetails = {"type": problem, "loc": (name,), "input": value}
    return ValidationError.from_exception_data("query", [detail])


def describe_refusal(error: ValidationError) -> str:
    """What is wrong with a query, for who sent it."""
    names = {field: name for name, field in _LISTS.items()}
    return "; ".join(_tell(names, one["loc"], one["msg"], one["input"]) for one in error.errors())


def _tell(names: dict[str, str], place: Iterable[int | str], why: str, seen: object) -> str:
    name = str(next(iter(place), "query"))
    return f"{names.get(name, name)}: {why} (seen: {str(seen)[:100]!r})"
