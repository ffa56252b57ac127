"""Free prose against any JSON as evidence, without a model: see `verify`."""

from intent_assets.prose.confidence import THRESHOLD
from intent_assets.prose.findings import ProseFinding
from intent_assets.prose.verifying import verify

__all__ = ["THRESHOLD", "ProseFinding", "verify"]
