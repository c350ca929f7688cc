"""The `tocsin` command: one sub-command a module, imported only when it runs."""

import gc
from pathlib import Path
from typing import Annotated

import typer

from tocsin_cli.broker_commands import add_broker_commands
from tocsin_schemas.vocabulary import AlertType, Mode, Severity

COLLECT_AFTER = 200_000
"""New objects after which a command that loads the rules looks for garbage."""

app = typer.Typer(
    name="tocsin",
    help="News in, typed alerts on Kafka out. News monitoring, not a siren.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
add_broker_commands(app)
rules_app = typer.Typer(
    help="Check the classifier's rules and see what they do.", no_args_is_help=True
)
app.add_typer(rules_app, name="rules")

sources_app = typer.Typer(help="Add feeds, and see how all sources fare.", no_args_is_help=True)
app.add_typer(sources_app, name="sources")

letters_app = typer.Typer(
    help="See what could not be processed, and try it again.", no_args_is_help=True
)
app.add_typer(letters_app, name="dead-letter")

Json = Annotated[bool, typer.Option("--json", help="JSON Lines on standard output")]
Since = Annotated[str | None, typer.Option(help="30m, 2h, 3d or a time, 2024-08-20T15:00")]
Paths = Annotated[list[str], typer.Argument(help="Text files, JSON Lines, folders; - for stdin")]


@app.command(epilog="Example: `tocsin classify --json seeds/*.txt`")
def classify(paths: Paths, json: Json = False) -> None:
    """Classify articles without a broker: one line a statement.

    JSON Lines take `id`, `lang`, `text`, `title`, `published_at`.
    """
    # Models and place names are loaded once and stay: looking through them for garbage is waste.
    gc.set_threshold(COLLECT_AFTER)

    from tocsin_cli.classify import run_classify

    raise typer.Exit(run_classify(paths, as_json=json))


@app.command(epilog="Example: `tocsin evaluate --errors tests/corpus/fr.jsonl`")
def evaluate(
    paths: Annotated[list[str], typer.Argument(help="Labelled JSON Lines, folders; - for stdin")],
    errors: Annotated[
        bool, typer.Option("--errors", help="Each error in its sentence, with the reason")
    ] = False,
    json: Json = False,
) -> None:
    """Measure the classifier on labelled documents: precision, recall, F1 by type and language.

    Lines take `text`, `lang`, `alerts` and `unsure`; tests/corpus/README.md says what they hold.
    """
    from tocsin_cli.evaluate import run_evaluate

    raise typer.Exit(run_evaluate(paths, as_json=json, errors=errors))


@app.command(epilog="Example: `tocsin ingest seeds/ --url http://127.0.0.1:8080`")
def ingest(
    paths: Paths,
    url: Annotated[
        str, typer.Option(envvar="TOCSIN_INGEST_URL", help="Address of the ingest service")
    ] = "http://127.0.0.1:8080",
    token: Annotated[
        str | None, typer.Option(envvar="TOCSIN_INGEST_TOKEN", help="Where ingest asks for one")
    ] = None,
    json: Json = False,
) -> None:
    """Post articles to the ingest service: text files, JSON Lines, Telegram Desktop's exports."""
    from tocsin_cli.ingest import run_ingest

    raise typer.Exit(run_ingest(paths, url, token, as_json=json))


@app.command(epilog="Example: `tocsin replay --from 2024-08-01 --speed 60x archive.jsonl`")
def replay(
    paths: Paths,
    since: Annotated[
        str | None, typer.Option("--from", help="The first day or time, UTC: 2024-08-01")
    ] = None,
    until: Annotated[str | None, typer.Option("--to", help="The first that is left out")] = None,
    speed: Annotated[str, typer.Option(help="1x as it was, 60x an hour a minute, or max")] = "60x",
    url: Annotated[
        str, typer.Option(envvar="TOCSIN_INGEST_URL", help="An ingest of the replay's own")
    ] = "http://127.0.0.1:8080",
    token: Annotated[
        str | None, typer.Option(envvar="TOCSIN_INGEST_TOKEN", help="Where ingest asks for one")
    ] = None,
) -> None:
    """Publish archived articles on their own clock, to topics with a prefix (docs/replay.md).

    Live topics refuse them. Articles without a time of publication are left out.
    """
    from tocsin_cli.replay import Replay, parse_speed, parse_time, run_replay

    try:
        times = [parse_time(given) if given else None for given in (since, until)]
        request = Replay(paths, times[0], times[1], parse_speed(speed), url, token)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    raise typer.Exit(run_replay(request))


@app.command("create-token", epilog="Example: `tocsin create-token north-desk`")
def create_token(
    name: Annotated[str, typer.Argument(help="Whose it is: a-z, 0-9 and -")],
) -> None:
    """Make a token for pushing: the token on standard output, its entry for the file beside it."""
    from tocsin_cli.tokens import run_create_token

    raise typer.Exit(run_create_token(name))


@app.command(
    epilog="Example: `tocsin subscribe air-raid-warning --region UA-59 --since 2h --format table`",
)
def subscribe(  # noqa: PLR0913, PLR0917 - each one is an option
    types: Annotated[
        list[AlertType] | None, typer.Argument(help="Types of alert; all when none is given")
    ] = None,
    region: Annotated[
        list[str] | None, typer.Option(help="ISO 3166-2 code, or UA; may be repeated")
    ] = None,
    language: Annotated[
        list[str] | None, typer.Option(help="Language of a source; may be repeated")
    ] = None,
    severity: Annotated[
        Severity, typer.Option(case_sensitive=False, help="The least; claims are Unknown")
    ] = Severity.UNKNOWN,
    confidence: Annotated[float, typer.Option(help="The least, 0 to 1")] = 0.0,
    since: Since = None,
    from_beginning: Annotated[
        bool, typer.Option("--from-beginning", help="Everything kept, not only what comes now")
    ] = False,
    count: Annotated[int, typer.Option(min=0, help="End after so many alerts; 0 never")] = 0,
    timeout: Annotated[
        float | None, typer.Option(min=0, help="End after so many seconds, whatever came")
    ] = None,
    drills: Annotated[bool, typer.Option("--drills", help="Exercises too")] = False,
    replays: Annotated[bool, typer.Option("--replays", help="Replays of old news too")] = False,
    form: Annotated[
        str, typer.Option("--format", help="panels, table (live), json, or cap (warnings only)")
    ] = "panels",
    json: Json = False,
) -> None:
    """Follow the alert topics as any subscriber could (read_committed).

    A country's code takes all its regions; a region takes warnings for the whole country too. The
    end of an alarm passes every threshold.

    Exit codes: **0** an alert came (with --count, so many); **1** none (or fewer) before --timeout;
    **2** wrong usage; **3** Kafka or a setting: no news is not an outage.
    """
    from tocsin_cli.subscribe import Format, Request, run_subscribe

    if form not in list(Format):
        raise typer.BadParameter(f"{form!r} is none of {', '.join(Format)}", param_hint="--format")
    modes = [Mode.LIVE, *([Mode.TEST] * drills), *([Mode.ARCHIVE] * replays)]
    wanted = {
        "types": types or (), "regions": region or (), "languages": language or (),
        "min_severity": severity, "min_confidence": confidence, "modes": modes,
    }  # fmt: skip
    request = Request(
        wanted, since, from_beginning, count, timeout, Format.JSON if json else Format(form)
    )
    raise typer.Exit(run_subscribe(request))


@app.command(epilog="Example: `tocsin demo --once --json`")
def demo(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Articles to ingest; seeds/ when none is given")
    ] = None,
    once: Annotated[
        bool, typer.Option("--once", help="End when all alerts are there, 0, or with the reason")
    ] = False,
    json: Json = False,
) -> None:
    """Run the whole pipeline here: a real broker, the services, the sample article.

    With TOCSIN_KAFKA_BOOTSTRAP set that broker is used; with TOCSIN_INGEST_URL set as well the
    services that run there are used.
    """
    from tocsin_cli.demo import run_demo

    raise typer.Exit(run_demo(paths or [], once=once, as_json=json))


