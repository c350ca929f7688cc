"""What Python's search for garbage leaves alone, since it stays as long as the process."""

import gc

COLLECT_AFTER = 10_000
"""New objects after which garbage is looked for; by default 700, a few sentences' worth."""


def spare_what_is_loaded() -> None:
    """Take all that was loaded so far out of the search, and search less often.

    A fifth of the time of a dense text goes into searches that find next to nothing.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER)
