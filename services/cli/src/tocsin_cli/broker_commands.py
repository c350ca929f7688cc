"""Sub-commands about what the broker holds: topics, access lists, backups."""

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


def add_broker_commands(app: typer.Typer) -> None:
    """Put these sub-commands into the command."""
    app.add_typer(topics_app, name="topics")
    app.add_typer(acls_app, name="acls")


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
def print_acls(principal: Principals = None) -> None:
    """Print the access lists as a script for Kafka's own kafka-acls.sh."""
    from tocsin_cli.acls import run_print

    raise typer.Exit(run_print(principal or []))


@acls_app.command("apply", epilog="Example: `tocsin acls apply`")
def apply_acls(principal: Principals = None) -> None:
    """Set the access lists at the broker, as an administrator; what is there already stays."""
    from tocsin_cli.acls import run_apply

    raise typer.Exit(run_apply(principal or []))
