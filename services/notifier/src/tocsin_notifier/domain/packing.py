"""How a record is kept in memory: compressed against the words that all records share."""

import zstandard

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

_LEVEL = 1

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


_DICTIONARY = zstandard.ZstdCompressionDict(_COMMON, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
_DICTIONARY.precompute_compress(level=_LEVEL)
_PACKER = zstandard.ZstdCompressor(
    level=_LEVEL, dict_data=_DICTIONARY, write_checksum=False, write_dict_id=False
)
_UNPACKER = zstandard.ZstdDecompressor(dict_data=_DICTIONARY)


def pack(value: bytes) -> bytes:
    """The value compressed."""
    # What the library returns keeps the room that it was allotted; a copy has its own size.
    return bytes(memoryview(_PACKER.compress(value)))


def unpack(packed: bytes) -> bytes:
    """The value as it was packed."""
    return _UNPACKER.decompress(packed)
