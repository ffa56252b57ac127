"""`intent domains`: the partitions."""

import json
from typing import Annotated

import typer

from intent_assets.domains import normalise_domain
from intent_assets.settings import load_settings


def domains(
    add: Annotated[list[str] | None, typer.Option(help="A domain to add, in any spelling; may be given again.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list.")] = False,
) -> None:
    """List the domains (partitions) that Dagster knows, or add some.

    `dagster asset materialize -m intent_assets.definitions --select ASSET --partition DOMAIN` and backfills take only
    domains that are known.
    """
    from intent_assets.instance import open_instance
    from intent_assets.partitions import domains as partitions

    name = str(partitions.name)
    with open_instance(load_settings()) as instance:
        if add:
            instance.add_dynamic_partitions(name, [normalise_domain(text) for text in add])
        known = sorted(instance.get_dynamic_partitions(name))
    if as_json:
        typer.echo(json.dumps(known))
    elif known:
        typer.echo("\n".join(known))
    else:
        typer.echo("no domain yet; add one with: intent domains --add vmock.example", err=True)
