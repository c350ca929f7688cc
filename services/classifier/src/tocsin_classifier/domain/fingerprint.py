"""A fingerprint by which near-duplicate articles are known without their text."""

import struct
from base64 import b64encode
from collections.abc import Iterator

from rensa import RMinHash

POSITIONS = 128
"""How many MinHash positions a fingerprint has; the share of equal ones estimates likeness."""

WORDS = 4
"""How many words in a row are compared."""

FEWEST_WORDS = 12
"""A shorter text has no fingerprint: two posts of a few words are alike by chance."""

BYTES = 4
"""Bytes kept of each position."""


def fingerprint(text: str) -> str:
    """The MinHash of a text's runs of words as base64, empty when there is too little text.

    Each position takes four bytes; two texts are as alike as the share of equal positions.
    """
    words = _words(text)
    if len(words) < FEWEST_WORDS:
        return ""
    sketch = RMinHash(num_perm=POSITIONS, seed=1)
    sketch.update(list(_runs(words)))
    return b64encode(struct.pack(f"<{POSITIONS}I", *sketch.digest())).decode()


def _words(text: str) -> list[str]:
    letters = "".join(c if c.isalnum() else " " for c in text.casefold())
    return letters.split()


def _runs(words: list[str]) -> Iterator[str]:
    for at in range(len(words) - WORDS + 1):
        yield " ".join(words[at : at + WORDS])
