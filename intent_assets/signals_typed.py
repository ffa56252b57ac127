"""Rows of wire opportunities, typed: what scoring needs of each, and the keywords in its texts."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from intent_assets.scoring_keywords import Occurrences
from intent_assets.signals_copies import keys
from intent_assets.signals_dates import Days, to_dates
from intent_assets.signals_json import Row, read_parts
from intent_assets.signals_processes import in_processes, shares
from intent_assets.signals_states import KINDS, OPEN_STATUS, STATES
from intent_assets.signals_wire import TEXT, WireColumns, trimmed

DATES: Mapping[str, str] = {"event_date": "postedDate", "due_date": "dueDate", "until_date": "untilDate"}
TEXTS: Mapping[str, str] = {
    "title": "title", "summary": "summary", "status": "status", "buyer_type": "buyerType", "buyer_tags": "buyerTags",
    "buyer_name": "buyerName", "buyer_state": "buyerState", "buyer_website": "buyerWebsite",
    "parent_buyer_id": "parentBuyerId", "parent_buyer_name": "parentBuyerName",
}  # fmt: skip
"""Columns of `tables.DISCOVERIES`, and the field of the wire that each is."""

_SEARCHED = ("title", "summary")
_AMOUNT = "purchaseAmount"

StatesOf = Callable[[NDArray[np.int64], NDArray[np.bool_], Mapping[str, Days]], NDArray[np.int64]]
"""The state of each row, by its kind, whether its status is an open one and its days (`signals_states.states`)."""


class TypedRows(NamedTuple):
    """The rows that are objects, and for each row given whether it is one.

    `table` has the columns `signal_id`, `key_of_id` (`signals_copies.keys`), `buyer_id`, `kind`, `state`, those of
    `DATES`, `unreadable_dates` (how many), `amount` (US dollars) and texts. All texts are trimmed; but for signal ids,
    titles and summaries each is held once.
    """

    table: pa.Table
    found: Occurrences
    objects: NDArray[np.bool_]


def typed_rows(rows: Sequence[Row], texts: Sequence[str], words: Sequence[str], states_of: StatesOf) -> TypedRows:
    """Return the rows, in order, with those columns of `TEXTS` and where the `words` occur."""
    count = shares(len(rows))
    ends = [len(rows) * number // count for number in range(count + 1)]
    tasks = [partial(_share, rows, start, end, texts, words, states_of) for start, end in pairwise(ends)]
    return _joined(in_processes(tasks))


def _share(
    rows: Sequence[Row], start: int, end: int, texts: Sequence[str], words: Sequence[str], states_of: StatesOf
) -> TypedRows:
    wanted = [TEXTS[name] for name in texts] + list(_SEARCHED if words else ())
    fields = list(dict.fromkeys(["id", "buyerId", "type", "status", *DATES.values(), _AMOUNT, *wanted]))
    parts = read_parts(rows[start:end], fields)
    typed = _joined([_typed(WireColumns(part), texts, words, states_of) for part in parts])
    # Most buyers of a part stand there once: they are told apart once for all parts.
    buyers = typed.table["buyer_id"].combine_chunks().dictionary_encode()
    place = typed.table.schema.get_field_index("buyer_id")
    return typed._replace(table=typed.table.set_column(place, "buyer_id", buyers))


def _joined(parts: Sequence[TypedRows]) -> TypedRows:
    tables, found, objects = zip(*parts, strict=True)
    starts = np.cumsum([0, *(table.num_rows for table in tables[:-1])])
    moved = [Occurrences(part.rows + start, part.words) for part, start in zip(found, starts, strict=True)]
    table = pa.concat_tables(tables).unify_dictionaries()
    return TypedRows(table, Occurrences.of(moved), np.concatenate(objects))


def _typed(wire: WireColumns, texts: Sequence[str], words: Sequence[str], states_of: StatesOf) -> TypedRows:
    dates = {name: wire.dates(field) for name, field in DATES.items()}
    ids = trimmed(wire.text("id"))
    kind = _places(wire.distinct("type"), list(KINDS))
    is_open = _places(wire.distinct("status"), OPEN_STATUS) >= 0
    made = {
        "signal_id": ids,
        "key_of_id": keys(ids),
        "buyer_id": trimmed(wire.text("buyerId")),
        "kind": _words(kind, list(KINDS.values())),
        "state": _words(states_of(kind, is_open, {name: found.days for name, found in dates.items()}), STATES),
        **{name: to_dates(found.days) for name, found in dates.items()},
        "unreadable_dates": np.sum([found.unreadable for found in dates.values()], axis=0, dtype=np.int8),
        "amount": wire.amount(_AMOUNT),
        **{name: trimmed(wire.text(name)) if name in _SEARCHED else wire.distinct(TEXTS[name]) for name in texts},
    }
    found = [wire.occurrences(field, words) for field in _SEARCHED] if words else [Occurrences.nowhere()]
    return TypedRows(pa.table(made), Occurrences.of(found), wire.objects)


def _places(texts: pa.DictionaryArray, words: Sequence[str]) -> NDArray[np.int64]:
    """Return which of `words` each text is, -1 for none."""
    found = pc.index_in(texts.dictionary, value_set=pa.array(words, type=TEXT)).take(texts.indices)
    return np.asarray(pc.fill_null(found, -1).to_numpy(), dtype=np.int64)


def _words(places: NDArray[np.int64], words: Sequence[str]) -> pa.DictionaryArray:
    """Return the word at each of the places, null at -1."""
    return pa.DictionaryArray.from_arrays(pa.array(places.astype(np.int8), mask=places < 0), pa.array(words, type=TEXT))
