"""An article's text in sentences and segments, each with its code-point offsets."""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from itertools import accumulate

from tocsin_schemas.article import MAX_TEXT_BYTES, Article
from tocsin_schemas.vocabulary import EvidenceField

LONGEST_SENTENCE = 800
"""Code points; a longer run without a full stop is cut behind a semicolon, comma or space in the
second half of what fits, so that evidence stays readable and the work on a sentence is bounded: it
may grow with the square of the words found in it."""

LONGEST_HEADING = 160
"""A line of its own without a full stop is a heading up to this length."""

_END = re.compile(r"[.!?…\n](?:(?<=\n)\n*|(?<!\n)[.!?…]*(?:[\u00a0 ]?[»”“\"'’)\]]+)?(?=\s))")
_BREAK = re.compile(r"[;()«»„“”\"|,:–—-](?:(?<![,:–—-])|(?=\s)(?:(?<=[,:])|(?<=\s[–—-])))")
_ASIDE = re.compile(r"(?<=\w )[«„“\"][ \u00a0]?\w+(?: \w+)?[ \u00a0]?[»“”\"](?!\s*[,–—-]\s)")
"""One or two words in quotation marks amid a clause: 'the "liberated" town'."""

_WORD = re.compile(r"(\w+)")
_LAST_WORD = re.compile(r"([\w.-]+)\.$")

_ABBREVIATED = (
    "m mm mme mmes mlle dr st ste prof no env av apr art cf etc "  # French
    "mr mrs ms gen col lt sgt maj capt gov sen rep jr sr vs approx inc ltd u.s u.k e.g i.e a.m p.m "
    "bzw ca evtl ggf inkl sog tel usw z.b d.h u.a hr fr nr str abs "  # German
    "т т.о т.к т.ч т.д т.п р рр ст обл р-н м с смт г гг ул вул пл кв тис тыс млн млрд ім им "
    "руб грн пгт нп н.п н ген полк акад проф гр п"
)

ABBREVIATIONS = frozenset(_ABBREVIATED.split())
"""Words that a full stop follows without ending the sentence, folded, without that stop."""

MONTHS = frozenset(
    ["jan", "feb", "mär", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "dez"]
)
"""How the German months begin, folded."""


@dataclass(slots=True)
class Sentence:
    """A sentence, or a heading or a line of a list; offsets are the field's code points.

    Never changed, but for what it remembers about its words.
    """

    field: EvidenceField
    index: int
    """Position among all sentences, the title's first."""
    paragraph: int
    start: int
    end: int
    text: str
    heading: bool
    """A line of its own without a full stop."""
    _edges: tuple[list[int], list[int]] | None = dataclass_field(
        default=None, init=False, repr=False, compare=False
    )

    def segments(self) -> list[tuple[int, int]]:
        """The spans between commas, dashes, brackets and quotation marks, trimmed."""
        spans: list[tuple[int, int]] = []
        at = 0
        aside = [one.span() for one in _ASIDE.finditer(self.text)]
        for mark in _BREAK.finditer(self.text):
            if aside and any(start <= mark.start() < end for start, end in aside):
                continue
            spans.append((at, mark.start()))
            at = mark.end()
        spans.append((at, len(self.text)))
        trimmed = (trim(self.text, start, end) for start, end in spans)
        return [(self.start + a, self.start + b) for a, b in trimmed if a < b]

    def words_between(self, start: int, end: int) -> int:
        """How many words lie between two offsets of the field."""
        if end <= start:
            return 0
        if self._edges is None:
            self._edges = _word_edges(self.text)
        starts, ends = self._edges
        return bisect_left(starts, end - self.start) - bisect_right(ends, start - self.start)


def _word_edges(text: str) -> tuple[list[int], list[int]]:
    """Where the words of a sentence start and end."""
    edges = list(accumulate(map(len, _WORD.split(text))))
    return edges[:-1:2], edges[1::2]


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without white space and closing punctuation at its edges."""
    while start < end and (text[start].isspace() or text[start] in "•▪️–—-*·"):
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] in ".!?…,;:"):
        end -= 1
    return start, end


def sentences(article: Article) -> list[Sentence]:
    """The title's and the text's sentences in order."""
    found = split(EvidenceField.TITLE, article.title, 0, 0)
    return found + split(EvidenceField.TEXT, article.text[:MAX_TEXT_BYTES], len(found), 1)


def split(field: EvidenceField, text: str, index: int, paragraph: int) -> list[Sentence]:
    """The sentences of one field; `index` and `paragraph` are the first one's numbers."""
    found: list[Sentence] = []
    line_start = 0
    at = 0
    for mark in _END.finditer(text):
        newline = text[mark.start()] == "\n"
        if _is_wrapped(text, mark) if newline else not _ends(text, mark, at):
            continue
        end = mark.start() if newline else mark.end()
        heading = newline and at == line_start and end - at <= LONGEST_HEADING
        for start, stop in _pieces(text, at, end):
            number = index + len(found)
            found.append(Sentence(field, number, paragraph, start, stop, text[start:stop], heading))
        at = mark.end()
        if newline:
            paragraph += 1
            line_start = at
    heading = at == line_start and text[at:].rstrip()[-1:] not in ".!?…"
    for start, stop in _pieces(text, at, len(text)):
        number = index + len(found)
        found.append(Sentence(field, number, paragraph, start, stop, text[start:stop], heading))
    return found


def _pieces(text: str, at: int, end: int) -> list[tuple[int, int]]:
    """A sentence without white space at its edges, cut where it is too long; none of an empty."""
    rest = text[at:end].rstrip()
    end = at + len(rest)
    at = end - len(rest.lstrip())
    found: list[tuple[int, int]] = []
    while at < end:
        stop = _cut(text, at) if end - at > LONGEST_SENTENCE else end
        found.append((at, stop))
        at = end - len(text[stop:end].lstrip())
    return found


def _cut(text: str, at: int) -> int:
    longest = at + LONGEST_SENTENCE
    for mark in ("; ", ", ", " "):
        found = text.rfind(mark, at + LONGEST_SENTENCE // 2, longest)
        if found >= 0:
            return found + len(mark) - 1
    return longest


def _is_wrapped(text: str, mark: re.Match[str]) -> bool:
    # A single line break inside a running sentence, as hard-wrapped text has it.
    before = text[mark.start() - 1 : mark.start()]
    after = text[mark.end() : mark.end() + 1]
    return len(mark.group()) == 1 and after.islower() and (before.isalpha() or before == ",")


def _ends(text: str, mark: re.Match[str], at: int) -> bool:
    after = text[mark.end() : mark.end() + 3].lstrip(' \u00a0\t«„“"(')[:1]
    if after.islower():
        return False
    if mark.group() != ".":
        return True
    word = _LAST_WORD.search(text, max(at, mark.start() - 12), mark.end())
    if word is None:
        return True
    last = word.group(1).casefold()
    if last in ABBREVIATIONS or (len(last) == 1 and last.isalpha()):
        return False
    # "15. August": a German ordinal before a month's name.
    month = text[mark.end() : mark.end() + 4].strip().casefold()[:3]
    return not (last.isdigit() and len(last) <= 2 and month in MONTHS)
