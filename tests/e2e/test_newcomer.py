"""The README's four lines from an empty sources.yaml to the first alert, run as they stand."""

import asyncio
import os
import re
import signal
import subprocess
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from aiohttp import web

from support.services import SCRIPTS, wait_until
from support.web import serve_web

pytestmark = pytest.mark.timeout(300)

README = Path(__file__).parents[2] / "README.md"
ADDRESS = "https://news.example"
SENTENCE = "Повітряна тривога в Сумській області, усім негайно пройти в укриття."
HOME = """<html><head><title>Громада</title>
<link rel="alternate" type="application/rss+xml" href="/news.rss"></head></html>"""
FEED = """<rss version="2.0"><channel><title>Громада</title><item><title>Тривога</title>
<link>/1</link><description>{text}</description><pubDate>{date}</pubDate></item></channel></rss>"""


def four_lines() -> str:
    """The code behind the mark."""
    found = re.search(r"<!-- newcomer -->\s*```sh\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    assert found, "README.md has lost its four lines"
    assert len(found[1].splitlines()) == 4
    assert found[1].count(ADDRESS) == 1
    return found[1]


async def serve(request: web.Request) -> web.Response:
    """A site that names its feed; the feed tells of an alarm that began a minute ago."""
    if request.path == "/":
        return web.Response(text=HOME, content_type="text/html")
    if request.path != "/news.rss":
        return web.Response(status=404)
    date = format_datetime(datetime.now(UTC) - timedelta(minutes=1))
    return web.Response(
        text=FEED.format(text=SENTENCE, date=date), content_type="application/rss+xml"
    )


def run(script: str, folder: Path, environment: dict[str, str]) -> tuple[int, str]:
    """Run lines as a shell does, and end what they left in the background.

    Returns:
        The last line's exit code, and all that was printed.

    """
    output = folder / "output.txt"
    with output.open("wb") as sink:
        process = subprocess.Popen(
            ["bash", "-c", script],
            cwd=folder,
            env={
                **{key: value for key, value in os.environ.items() if key[:7] != "TOCSIN_"},
                **environment,
                "PATH": f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}",
            },
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=sink,
            start_new_session=True,
        )
    try:
        code = process.wait(180)
    except subprocess.TimeoutExpired:
        pytest.fail(f"no alert came:\n{output.read_text('utf-8')}")
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)
        wait_until(lambda: not group_lives(process.pid), 30, "the demo has ended")
    return code, output.read_text("utf-8")


def group_lives(number: int) -> bool:
    """Whether a process of the group is left."""
    try:
        os.killpg(number, 0)
    except ProcessLookupError:
        return False
    return True


async def test_four_lines_lead_from_nothing_to_the_first_alert(
    tmp_path: Path, broker_address: dict[str, str]
) -> None:
    """The site's feed is found and asked, and the alarm in it is shown with its sentence."""
    (tmp_path / "sources.yaml").touch()
    async with serve_web(serve) as base:
        script = four_lines().replace(ADDRESS, f"{base} --allow-private")
        code, output = await asyncio.to_thread(run, script, tmp_path, broker_address)
    assert code == 0, output
    assert f"{base}/news.rss: 1 items, 1 of them dated" in output
    assert SENTENCE in " ".join(output.replace("│", " ").split()), output
    assert "allow_private: true" in (tmp_path / "sources.yaml").read_text("utf-8")
