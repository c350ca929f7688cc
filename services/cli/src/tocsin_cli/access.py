"""Who may do what at the broker: the table `access.toml`, and the access lists that it gives."""

import tomllib
from collections.abc import Iterator, Mapping
from enum import IntEnum
from importlib import resources
from typing import Annotated, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from tocsin_schemas.topics import TOPICS


class Resource(IntEnum):
    """Kinds of things at the broker, by Kafka's numbers (`ResourceType`)."""

    TOPIC = 2
    GROUP = 3
    TRANSACTIONAL_ID = 5


class Pattern(IntEnum):
    """How a name is meant, by Kafka's numbers (`PatternType`)."""

    LITERAL = 3
    PREFIXED = 4


class Operation(IntEnum):
    """What is done, by Kafka's numbers (`AclOperation`)."""

    READ = 3
    WRITE = 4
    CREATE = 5
    DESCRIBE = 8
    DESCRIBE_CONFIGS = 10
    ALTER_CONFIGS = 11

    @property
    def word(self) -> str:
        """As Kafka's tools write it, such as `DescribeConfigs`."""
        return self.name.title().replace("_", "")


_OPERATIONS = {operation.word: operation for operation in Operation}


class Binding(NamedTuple):
    """One access list: this principal may do this to what has this name."""

    principal: str
    resource: Resource
    name: str
    pattern: Pattern
    operation: Operation


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Allowance(_Row):
    """Operations on things of one kind, by their names without prefix."""

    topics: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    transactional_ids: tuple[str, ...] = ()
    operations: Annotated[tuple[str, ...], Field(min_length=1)]
    why: Annotated[str, Field(min_length=1)]

    @model_validator(mode="after")
    def _check(self) -> Self:
        unknown = {*self.operations} - _OPERATIONS.keys()
        if unknown:
            raise ValueError(f"operations: unknown {unknown}; allowed are {[*_OPERATIONS]}")
        missing = {*self.topics} - {"*", *TOPICS}
        if missing:
            raise ValueError(f"topics: the table of topics has no {missing}")
        return self

    def things(self) -> Iterator[tuple[Resource, str]]:
        """Each thing by its kind and its name; `*` among the topics is each of the table."""
        topics = TOPICS if "*" in self.topics else self.topics
        yield from ((Resource.TOPIC, name) for name in topics)
        yield from ((Resource.GROUP, name) for name in self.groups)
        yield from ((Resource.TRANSACTIONAL_ID, name) for name in self.transactional_ids)


class Principal(_Row):
    """Somebody who comes to the broker."""

    name: str
    runs: str
    allow: tuple[Allowance, ...]


class _Table(_Row):
    principal: tuple[Principal, ...]


def load_principals() -> Mapping[str, Principal]:
    """The table's principals by their names."""
    text = resources.files("tocsin_cli").joinpath("access.toml").read_text("utf-8")
    return {one.name: one for one in _Table.model_validate(tomllib.loads(text)).principal}


def bindings(prefix: str, principals: Mapping[str, str]) -> list[Binding]:
    """All access lists of an installation.

    Args:
        prefix: put before all names (TOCSIN_TOPIC_PREFIX).
        principals: Kafka's principal, such as `User:tocsin-ingest`, by the table's name.

    """
    return [
        Binding(
            principals[principal.name],
            resource,
            prefix + name.removesuffix("*"),
            Pattern.PREFIXED if name.endswith("*") else Pattern.LITERAL,
            _OPERATIONS[word],
        )
        for principal in load_principals().values()
        for allowance in principal.allow
        for resource, name in allowance.things()
        for word in allowance.operations
    ]
