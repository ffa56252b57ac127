"""What a run needs before it starts: settings that can be used, and a key for each service that it will call."""

from typing import TYPE_CHECKING

from intent_assets.settings import load_services, load_settings

if TYPE_CHECKING:
    import dagster as dg

NEEDED = {
    "starbridge": ("DATAGEN_API_KEY",),
    "claude": ("ANTHROPIC_API_KEY",),
    "notion": ("NOTION_TOKEN", "NOTION_PARENT_ID"),
    "outbox": ("CLAY_WEBHOOK_URL",),
}
"""Resource -> variables without which none of its calls can be made."""


def check_start(resource: str, context: "dg.InitResourceContext") -> None:
    """Fail a run that lacks what `resource` needs, before its first step; sensors, which only store, go on.

    Dagster sets up only the resources that the selected assets use, so what calls no service needs no key. Raises
    `MissingSettings`, which names what the run's other resources lack as well, and `InvalidSettings`.
    """
    if context.run is None:
        return
    load_settings()
    services = load_services()
    if all(getattr(services, name.lower()) for name in NEEDED[resource]):
        return
    used = [name for key, names in NEEDED.items() if key in context.all_resource_defs for name in names]
    services.require(*(used or NEEDED[resource]))
