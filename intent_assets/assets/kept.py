"""What an earlier try of a run has already made, so that a resumed run does not pay for it again."""

import dagster as dg

from intent_assets.assets.common import domain_of, root_run_id
from intent_assets.records import Record
from intent_assets.run_values import run_store
from intent_assets.settings import load_settings
from intent_assets.tries import resumes


def kept(context: dg.AssetExecutionContext, asset: str) -> Record | None:
    """Return the document that an earlier try of this run, or of this step, has stored as `asset`.

    None in a run that begins anew. Whether it fits what is wanted now is for the caller to see: an input may have been
    made again since.
    """
    if not resumes(context.run) and context.retry_number == 0:
        return None
    domain = domain_of(context)
    found: Record | None = run_store(load_settings(), domain, root_run_id(context)).find(asset, domain)
    return found
