"""The console script `intent`: the commands, wired; errors of ours end as one line and an exit code."""

import os
import sys

import typer

from intent_assets.cli_audit import audit
from intent_assets.cli_backup import backup, restore
from intent_assets.cli_demo import demo
from intent_assets.cli_dev import dev
from intent_assets.cli_doctor import doctor
from intent_assets.cli_domains import domains
from intent_assets.cli_erase import erase
from intent_assets.cli_history import history
from intent_assets.cli_import import import_history
from intent_assets.cli_notices import notices
from intent_assets.cli_prune import prune
from intent_assets.cli_release import release
from intent_assets.cli_reply import reply
from intent_assets.cli_report import report
from intent_assets.cli_retry import retry
from intent_assets.cli_runs import runs
from intent_assets.cli_sandbox import sandbox
from intent_assets.cli_score import score
from intent_assets.cli_serve import serve
from intent_assets.cli_show import show
from intent_assets.cli_up import up
from intent_assets.cli_verify import verify_text
from intent_assets.errors import IntentError

app = typer.Typer(
    name="intent",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help=(
        "Reports for sales: one positive reply in, one fact-checked report on a Notion page out.\n\n"
        "Try `intent demo` first; it needs no key. Keys and addresses come from the environment or .env "
        "(see .env.example); state lives under INTENT_HOME (default .intent)."
    ),
)
for command in (demo, dev, report, retry, release, reply, show, runs, history, erase, domains, doctor, sandbox, score):
    app.command()(command)
app.command()(notices)
app.command()(backup)
app.command()(restore)
app.command()(prune)
app.command()(audit)
app.command()(serve)
app.command()(up)
app.command("import")(import_history)
app.command("verify")(verify_text)


def main() -> None:
    """Run the command line; exit code 1 and one line on standard error where one of our errors ends it."""
    os.umask(0o077)  # what Dagster and DuckDB make is for the owner only as well, in all that starts from here
    try:
        app()
    except IntentError as problem:
        typer.echo(f"intent: {problem}", err=True)
        sys.exit(1)
    except OSError as problem:
        where = f"{problem.filename}: " if problem.filename else ""
        typer.echo(f"intent: {where}{problem.strerror or problem}; see where state lives with: intent doctor", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
