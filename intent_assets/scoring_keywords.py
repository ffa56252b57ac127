"""Keywords of a strategy, and whose signals hold them (contracts: scoring)."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from intent_assets.signals_bytes import bytes_of, eights

Ints = NDArray[np.int64]

STOP_WORDS = frozenset({"and", "for", "the", "with"})
SHORTEST = 3

_WORD = re.compile(r"[^\W_]+")
_BLANK = 32
_BEYOND_ASCII = 128
# Letters and digits stay, in lower case, and so does what is not ASCII, letter or not.
_WORD_BYTES = bytes(byte if byte >= 128 or chr(byte).isalnum() else _BLANK for byte in bytes(range(256)).lower())
# So many texts' bytes stay in the processor's cache.
_PART = 16_384


class Occurrences(NamedTuple):
    """Pairs of a row and the number of a word that occurs in its texts; a pair may stand there twice."""

    rows: Ints
    words: Ints

    @classmethod
    def nowhere(cls) -> "Occurrences":
        """Return none."""
        return cls(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))

    @classmethod
    def of(cls, parts: Iterable["Occurrences"]) -> "Occurrences":
        """Return all of one part or more."""
        rows, words = zip(*parts, strict=True)
        return cls(np.concatenate(rows), np.concatenate(words))

    def of_rows(self, which: NDArray[np.bool_]) -> "Occurrences":
        """Return those in the marked ones of all rows, which are numbered from 0 then."""
        numbers = np.cumsum(which) - 1
        stays = np.flatnonzero(which[self.rows])
        return Occurrences(numbers[self.rows[stays]], self.words[stays])


def keywords(phrases: Iterable[str]) -> tuple[str, ...]:
    """Return the distinct keywords of the phrases, in order of the alphabet.

    A keyword has at least three characters, letters or digits.
    """
    words = {word for phrase in phrases for word in split(phrase)}
    return tuple(sorted(word for word in words if len(word) >= SHORTEST and word not in STOP_WORDS))


def split(text: str) -> list[str]:
    """Return the words of a text in lower case: its longest runs of letters and digits of any script."""
    return _WORD.findall(text.lower())


def occurrences(texts: pa.Array, words: Sequence[str]) -> Occurrences:
    """Return where each of `words` occurs as a whole word in texts; null holds none."""
    empty, blank = pa.scalar("", texts.type), pa.scalar(" ", texts.type)
    ended = pc.binary_join_element_wise(pc.fill_null(texts, empty), empty, blank)
    content, ends = bytes_of(ended)
    return occurrences_in_bytes(content, ends - 1, words)


def occurrences_in_bytes(texts: bytes, ends: Ints, words: Sequence[str]) -> Occurrences:
    """Return where each of `words` occurs as a whole word in texts (UTF-8) that stand behind each other.

    At each of `ends` stands a byte that is of no word.
    """
    parts = [Occurrences.nowhere()]
    for start in range(0, len(ends) if words else 0, _PART):
        of_part = ends[start : start + _PART]
        first = int(ends[start - 1]) + 1 if start else 0
        found = _words_in(texts[first : int(of_part[-1]) + 1], of_part - first, words)
        parts.append(Occurrences(found.rows + start, found.words))
    return Occurrences.of(parts)


def keyword_counts(owner: Ints, found: Occurrences, words: int, count: int) -> Ints:
    """Return how many of the `words` keywords were `found` in the rows of each of `count` owners."""
    holds = np.zeros((count, words), dtype=np.bool_)
    holds[owner[found.rows], found.words] = True
    return np.asarray(holds.sum(axis=1), dtype=np.int64)


def _words_in(texts: bytes, ends: Ints, words: Sequence[str]) -> Occurrences:
    """Return what `occurrences_in_bytes` does.

    All words of the texts are looked at together, as runs of bytes between blanks: first their first two bytes, then
    their first eight, then the next eight. A run beyond ASCII may be several words, or capital letters.
    """
    # Eight bytes can be read from every place, the last one included.
    padded = np.frombuffer(b" " + texts.translate(_WORD_BYTES) + bytes(8), dtype=np.uint8)
    blanks = np.flatnonzero(padded[:-8] == _BLANK)
    places = list(_places(padded, blanks[:-1] + 1, words))
    if not texts.isascii():
        after = np.searchsorted(blanks, np.flatnonzero(padded[:-8] >= _BEYOND_ASCII))
        after = after[np.flatnonzero(np.diff(after, prepend=0))]
        places += _places_beyond(texts, blanks[after - 1], blanks[after] - 1, words)
    found = [
        Occurrences(np.searchsorted(ends, place - 1, side="right"), np.full(len(place), number))
        for number, place in places
    ]
    return Occurrences.of([Occurrences.nowhere(), *found])


def _places_beyond(texts: bytes, begins: Ints, ends: Ints, words: Sequence[str]) -> Iterator[tuple[int, Ints]]:
    """Give for each word its number and the places of the runs that hold it, of runs beyond ASCII (one byte later)."""
    numbers = {word: number for number, word in enumerate(words)}
    runs = [texts[begin:end] for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)]
    held: defaultdict[bytes, list[int]] = defaultdict(list)
    for run in set(runs):
        for word in set(split(run.decode("utf-8", "replace"))) & numbers.keys():
            held[run].append(numbers[word])
    of_word: defaultdict[int, list[int]] = defaultdict(list)
    for begin, run in zip(begins.tolist() if held else (), runs, strict=False):
        for number in held.get(run, ()):
            of_word[number].append(begin + 1)
    for number, place in of_word.items():
        yield number, np.array(place)


def _places(padded: NDArray[np.uint8], begins: Ints, words: Sequence[str]) -> Iterator[tuple[int, Ints]]:
    """Give for each word its number and the places where it begins, with a blank behind it."""
    sought = [word.encode() + b" " for word in words]
    pairs = np.zeros(2**16, dtype=np.bool_)
    pairs[[int.from_bytes(word[:2], "big") for word in sought]] = True
    # Taking rows by number is quicker than by mask, and aligned bytes are quicker to take than others.
    pair = padded.take(begins).astype(np.uint16) << 8 | padded[1:].take(begins)
    begins = begins.take(np.flatnonzero(pairs.take(pair)))
    eight = eights(padded)
    first = eight[begins]
    for number, word in enumerate(sought):
        place = begins.take(np.flatnonzero(first & _mask(len(word)) == _number(word[:8])))
        for start in range(8, len(word), 8):
            place = place[eight[place + start] & _mask(len(word) - start) == _number(word[start : start + 8])]
        yield number, place


def _mask(length: int) -> np.uint64:
    return np.uint64(2 ** (8 * min(length, 8)) - 1)


def _number(word: bytes) -> np.uint64:
    return np.uint64(int.from_bytes(word, "little"))
