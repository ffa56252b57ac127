"""The outbox of notices, for assets and sensors."""

import dagster as dg

from intent_assets.outbox import Outbox
from intent_assets.settings import load_settings


class OutboxResource(dg.ConfigurableResource[Outbox]):
    """Gives the outbox under `INTENT_HOME`, as the settings say when it is opened."""

    def open(self) -> Outbox:
        """Return the outbox; Clay's address and key are read when it delivers."""
        return Outbox.of(load_settings())
