"""The outbox of notices, for assets and sensors."""

import dagster as dg

from intent_assets.outbox import Outbox
from intent_assets.resources.start_up import check_start
from intent_assets.settings import load_settings


class OutboxResource(dg.ConfigurableResource[Outbox]):
    """Gives the outbox under `INTENT_HOME`, as the settings say when it is opened."""

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        """Stop a run without a key before its first step."""
        check_start("outbox", context)

    def open(self) -> Outbox:
        """Return the outbox; Clay's address and key are read when it delivers."""
        return Outbox.of(load_settings())
