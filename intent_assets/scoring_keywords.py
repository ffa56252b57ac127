"""Keywords of a strategy, and whose signals hold them (contracts: scoring)."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from intent_assets.signals_threads import side_by_side

Ints = NDArray[np.int64]

STOP_WORDS = frozenset({"and", "for", "the", "with"})
SHORTEST = 3

_BLANK = 32
# Lower case letters and digits stay, and so does what is not ASCII, of which `_lower` leaves only letters and digits.
_WORD_BYTES = bytes(byte if byte >= 128 or chr(byte).isalnum() else _BLANK for byte in bytes(range(256)).lower())
_OTHER = r"[^\p{L}\p{N}\x00-\x7F]+"
# So many texts' bytes stay in the processor's cache.
_PART = 16_384


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
    owner: Ints, title: pa.ChunkedArray, summary: pa.ChunkedArray, words: tuple[str, ...], count: int
) -> Ints:
    """Return how many of `words` occur as whole words in the texts of each of `count` owners."""
    if not words:
        return np.zeros(count, dtype=np.int64)
    texts = pa.table([title, summary], ["title", "summary"])
    starts = range(0, len(owner), _PART)
    parts = side_by_side([partial(_found, texts.slice(start, _PART), words) for start in starts], len(owner))
    found = np.zeros((count, len(words)), dtype=np.bool_)
    for start, (text, word) in zip(starts, parts, strict=True):
        found[owner[start + text], word] = True
    return np.asarray(found.sum(axis=1), dtype=np.int64)


def _found(texts: pa.Table, words: tuple[str, ...]) -> tuple[Ints, Ints]:
    """Return the row and the number of the word wherever a word occurs in the columns `title` and `summary`."""
    blank, end = pa.scalar(" ", texts["title"].type), pa.scalar("", texts["title"].type)
    joined = pc.binary_join_element_wise(
        texts["title"], texts["summary"], end, blank, null_handling="replace", null_replacement=""
    ).combine_chunks()
    plain = pc.string_is_ascii(joined)
    if pc.all(plain).as_py() in (True, None):
        return _words_in(joined, words)
    rows = np.flatnonzero(~plain.to_numpy(zero_copy_only=False))
    other_rows, other_words = _words_in(_lower(joined.take(pa.array(rows))), words)
    rest = np.flatnonzero(plain.to_numpy(zero_copy_only=False))
    plain_rows, plain_words = _words_in(joined.take(pa.array(rest)), words)
    return np.concatenate([rest[plain_rows], rows[other_rows]]), np.concatenate([plain_words, other_words])


def _lower(texts: pa.Array) -> pa.Array:
    """Return texts in lower case as Python has it, which no kernel of Arrow does, with blanks round their words."""
    lower = pa.array(list(map(str.lower, texts.to_pylist())), type=texts.type)
    return pc.replace_substring_regex(lower, _OTHER, " ")


def _words_in(texts: pa.Array, words: tuple[str, ...]) -> tuple[Ints, Ints]:
    """Return the row and the number of the word wherever a word occurs in texts that end with a blank.

    All words of the texts are looked at together, as runs of bytes between blanks: first their length, then their
    first eight bytes, then the next eight.
    """
    _, offsets, data = texts.buffers()
    ends = np.frombuffer(offsets, dtype=np.int64)[texts.offset : texts.offset + len(texts) + 1]
    content = b"" if data is None else data[ends[0] : ends[-1]].to_pybytes()
    # Eight bytes can be read from every place, the last one included.
    padded = np.frombuffer(b" " + content.translate(_WORD_BYTES) + bytes(8), dtype=np.uint8)
    eight = np.ndarray(shape=(len(padded) - 7,), dtype="<u8", buffer=padded, strides=(1,))
    blanks = np.flatnonzero(padded[:-8] == _BLANK)
    begins, lengths = blanks[:-1] + 1, np.diff(blanks) - 1
    rows, numbers = [], []
    for number, place in _places(eight, begins, lengths, words):
        rows.append(np.searchsorted(ends, place - 1 + ends[0], side="right") - 1)
        numbers.append(np.full(len(place), number))
    return np.concatenate(rows), np.concatenate(numbers)


def _places(
    eight: NDArray[np.uint64], begins: Ints, lengths: Ints, words: tuple[str, ...]
) -> Iterator[tuple[int, Ints]]:
    """Give for each word its number and the places where it begins."""
    by_length: defaultdict[int, list[tuple[int, bytes]]] = defaultdict(list)
    for number, word in enumerate(words):
        by_length[len(word.encode())].append((number, word.encode()))
    for length, same in by_length.items():
        of_length = begins[lengths == length]
        first = eight[of_length] & _mask(length)
        for number, letters in same:
            place = of_length[first == _number(letters[:8])]
            for start in range(8, length, 8):
                place = place[eight[place + start] & _mask(length - start) == _number(letters[start : start + 8])]
            yield number, place


def _mask(length: int) -> np.uint64:
    return np.uint64(2 ** (8 * min(length, 8)) - 1)


def _number(word: bytes) -> np.uint64:
    return np.uint64(int.from_bytes(word, "little"))
