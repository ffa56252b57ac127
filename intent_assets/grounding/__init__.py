"""Text against facts: the gate for text with slots, and `verify` for text that nobody bound."""

from intent_assets.grounding.gate import check_report, check_text, texts_of
from intent_assets.grounding.names import AllowedNames
from intent_assets.prose import ProseFinding, verify

__all__ = ["AllowedNames", "ProseFinding", "check_report", "check_text", "texts_of", "verify"]
