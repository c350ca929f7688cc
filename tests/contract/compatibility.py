"""What may change in a published schema within v1, as a comparison of two schemas."""

from typing import Any

from tocsin_schemas.unknown_words import OPEN_VOCABULARIES

Schema = dict[str, Any]

_TOLD_TO_PEOPLE = frozenset({"description", "examples", "title", "$comment", "default"})
_GROWING = frozenset(one.__name__ for one in OPEN_VOCABULARIES)


def breaks(released: Schema, current: Schema) -> list[str]:
    """Each difference that a reader of the released schema may stumble over.

    Allowed are added fields (at every level), added parts, and added words of open vocabularies.
    """
    found = _differences("", *(_without_parts(schema) for schema in (released, current)))
    parts, current_parts = released.get("$defs", {}), current.get("$defs", {})
    for name, part in parts.items():
        if name in current_parts:
            found += _differences(name, part, current_parts[name])
        elif name in str(current):
            found.append(f"{name}: is gone")
    return found


def _without_parts(schema: Schema) -> Schema:
    return {key: value for key, value in schema.items() if key != "$defs"}


def _differences(where: str, released: Any, current: Any) -> list[str]:
    if not isinstance(released, dict) or not isinstance(current, dict):
        same = released == current
        return [] if same else [f"{where}: {released!r} became {current!r}"]
    found = []
    for key in sorted((released.keys() | current.keys()) - _TOLD_TO_PEOPLE):
        place = f"{where}.{key}".lstrip(".")
        if key == "properties":
            found += _fields(place, released[key], current.get(key, {}))
        elif key == "required":
            lost = set(released.get(key, ())) - set(current.get(key, ()))
            found += [f"{place}: {name} may be missing now" for name in sorted(lost)]
        elif key == "enum" and where in _GROWING:
            lost = set(released[key]) - set(current.get(key, ()))
            found += [f"{place}: {word!r} is gone" for word in sorted(lost)]
        else:
            found += _differences(place, released.get(key), current.get(key))
    return found


def _fields(where: str, released: Schema, current: Schema) -> list[str]:
    found = [f"{where}: {name} is gone" for name in sorted(released.keys() - current.keys())]
    for name in sorted(released.keys() & current.keys()):
        found += _differences(f"{where}.{name}", released[name], current[name])
    return found
