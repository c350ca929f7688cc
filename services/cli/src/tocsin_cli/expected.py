"""What the sample articles must give, so that the demo can tell whether all went well."""

import tomllib
from collections.abc import Mapping
from importlib import resources

from pydantic import TypeAdapter

from tocsin_schemas.contract import Contract
from tocsin_schemas.filter import AnyAlert
from tocsin_schemas.vocabulary import AlertType


class Expectation(Contract):
    """One alert by its slots; a slot left out may be anything."""

    alert_type: AlertType
    claimant: str | None = None
    area_km2: float | None = None
    settlements: int | None = None
    regions: tuple[str, ...] | None = None
    """Codes of the places, in any order."""
    actor: str | None = None
    stance: str | None = None
    topic: str | None = None
    counterpart: str | None = None
    region: str | None = None
    phase: str | None = None
    threat: str | None = None
    instruction: str | None = None

    def fits(self, alert: AnyAlert) -> bool:
        """Whether an alert has all these slots."""
        wanted = self.model_dump(exclude={"regions"}, exclude_none=True)
        if any(getattr(alert, name, None) != value for name, value in wanted.items()):
            return False
        return self.regions is None or set(self.regions) == {p.code for p in alert.places}

    def describe(self) -> str:
        """The slots in words."""
        return ", ".join(f"{k}={v}" for k, v in self.model_dump(exclude_none=True).items())


def load_expected() -> Mapping[str, list[Expectation]]:
    """The expected alerts by the sample's file name."""
    text = resources.files("tocsin_cli").joinpath("seeds_expected.toml").read_text("utf-8")
    tables = tomllib.loads(text)
    parse = TypeAdapter(list[Expectation]).validate_python
    return {name: parse(table["alerts"]) for name, table in tables.items()}
