"""The one place where what asks sources is put together."""

import random
from pathlib import Path

from aiohttp import ClientSession

from tocsin_ingest.publish import Publisher
from tocsin_ingest.push.body import Intake
from tocsin_ingest.sources.feed_poll import FeedPoller
from tocsin_ingest.sources.feed_states import FeedStates
from tocsin_ingest.sources.file import read_sources
from tocsin_ingest.sources.folder import FolderReader
from tocsin_ingest.sources.pages import PageReader
from tocsin_ingest.sources.rounds import Rounds
from tocsin_ingest.sources.sirens import SirenMemory, SirenPoller
from tocsin_ingest.sources.status import Statuses
from tocsin_ingest.sources.work import SourcesWork


def create_sources(
    path: Path, data_dir: Path, intake: Intake, publisher: Publisher, statuses: Statuses
) -> SourcesWork:
    """What asks the sources of a file.

    Args:
        path: the file, absolute.
        data_dir: the folder for what is known of feeds and sirens.
        intake: checks articles.
        publisher: publishes them.
        statuses: knows how each source fares.

    Raises:
        SettingsError: the file is wrong: nothing is taken before it is right.
        StartError: the folder cannot be written.

    """
    read_sources(path)
    states = FeedStates(data_dir / "feeds.sqlite")
    memory = SirenMemory(data_dir / "sirens.sqlite")
    metrics = statuses.metrics

    def create_rounds(public: ClientSession, private: ClientSession) -> Rounds:
        pages = PageReader(public, private, metrics)
        feeds = FeedPoller(public, private, pages, states, publisher, intake.language_of, metrics)
        sirens = SirenPoller(public, private, memory, publisher, metrics)
        folders = FolderReader(publisher, intake, metrics)
        return Rounds(feeds, folders, sirens, statuses, metrics, random.Random())  # noqa: S311 - jitter

    return SourcesWork(path, create_rounds, metrics)
