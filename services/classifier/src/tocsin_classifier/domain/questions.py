"""What is only asked: a question's words say nothing, whoever asks."""

import re

from tocsin_classifier.domain.scan import Hit, Passage

_MARK = re.compile(r"[?!…]|\.(?=\s|$)")
"""What may end the question or the statement that a word stands in."""

_WHY = re.compile(
    r"\W*(?:why|how|pourquoi|comment|warum|wieso|wie|чому|почему|зачем|як|как)\b", re.IGNORECASE
)
"""How a question begins that takes what it asks about for granted."""


def is_asked(passage: Passage, hit: Hit) -> bool:
    """Whether the word stands in a question that leaves open whether it is so."""
    sentence = passage.sentence
    mark = _MARK.search(sentence.text, hit.end - sentence.start)
    if mark is None or mark.group() != "?":
        return False
    begin = max(sentence.text.rfind(sign, 0, hit.start - sentence.start) for sign in ".!?…:") + 1
    return not _WHY.match(sentence.text, begin)
