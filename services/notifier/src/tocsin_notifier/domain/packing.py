"""How a record is kept in memory: compressed against sample records, whose words all share."""

from importlib import resources

import zstandard

_LEVEL = -1
"""A third larger than with level 1, but restoring takes half the time."""


def _samples() -> bytes:
    """Made-up records of each kind; memory alone is packed, so they may change at any release."""
    return resources.files("tocsin_notifier").joinpath("data/packing_samples.jsonl").read_bytes()


_DICTIONARY = zstandard.ZstdCompressionDict(_samples(), dict_type=zstandard.DICT_TYPE_RAWCONTENT)
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
