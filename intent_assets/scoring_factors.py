"""The six factors of every candidate, each in [0, 1] (contracts: scoring), and what they were computed from."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from intent_assets.scoring_keywords import Occurrences, keyword_counts
from intent_assets.signals_dates import NO_DATE, Days, from_dates
from intent_assets.signals_wire import as_dictionary

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FACTORS = ("type_match", "signal_count", "recency", "urgency", "dollar_value", "keyword_hits")


@dataclass(frozen=True)
class Factors:
    """One entry per candidate in each array; days are since 1970-01-01 or `NO_DATE`, amounts US dollars or 0."""

    values: Floats
    """Shape (candidates, 6), in the order of `FACTORS`."""
    sought_type: pa.Array
    """The first of the buyer's types that is sought, as the strategy spells it, or null."""
    signals: Ints
    actionable: Ints
    newest: Days
    open_rfps: Ints
    first_due: Days
    """The first day on which bids of an open RFP are due."""
    contract_end: Days
    purchase_end: Days
    """The first end of an expiring contract, and of an expiring purchase."""
    largest_amount: Floats
    keywords_found: Ints
    keywords: int
    """How many keywords the strategy has."""

    def take(self, order: Ints) -> "Factors":
        """Return the same for the candidates at the positions `order`."""
        arrays = {
            name: value.take(pa.array(order)) if isinstance(value, pa.Array) else value[order]
            for name, value in vars(self).items()
            if name != "keywords"
        }
        return replace(self, **arrays)


def factors(
    signals: pa.Table,
    candidates: pa.Table,
    buyer: Ints,
    buyer_types: Sequence[str],
    found: Occurrences,
    words: int,
    *,
    as_of: int,
    recency_days: int,
    expiring_days: int,
) -> Factors:
    """Return the factors of the `candidates`.

    `signals` has the columns that scoring needs of `tables.DISCOVERIES`, `candidates` those of `CANDIDATE_BUYERS`;
    `buyer` is the row among the candidates of each signal's buyer, `found` which of the strategy's `words` keywords
    occur in each signal's texts, `as_of` is in days since 1970-01-01.
    """
    count = candidates.num_rows
    kind, state = _flags(signals["kind"]), _flags(signals["state"])
    event, due, until = (from_dates(signals[name]) for name in ("event_date", "due_date", "until_date"))

    number = np.bincount(buyer, minlength=count)
    newest = np.full(count, NO_DATE)
    np.maximum.at(newest, buyer, event)
    is_open = kind("rfp") & state("open")
    open_rfps = np.bincount(buyer[is_open], minlength=count)
    ends = {name: _first(buyer, until, kind(name) & state("expiring"), count) for name in ("contract", "purchase")}
    largest = np.zeros(count)
    np.maximum.at(largest, buyer, np.asarray(pc.fill_null(signals["amount"], 0.0).to_numpy(), dtype=np.float64))
    hits = keyword_counts(buyer, found, words, count)
    sought = _sought(candidates, buyer_types)

    values = np.empty((count, len(FACTORS)))
    values[:, 0] = pc.is_valid(sought).to_numpy(zero_copy_only=False)
    values[:, 1] = _share(number.astype(np.float64))
    age = np.where(newest == NO_DATE, recency_days, np.maximum(as_of - np.where(newest == NO_DATE, 0, newest), 0))
    values[:, 2] = np.maximum(recency_days - age, 0) / recency_days
    values[:, 3] = _urgency(open_rfps, [ends["contract"], ends["purchase"]], as_of, expiring_days)
    # math.log1p, unlike numpy's, does not depend on what the processor has.
    values[:, 4] = _share(np.fromiter(map(math.log1p, largest.tolist()), dtype=np.float64, count=count))
    values[:, 5] = _share(hits.astype(np.float64))
    return Factors(
        values=values,
        sought_type=sought,
        signals=number,
        actionable=np.bincount(buyer[~(state("closed") | state("expired"))], minlength=count),
        newest=newest,
        open_rfps=open_rfps,
        first_due=_first(buyer, due, is_open, count),
        contract_end=ends["contract"],
        purchase_end=ends["purchase"],
        largest_amount=largest,
        keywords_found=hits,
        keywords=words,
    )


def _flags(column: pa.ChunkedArray) -> Callable[[str], Bools]:
    encoded = as_dictionary(column)
    places = pc.fill_null(encoded.indices, -1).to_numpy()

    def are(word: str) -> Bools:
        place = encoded.dictionary.index(word).as_py()
        # Null has the place -1, and so would have a word that stands nowhere.
        is_word: Bools = places == place if place >= 0 else np.zeros(len(places), dtype=np.bool_)
        return is_word

    return are


def _first(buyer: Ints, days: Days, which: Bools, count: int) -> Days:
    none = np.iinfo(np.int64).max
    first = np.full(count, none)
    dated = which & (days != NO_DATE)
    np.minimum.at(first, buyer[dated], days[dated])
    return np.where(first == none, NO_DATE, first)


def _urgency(open_rfps: Ints, ends: Sequence[Days], as_of: int, expiring_days: int) -> Floats:
    urgency = np.where(open_rfps > 0, 1.0, 0.0)
    for end in ends:
        left = np.where(end == NO_DATE, expiring_days, end - np.where(end == NO_DATE, 0, as_of))
        urgency = np.maximum(urgency, (expiring_days - left) / expiring_days)
    return urgency


def _share(values: Floats) -> Floats:
    """Return each value as a share of the largest, 0 where that is 0."""
    largest = values.max(initial=0.0)
    return values / largest if largest > 0 else np.zeros(len(values))


def _sought(candidates: pa.Table, buyer_types: Sequence[str]) -> pa.Array:
    spelled = {wanted.strip().lower(): wanted.strip() for wanted in reversed(buyer_types) if wanted.strip()}
    text = pa.large_string()
    said = pc.binary_join_element_wise(
        candidates["buyer_type"], candidates["buyer_tags"], pa.scalar(",", text), null_handling="replace"
    ).combine_chunks()
    encoded = said.dictionary_encode()
    lists = pc.split_pattern(encoded.dictionary, ",")
    words = pc.utf8_lower(pc.utf8_trim_whitespace(lists.flatten()))
    position = pc.index_in(words, value_set=pa.array(list(spelled), type=text))
    known = pc.is_valid(position)
    owner = pc.list_parent_indices(lists).filter(known).to_numpy()
    first = np.full(len(encoded.dictionary), -1)
    # The last assignment stays, so the buyer's first word has to come last.
    first[owner[::-1]] = position.filter(known).to_numpy()[::-1]
    sought = first[encoded.indices.to_numpy()]
    return pa.array(list(spelled.values()), type=text).take(pa.array(np.maximum(sought, 0), mask=sought < 0))