@app.command(epilog="Example: `tocsin drill --region UA-59`")
def drill(
    region: Annotated[str, typer.Option(help="ISO 3166-2 code of the region that is drilled")],
    url: Annotated[
        str, typer.Option(envvar="TOCSIN_INGEST_URL", help="Address of the ingest service")
    ] = "http://127.0.0.1:8080",
    timeout: Annotated[
        float, typer.Option(min=1, max=3600, help="Seconds to wait for each alert")
    ] = 60,
    json: Json = False,
) -> None:
    """Send a marked test alarm and its all-clear through the whole pipeline and every sink.

    Prints both alerts with the seconds that they took; exit code 1 when one did not come. Their
    headlines start with DRILL, their mode is `test`, their CAP status `Exercise`.
    """
    from tocsin_cli.drill import run_drill

    raise typer.Exit(run_drill(region, url, timeout_seconds=timeout, as_json=json))


@app.command("explain-event", epilog="Example: `tocsin explain-event EVENT_ID`")
def explain_event(
    event_id: Annotated[str, typer.Argument(help="The event_id of an alert")], json: Json = False
) -> None:
    """Show every revision of an event: why it was sent, what changed, and who says so."""
    from tocsin_cli.explain_event import run_explain_event

    raise typer.Exit(run_explain_event(event_id, as_json=json))


