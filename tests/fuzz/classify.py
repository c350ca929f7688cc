"""A fuzzer guided by coverage: whatever the text, classify() ends without an error and quotes it.

Run by `make fuzz`; options behind the script's name are libFuzzer's (-max_total_time=600).
"""

import sys

import atheris

with atheris.instrument_imports(include=["tocsin_classifier.domain"]):
    from tocsin_classifier.domain.classify import weigh
    from tocsin_classifier.domain.gazetteer import forms
    from tocsin_classifier.domain.lexicon import LANGUAGES, entries
    from tocsin_schemas.vocabulary import EvidenceField
    from unit.classifier.samples import article

WORDS = {
    code: sorted(
        {form.replace("*", "").replace(" + ", " ") for e in entries(code) for form in e.forms}
    )
    for code in LANGUAGES
}
NAMES = [name.title() for name in list(forms())[:2000]]
MARKS = (" ", " ", ", ", ". ", "\n", "\n\n", " « ", " » ", '"', "„", "“", " — ", ": ", "-", "", "*")

MOST_PIECES = 400


def written(data: "atheris.FuzzedDataProvider", language: str) -> str:
    """A text that the bytes choose: words of the lexicon, names of places, and anything else."""
    pieces: list[str] = []
    while data.remaining_bytes() > 0 and len(pieces) < MOST_PIECES:
        kind = data.ConsumeIntInRange(0, 7)
        if kind == 0:
            pieces.append(data.ConsumeUnicodeNoSurrogates(12))
        elif kind <= 2:
            pieces.append(NAMES[data.ConsumeIntInRange(0, len(NAMES) - 1)])
        else:
            words = WORDS[language]
            pieces.append(words[data.ConsumeIntInRange(0, len(words) - 1)])
        pieces.append(MARKS[data.ConsumeIntInRange(0, len(MARKS) - 1)])
    return "".join(pieces)


def try_one(raw: bytes) -> None:
    """Classify one text and hold its quotes against it."""
    data = atheris.FuzzedDataProvider(raw)
    language = LANGUAGES[data.ConsumeIntInRange(0, len(LANGUAGES) - 1)]
    given = article(
        f"x{written(data, language)}", language, title=data.ConsumeUnicodeNoSurrogates(8)
    )
    fields = {EvidenceField.TITLE: given.title, EvidenceField.TEXT: given.text}
    for statement in weigh(given):
        for piece in statement.evidence:
            if fields[piece.field][piece.start : piece.end] != piece.quote:
                raise AssertionError(f"no quote of the text: {piece.quote!r}")


if __name__ == "__main__":
    for one in LANGUAGES:
        weigh(article("x", one))
    atheris.Setup(sys.argv, try_one)
    atheris.Fuzz()
