"""The inbox of replies, for assets and sensors."""

import dagster as dg

from intent_assets.intake.inbox import Inbox
from intent_assets.settings import load_settings


class InboxResource(dg.ConfigurableResource[Inbox]):
    """Gives the inbox under `INTENT_HOME`, as the settings say when it is opened."""

    def open(self) -> Inbox:
        """Return the inbox; its folders are made when the first reply comes."""
        return Inbox(load_settings().inbox)
