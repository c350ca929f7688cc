"""`tocsin ingest` against a real small HTTP server: batches, refusals, retries, silence."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tocsin_cli import ingest
from tocsin_cli.main import app

Reply = tuple[int, dict[str, Any], dict[str, str]]
Judge = Callable[[list[dict[str, Any]]], Reply]


class Desk:
    """A server that keeps what was posted and answers as a test says."""

    def __init__(self, judge: Judge) -> None:
        self.posts: list[list[dict[str, Any]]] = []
        desk = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                articles = json.loads(body)
                assert self.path == "/v1/articles"
                assert self.headers["content-type"] == "application/json"
                status, answer, headers = judge(articles)
                desk.posts.append(articles)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(json.dumps(answer).encode())

            def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def accept(articles: list[dict[str, Any]]) -> Reply:
    answers = [
        {
            "article_id": f"00000000-0000-5000-8000-{number:012}",
            "revision": 1,
            "revision_kind": "first",
            "status": "published",
        }
        for number, _ in enumerate(articles)
    ]
    return 202, {"articles": answers}, {}


def refuse_bad(articles: list[dict[str, Any]]) -> Reply:
    errors = [
        {"index": index, "field": "text", "reason": "too bad"}
        for index, article in enumerate(articles)
        if "bad" in article["text"]
    ]
    return (422, {"title": "refused", "errors": errors}, {}) if errors else accept(articles)


@pytest.fixture
def open_desk() -> Iterator[Callable[[Judge], Desk]]:
    desks: list[Desk] = []

    def open_one(judge: Judge) -> Desk:
        desks.append(Desk(judge))
        return desks[-1]

    yield open_one
    for desk in desks:
        desk.close()


def write(path: Path, *texts: str) -> Path:
    lines = [json.dumps({"id": f"n{n}", "text": text}) for n, text in enumerate(texts)]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def run(path: Path | str, url: str, *options: str) -> tuple[int, list[str], str]:
    result = CliRunner().invoke(app, ["ingest", str(path), "--url", url, *options])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout.splitlines(), result.stderr


def test_articles_go_in_batches_and_every_answer_is_printed(
    tmp_path: Path, open_desk: Callable[[Judge], Desk]
) -> None:
    """A hundred a request, in order, with the document's id beside the article's."""
    desk = open_desk(accept)
    path = write(tmp_path / "a.jsonl", *(f"text {n}" for n in range(230)))
    code, lines, errors = run(path, desk.url, "--json")
    assert (code, errors) == (0, "")
    assert [len(post) for post in desk.posts] == [100, 100, 30]
    assert [article["text"] for post in desk.posts for article in post][229] == "text 229"
    answers = [json.loads(line) for line in lines]
    assert [answer["input_id"] for answer in answers] == [f"n{n}" for n in range(230)]
    assert {answer["status"] for answer in answers} == {"published"}


def test_large_texts_make_small_batches(tmp_path: Path, open_desk: Callable[[Judge], Desk]) -> None:
    """Four megabytes close a batch, whatever its number of articles."""
    desk = open_desk(accept)
    code, lines, _ = run(write(tmp_path / "a.jsonl", *["x" * 1_500_000] * 4), desk.url)
    assert (code, len(lines)) == (0, 4)
    assert [len(post) for post in desk.posts] == [3, 1]


def test_file_is_named_to_the_service_as_a_file(
    tmp_path: Path, open_desk: Callable[[Judge], Desk]
) -> None:
    """Source `files`, an id that is the same next time, nothing that the caller did not say."""
    desk = open_desk(accept)
    (tmp_path / "a.txt").write_text("words", encoding="utf-8")
    run(tmp_path / "a.txt", desk.url)
    run(tmp_path / "a.txt", desk.url)
    ((first,), (second,)) = desk.posts
    assert first == second
    assert first["source"] == {"id": "files", "kind": "file"}
    assert first["id"]
    assert "language" not in first


def test_refused_articles_are_told_and_the_rest_is_posted_again(
    tmp_path: Path, open_desk: Callable[[Judge], Desk]
) -> None:
    """The service takes nothing of a batch with a bad article, so the good ones go without it."""
    desk = open_desk(refuse_bad)
    path = write(tmp_path / "a.jsonl", "fine", "bad one", "fine too", "bad two")
    code, lines, errors = run(path, desk.url)
    assert code == 1
    assert [line.split()[-1] for line in lines] == ["n0", "n2"]
    assert errors.splitlines() == [
        f"error: {path}:2: text: too bad",
        f"error: {path}:4: text: too bad",
    ]
    assert [len(post) for post in desk.posts] == [4, 2]


def test_documents_that_are_bad_already_are_not_posted(
    tmp_path: Path, open_desk: Callable[[Judge], Desk]
) -> None:
    """What has no shape is told here; what it says is the service's to judge."""
    desk = open_desk(accept)
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"text": "fine"}\n{"text": 5}\n\xff\n')
    code, lines, errors = run(path, desk.url)
    assert (code, len(lines)) == (1, 1)
    assert f"error: {path}:2: text: must be a string, not int" in errors
    assert f"error: {path}:3: line: no UTF-8 at byte 0" in errors


