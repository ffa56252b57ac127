"""How near the words of a sentence stand to a place in it."""

from collections.abc import Sequence

from intent_assets.prose.vocabulary import Word

BESIDE = 0.35
"""How near a word has to be to name the field of a figure or date."""
_ABOUT = 45
_FARTHEST = 135
_BEHIND_ANOTHER = 0.3

Near = dict[str, float]


def nearness(told: Sequence[Word], start: int, end: int, after: int, before: int) -> Near:
    """Return how near each concept is to a place: 1 right beside it, less behind another figure.

    `after` and `before` are where the figures around it end and start.
    """
    near: Near = {}
    for word in told:
        if start <= word.start < end:
            continue
        distance = start - word.end if word.end <= start else word.start - end
        if distance > _FARTHEST:
            continue
        beside = after <= word.start and word.end <= before
        weight = (1.0 if beside else _BEHIND_ANOTHER) / (1 + max(distance, 0) / _ABOUT)
        for concept in word.means:
            near[concept] = max(near.get(concept, 0), weight)
    return near