@rules_app.command("check", epilog="Example: `tocsin rules check`")
def check_rules(json: Json = False) -> None:
    """Check every data file of the classifier and try every entry's example.

    Errors name file, entry, field and reason; docs/rules.md says how entries are written.
    """
    from tocsin_cli.rules import run_check

    raise typer.Exit(run_check(as_json=json))


@rules_app.command("explain", epilog="Example: `tocsin rules explain seeds/*.txt`")
def explain_rules(paths: Paths, json: Json = False) -> None:
    """Show which entries fired where, and why a sentence gave or did not give an alert."""
    from tocsin_cli.rules import run_explain

    raise typer.Exit(run_explain(paths, as_json=json))


@sources_app.command("add", epilog="Example: `tocsin sources add https://news.example`")
def add_source(
    url: Annotated[str, typer.Argument(help="A feed, or a page that names its feed")],
    file: Annotated[
        Path, typer.Option(envvar="TOCSIN_INGEST_SOURCES_FILE", help="The file of sources")
    ] = Path("sources.yaml"),
    name: Annotated[str | None, typer.Option("--id", help="Its name; else from the host")] = None,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Also where the address is private")
    ] = False,
) -> None:
    """Find the feed of a site, try it, and add it to the file of sources."""
    from tocsin_cli.sources import run_add

    raise typer.Exit(run_add(url, file, name, allow_private=allow_private))


@sources_app.command("status", epilog="Example: `tocsin sources status`")
def show_sources(
    url: Annotated[
        str, typer.Option(envvar="TOCSIN_INGEST_URL", help="Address of the ingest service")
    ] = "http://127.0.0.1:8080",
    json: Json = False,
) -> None:
    """Show how each source of a running ingest fares; exit code 1 when one cannot be read."""
    from tocsin_cli.sources import run_status

    raise typer.Exit(run_status(url, as_json=json))


LetterTopics = Annotated[
    list[str] | None,
    typer.Option("--topic", help="articles, detections or deliveries; may be repeated"),
]
Reasons = Annotated[
    list[str] | None, typer.Option("--reason", help="Such as undecodable; may be repeated")
]


@letters_app.command(
    "list", epilog="Example: `tocsin dead-letter list --topic articles --since 2h`"
)
def list_letters(
    topic: LetterTopics = None, reason: Reasons = None, since: Since = None, json: Json = False
) -> None:
    """List dead letters: when, from where, why, and whether they were replayed."""
    from tocsin_cli.dead_letters import run_list

    raise typer.Exit(run_list(topic or [], reason or [], since, as_json=json))


@letters_app.command("show", epilog="Example: `tocsin dead-letter show articles.dead-letter/0/12`")
def show_letter(
    letter: Annotated[str, typer.Argument(help="TOPIC/PARTITION/OFFSET as `list` prints it")],
    raw: Annotated[bool, typer.Option("--raw", help="The bytes alone, untouched")] = False,
    json: Json = False,
) -> None:
    """Show one dead letter with its headers and bytes."""
    from tocsin_cli.dead_letters import run_show

    raise typer.Exit(run_show(letter, as_json=json, raw=raw))


@letters_app.command(
    "replay", epilog="Example: `tocsin dead-letter replay --topic articles --reason failed`"
)
def replay_letters(
    letters: Annotated[
        list[str] | None, typer.Argument(help="Letters as `list` prints them; or use a filter")
    ] = None,
    topic: LetterTopics = None,
    reason: Reasons = None,
    since: Since = None,
    everything: Annotated[bool, typer.Option("--all", help="Every letter there is")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask")] = False,
) -> None:
    """Send dead letters back to where they came from: same key, same bytes, same ids.

    The letter stays; a mark beside it says that it was replayed. A filter leaves out those that
    were replayed before.
    """
    from tocsin_cli.dead_letters import run_replay

    if not (letters or topic or reason or since or everything):
        raise typer.BadParameter("name letters, a filter, or --all")
    raise typer.Exit(
        run_replay(
            letters or [], topic or [], reason or [], since,
            confirm=lambda question: yes or typer.confirm(question, err=True),
        )
    )  # fmt: skip