def test_busy_service_is_asked_again(tmp_path: Path, open_desk: Callable[[Judge], Desk]) -> None:
    """503 is no refusal: the same batch goes again, and the person is told of the wait."""
    busy: list[Reply] = [(503, {"title": "catching up"}, {"retry-after": "0"})]
    desk = open_desk(lambda articles: busy.pop() if busy else accept(articles))
    code, lines, errors = run(write(tmp_path / "a.jsonl", "fine"), desk.url)
    assert (code, len(lines)) == (0, 1)
    assert len(desk.posts) == 2
    assert f"waiting for ingest at {desk.url}" in errors


def test_unreachable_service_is_named_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After some patience: the address, the reason, and the setting that changes it."""
    monkeypatch.setattr(ingest, "_PATIENCE_SECONDS", 0.2)
    code, lines, errors = run(write(tmp_path / "a.jsonl", "fine"), "http://127.0.0.1:9")
    assert (code, lines) == (1, [])
    assert "http://127.0.0.1:9 does not take articles" in errors
    assert "TOCSIN_INGEST_URL" in errors


@pytest.mark.parametrize(
    "reply",
    [
        (500, {"title": "broken"}, {}),
        (202, {"nothing": "we know"}, {}),
        (202, {"articles": []}, {}),
        (422, {"errors": [{"index": 7, "field": "text", "reason": "whose?"}]}, {}),
        (413, {"errors": [{"index": None, "field": "body", "reason": "too large"}]}, {}),
    ],
)
def test_answer_that_is_not_ingests_is_shown(
    tmp_path: Path, open_desk: Callable[[Judge], Desk], reply: Reply
) -> None:
    """A wrong address is the likeliest cause: status and body are shown, exit code 1."""
    desk = open_desk(lambda _: reply)
    code, _, errors = run(write(tmp_path / "a.jsonl", "fine"), desk.url)
    assert code == 1
    assert f"answered {reply[0]}" in errors


@pytest.mark.parametrize("url", ["127.0.0.1:8080", "ftp://news.example", "http://"])
def test_address_that_is_none_is_refused_at_once(tmp_path: Path, url: str) -> None:
    """Before anything is read or waited for."""
    code, _, errors = run(write(tmp_path / "a.jsonl", "fine"), url)
    assert code == 1
    assert "write it like http://127.0.0.1:8080" in errors


def test_proxy_of_the_environment_is_not_asked_for_this_machine(
    tmp_path: Path, open_desk: Callable[[Judge], Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A company's proxy does not know the services on this machine."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    code, lines, _ = run(write(tmp_path / "a.jsonl", "fine"), open_desk(accept).url)
    assert (code, len(lines)) == (0, 1)
