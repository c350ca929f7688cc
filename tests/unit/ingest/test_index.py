"""The index remembers what was stored, and a file that cannot be used is no obstacle."""

from pathlib import Path

import pytest

from factories import NOON, make_article, make_article_id
from tocsin_ingest.domain.revision import follow, withdraw
from tocsin_ingest.index import Index, Mark, Stored
from tocsin_runtime.errors import StartError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deeper" / "index.sqlite"


def test_what_was_stored_is_known_after_a_restart(path: Path) -> None:
    """Articles, revisions and the last record of each partition."""
    index = Index.open(path)
    index.store([Stored(make_article(name=n), n % 2, 10 + n) for n in range(4)])
    index.close()
    again = Index.open(path)
    assert len(again) == 4
    known = again.find(make_article_id(3))
    assert known is not None
    assert known.content == make_article(name=3)
    assert again.marks() == {0: Mark(12, make_article_id(2)), 1: Mark(13, make_article_id(3))}
    assert again.find(make_article_id("other")) is None
    again.close()


def test_a_withdrawal_keeps_what_was_withdrawn(path: Path) -> None:
    """So that the same text is recognised."""
    index = Index.open(path)
    index.store([Stored(make_article(), 0, 1)])
    taken_back = withdraw(follow(None, make_article()), NOON)
    assert taken_back is not None
    index.store([Stored(taken_back, 0, 2)])
    known = index.find(make_article_id())
    assert known is not None
    assert (known.revision, known.withdrawn, known.content) == (2, True, make_article())
    assert len(index) == 1
    index.close()


def test_a_file_that_is_no_index_is_begun_anew(path: Path) -> None:
    """Rubbish, as after a broken disk, stops nothing."""
    path.parent.mkdir()
    path.write_bytes(b"no database at all" * 100)
    index = Index.open(path)
    assert len(index) == 0
    index.close()


def test_a_second_ingest_on_the_same_file_is_refused(path: Path) -> None:
    """The message says what to set."""
    index = Index.open(path)
    index.store([Stored(make_article(), 0, 1)])
    with pytest.raises(StartError, match="TOCSIN_INGEST_DATA_DIR of its own"):
        Index.open(path)
    index.close()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """The message names the setting."""
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StartError, match="TOCSIN_INGEST_DATA_DIR"):
        Index.open(tmp_path / "file" / "index.sqlite")
