"""Folding of text for look-ups: letter case and typography go, every offset stays."""

_REPLACEMENTS = (
    ("\u2019", "'"),  # right single quotation mark, the usual typographic apostrophe
    ("\u02bc", "'"),  # modifier letter apostrophe, the Ukrainian norm
    ("\u2018", "'"),
    ("\u00b4", "'"),
    ("\u2032", "'"),
    ("`", "'"),
    ("\u00a0", " "),
    ("\u202f", " "),
    ("\u2009", " "),
    ("\u2011", "-"),
    ("\u2010", "-"),
    ("ё", "е"),
)


def _lower(character: str) -> str:
    lowered = character.lower()
    return lowered if len(lowered) == 1 else character


def fold(text: str) -> str:
    """Return the text in lower case with plain apostrophes, spaces and hyphens, and е for ё.

    The result has exactly as many code points as the text, so that an offset in one is an offset
    in the other; a letter whose lower case is longer stays as it is.
    """
    folded = text.lower()
    if len(folded) != len(text):
        folded = "".join(map(_lower, text))
    for character, plain in _REPLACEMENTS:
        folded = folded.replace(character, plain)
    return folded
