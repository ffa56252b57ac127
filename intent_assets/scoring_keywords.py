"""Keywords of a strategy, and whose signals hold them (contracts: scoring)."""

import unicodedata
from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

STOP_WORDS = frozenset({"and", "for", "the", "with"})
SHORTEST = 3

# What ends a word in a text of ASCII, which is much the quicker to look for, and in any text.
_PLAIN = "[^A-Za-z0-9]"
_ANY = r"[^\p{L}\p{N}]"


def keywords(phrases: Iterable[str]) -> tuple[str, ...]:
    """Return the distinct keywords of the phrases, in order of the alphabet.

    A keyword has at least three characters, letters or digits.
    """
    words = {word for phrase in phrases for word in split(phrase)}
    return tuple(sorted(word for word in words if len(word) >= SHORTEST and word not in STOP_WORDS))


def split(text: str) -> list[str]:
    """Return the words of a text in lower case: its longest runs of letters and digits of any script."""
    return "".join(char if unicodedata.category(char)[0] in "LN" else " " for char in text.lower()).split()


def keyword_counts(
    owner: NDArray[np.int64], title: pa.ChunkedArray, summary: pa.ChunkedArray, words: tuple[str, ...], count: int
) -> NDArray[np.int64]:
    """Return how many of `words` occur as whole words in the texts of each of `count` owners."""
    found = np.zeros(count, dtype=np.int64)
    if not words or not len(title):
        return found
    texts = pc.binary_join_element_wise(
        title, summary, pa.scalar("\n", title.type), null_handling="replace", null_replacement=""
    )
    # Most texts hold no keyword at all: one pass over them leaves few for the passes of the single keywords.
    some = pc.match_substring_regex(texts, f"(?i){'|'.join(words)}")
    texts, owner = texts.filter(some), owner[some.to_numpy()]
    plain = pc.string_is_ascii(texts)
    kinds = ((plain, _PLAIN), (pc.invert(plain), _ANY))
    parts = [(texts.filter(which), owner[which.to_numpy()], end) for which, end in kinds]
    for word in words:
        has_word = np.zeros(count, dtype=np.bool_)
        for part, of, end in parts:
            if len(part):
                holds = pc.match_substring_regex(part, f"(?:^|{end})(?i:{word})(?:{end}|$)")
                has_word[of[holds.to_numpy()]] = True
        found += has_word
    return found
