"""Sub-commands about what the broker holds: topics, access lists, backups."""

from pathlib import Path
from typing import Annotated

import typer

topics_app = typer.Typer(help="Create and list the topics.", no_args_is_help=True)
acls_app = typer.Typer(
    help="The least that each service and subscriber may do at the broker.", no_args_is_help=True
)

Json = Annotated[bool, typer.Option("--json", help="JSON Lines on standard output")]
Principals = Annotated[
    list[str] | None,
    typer.Option("--principal", help="NAME=User:...; else User:tocsin-NAME; may be repeated"),
]

Topics = Annotated[
    list[str] | None,
    typer.Option("--topic", help="Name without the prefix; may be repeated; else all of them"),
]
Folder = Annotated[Path, typer.Argument(help="Folder of the backup", file_okay=False)]


def add_broker_commands(app: typer.Typer) -> None:
    """Put these sub-commands into the command."""
    app.add_typer(topics_app, name="topics")
    app.add_typer(acls_app, name="acls")
    app.command(epilog="Example: `tocsin backup ./backup`")(backup)
    app.command(epilog="Example: `tocsin restore ./backup`")(restore)


@topics_app.command("create", epilog="Example: `TOCSIN_TOPIC_PREFIX=replay. tocsin topics create`")
def create_topics(
    replication: Annotated[int, typer.Option(min=1, max=9, help="Copies of each partition")] = 1,
    archive: Annotated[
        bool, typer.Option("--archive", help="Settings for replays; needs a prefix")
    ] = False,
    wait: Annotated[
        float, typer.Option(min=0, help="Seconds to wait for the broker before giving up")
    ] = 60,
) -> None:
    """Create the topics that do not exist yet; what exists stays as it is."""
    from tocsin_cli.topics import run_create

    raise typer.Exit(run_create(replication, archive=archive, wait_seconds=wait))


@topics_app.command("list", epilog="Example: `tocsin topics list --json`")
def list_topics(json: Json = False) -> None:
    """Show the table of topics."""
    from tocsin_cli.topics import run_list

    raise typer.Exit(run_list(as_json=json))


@acls_app.command("print", epilog="Example: `tocsin acls print > acls.sh`")
def print_acls(
    principal: Principals = None,
    strimzi: Annotated[
        bool, typer.Option("--strimzi", help="KafkaUser resources for Strimzi's operator")
    ] = False,
) -> None:
    """Print the access lists as a script for Kafka's own kafka-acls.sh."""
    from tocsin_cli.acls import run_print

    raise typer.Exit(run_print(principal or [], strimzi=strimzi))


@acls_app.command("apply", epilog="Example: `tocsin acls apply`")
def apply_acls(principal: Principals = None) -> None:
    """Set the access lists at the broker, as an administrator; what is there already stays."""
    from tocsin_cli.acls import run_apply

    raise typer.Exit(run_apply(principal or []))


def backup(folder: Folder, topic: Topics = None) -> None:
    """Copy topics to checksummed files; run again, it goes on where it ended.

    All topics but the heartbeat's, with the places of classifier and notifier; docs/backup.md.
    """
    from tocsin_cli.backup import run_backup

    raise typer.Exit(run_backup(folder, topic or []))


def restore(
    folder: Folder,
    topic: Topics = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with a restore that was interrupted")
    ] = False,
    append: Annotated[
        bool, typer.Option("--append", help="Write behind what stands on the topics")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Only look whether the backup is whole; no broker")
    ] = False,
) -> None:
    """Write a backup's records back to empty topics: keys, headers, times and partitions kept.

    Stop the services first. A topic that is not empty is refused without --resume or --append.
    """
    from tocsin_cli.restore import run_restore

    if resume and append:
        raise typer.BadParameter("--resume and --append exclude each other")
    raise typer.Exit(run_restore(folder, topic or [], resume=resume, append=append, check=check))
