"""The scored buyers as the Dagster UI shows them: a bar for the score, a small bar for each factor, the reason."""

import dagster as dg

from intent_assets.assets.common import Frame, markdown_table

_FACTORS = ("type_match", "signal_count", "recency", "urgency", "dollar_value", "keyword_hits")
_SHORT = ("type", "signals", "recent", "urgent", "money", "words")
_ROWS = 25
_BAR = 12
_EIGHTHS = " ▏▎▍▌▋▊▉"
_STEPS = "▁▂▃▄▅▆▇█"


def scored_table(scored: Frame) -> dg.MarkdownMetadataValue:
    """Return the first buyers of `scored` (columns `tables.SCORED_BUYERS`) in rank order, each with its picture.

    A factor's bar is its value from 0 (the lowest step) to 1 (a full block), in the order of the header.
    """
    columns = ("rank", "buyer", "role", "score", "picture", " · ".join(_SHORT), *_FACTORS, "signals", "reason")
    rows = [
        (
            row["rank"],
            row["buyer_name"],
            row["role"],
            row["score"],
            bar(row["score"]),
            steps([row[name] for name in _FACTORS]),
            *(row[name] for name in _FACTORS),
            row["signals"],
            row["reason"],
        )
        for row in scored.head(_ROWS).to_dict("records")
    ]
    return markdown_table(columns, rows)


def bar(share: float) -> str:
    """Return a bar of twelve characters, filled from the left for a `share` from 0 to 1, in eighths."""
    eighths = round(max(0.0, min(1.0, share)) * _BAR * 8)
    whole, rest = divmod(eighths, 8)
    filled = "█" * whole + (_EIGHTHS[rest] if rest else "")
    return filled + "░" * (_BAR - len(filled))


def steps(shares: list[float]) -> str:
    """Return one small bar for each share from 0 to 1."""
    return "".join(_STEPS[round(max(0.0, min(1.0, share)) * (len(_STEPS) - 1))] for share in shares)
