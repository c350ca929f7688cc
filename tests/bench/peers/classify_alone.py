"""classify() alone on the articles of a file: the time that no way of reading Kafka can save."""

import json
import sys
import time
from pathlib import Path

from bench.peers import work
from tocsin_classifier.domain.classify import classify
from tocsin_classifier.garbage import spare_what_is_loaded
from tocsin_schemas.article import Article


def run(path: Path) -> None:
    """Print the processor seconds of the rules as JSON, for a file of articles, one a line."""
    work.load()
    spare_what_is_loaded()
    articles = [Article.read(line) for line in path.read_bytes().splitlines()]
    warm = len(articles) // 10
    for article in articles[:warm]:
        classify(article)
    started = time.process_time()
    for article in articles:
        classify(article)
    seconds = time.process_time() - started
    records = [len(work.records_of(article.to_json())) for article in articles]
    sys.stdout.write(json.dumps({"seconds": seconds, "records": records}))


if __name__ == "__main__":
    run(Path(sys.argv[1]))
