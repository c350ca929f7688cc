"""How a record is kept in memory: compressed against the words that all records share."""

import zlib

from tocsin_notifier.domain.records import (
    ArticleRecord,
    EventArticle,
    EventRecord,
    Facts,
    Said,
    Share,
)
from tocsin_schemas.evidence import Evidence
from tocsin_schemas.place import Place
from tocsin_schemas.slots import ClaimSlots, StanceSlots, Voice, WarningSlots
from tocsin_schemas.statement import Confidence

_LEVEL = 6

_COMMON = "".join(
    ",".join(f'"{name}":null' for name in model.model_fields)
    for model in (
        Said,
        ArticleRecord,
        Facts,
        EventRecord,
        Confidence,
        StanceSlots,
        WarningSlots,
        ClaimSlots,
        Voice,
        Place,
        Evidence,
        Share,
        EventArticle,
    )
).encode()
"""The field names in their order; kept in memory only, so it may change with any release."""


def pack(value: bytes) -> bytes:
    """The value compressed."""
    packer = zlib.compressobj(_LEVEL, zdict=_COMMON)
    return packer.compress(value) + packer.flush()


def unpack(packed: bytes) -> bytes:
    """The value as it was packed."""
    return zlib.decompressobj(zdict=_COMMON).decompress(packed)
