"""The English words of headlines, from `data/names.toml`."""

import tomllib
from collections.abc import Mapping
from importlib import resources

from tocsin_schemas.contract import Contract
from tocsin_schemas.vocabulary import StanceTopic, StanceValue, Threat


class Names(Contract):
    """The table of words."""

    countries: Mapping[str, str]
    topics: Mapping[StanceTopic, str]
    threats: Mapping[Threat, str]
    stances: Mapping[StanceValue, str]
    reported_stances: Mapping[StanceValue, str]

    def country(self, code: str) -> str:
        """The English name of a country or organisation; what has none stands as it is."""
        return self.countries.get(code, code)


def _load() -> Names:
    text = resources.files("tocsin_notifier").joinpath("data/names.toml").read_text("utf-8")
    return Names.model_validate(tomllib.loads(text))


NAMES = _load()
"""The table as read."""
