"""Text against facts: the gate for text with slots, and `verify` for text that nobody bound.

What it exports is imported when it is first asked for: the definitions need the wordings of the licences alone.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from intent_assets.grounding.gate import check_report, check_text, texts_of
    from intent_assets.grounding.names import AllowedNames
    from intent_assets.prose import ProseFinding, verify

__all__ = ["AllowedNames", "ProseFinding", "check_report", "check_text", "texts_of", "verify"]

_HOMES = {
    "AllowedNames": "intent_assets.grounding.names",
    "ProseFinding": "intent_assets.prose",
    "verify": "intent_assets.prose",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES.get(name, "intent_assets.grounding.gate")), name)
