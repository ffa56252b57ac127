"""A report as a reader has it, markdown that somebody may have edited, against its ledger."""

from intent_assets.rendered.checking import InvalidLedger, RenderedFinding, facts_of, verify_rendered

__all__ = ["InvalidLedger", "RenderedFinding", "facts_of", "verify_rendered"]
