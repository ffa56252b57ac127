"""Texts of an Arrow column as the bytes that they are, eight of them at once."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Ints = NDArray[np.int64]


def bytes_of(texts: pa.Array) -> tuple[bytes, Ints]:
    """Return the texts (`large_string`) behind each other, and where each ends; null takes no place."""
    _, offsets, data = texts.buffers()
    ends = np.frombuffer(offsets, dtype=np.int64)[texts.offset : texts.offset + len(texts) + 1]
    return b"" if data is None else data[ends[0] : ends[-1]].to_pybytes(), ends[1:] - ends[0]


def eights(content: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Return for each place the number that the eight bytes from there on are, the first the lowest."""
    return np.ndarray(shape=(len(content) - 7,), dtype="<u8", buffer=content, strides=(1,))
