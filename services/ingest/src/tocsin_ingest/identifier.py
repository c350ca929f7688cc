"""Loads the statistical language identifier: the one heavy library of ingest (2 s, 4.6 MB)."""

from tocsin_ingest.domain.language import Identify


def load_identifier() -> Identify:
    """A function that ranks all languages of the model for a text; safe to call in threads."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)

    def identify(text: str) -> list[tuple[str, float]]:
        ranked: list[tuple[str, float]] = identifier.rank(text)
        return ranked

    return identify
