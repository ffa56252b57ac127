"""The ledger as the gate asks it: facts by id, by record and by buyer, indexed once for all texts of a report."""

from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from intent_assets.records import Fact, FactRecord

Fields = Mapping[str, Fact]
T = TypeVar("T")


class RecordKey(NamedTuple):
    """Which record a fact comes from."""

    buyer_id: str | None
    record: FactRecord
    record_id: str | None


def key_of(fact: Fact) -> RecordKey:
    """Return the record of a fact."""
    return RecordKey(fact.buyer_id, fact.record, fact.record_id)


class Ledger(Mapping[str, Fact]):
    """The facts of a ledger by id. What is asked of it besides is computed once, when it is asked first."""

    def __init__(self, facts: Mapping[str, Fact]) -> None:
        self._facts = dict(facts)
        self._kept: dict[str, Any] = {}

    @classmethod
    def of(cls, facts: Mapping[str, Fact]) -> "Ledger":
        """Return `facts` as a ledger: the same one for equal facts, since many texts are checked against them."""
        if isinstance(facts, cls):
            return facts
        for known in _RECENT:
            if known._facts == facts:
                return known
        made = cls(facts)
        _RECENT.appendleft(made)
        return made

    def __getitem__(self, fact_id: str) -> Fact:
        return self._facts[fact_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)

    @cached_property
    def _records(self) -> Mapping[RecordKey, Fields]:
        found: defaultdict[RecordKey, dict[str, Fact]] = defaultdict(dict)
        for fact in self._facts.values():
            found[key_of(fact)].setdefault(fact.field, fact)
        return dict(found)

    @cached_property
    def _by_owner(self) -> Mapping[tuple[str | None, FactRecord], tuple[Fields, ...]]:
        found: defaultdict[tuple[str | None, FactRecord], list[Fields]] = defaultdict(list)
        for key, fields in self._records.items():
            found[key.buyer_id, key.record].append(fields)
        return {owner: tuple(records) for owner, records in found.items()}

    def record(self, key: RecordKey) -> Fields:
        """Return the facts of one record by field."""
        return self._records.get(key, {})

    def records(self, buyer_id: str | None, record: FactRecord) -> tuple[Fields, ...]:
        """Return the records of one type of a buyer, in the order of the ledger."""
        return self._by_owner.get((buyer_id, record), ())

    def told(self, buyer_id: str | None, record: FactRecord, field: str) -> Fact | None:
        """Return the fact of a field of the first such record of a buyer that has it."""
        return next((fields[field] for fields in self.records(buyer_id, record) if field in fields), None)

    def memo(self, name: str, make: Callable[[], T]) -> T:
        """Return what `make` gave for `name` when it was asked first."""
        if name not in self._kept:
            self._kept[name] = make()
        kept: T = self._kept[name]
        return kept

    @cached_property
    def buyers(self) -> tuple[str, ...]:
        """The ids of the buyers of whom there are facts."""
        return tuple(dict.fromkeys(fact.buyer_id for fact in self._facts.values() if fact.buyer_id is not None))


def state_of(fields: Fields) -> str | None:
    """Return the computed state of a record."""
    return next((fact.state for fact in fields.values() if fact.state), None)


def kind_of(fields: Fields) -> str | None:
    """Return the kind of an opportunity: `rfp`, `contract`, `purchase`, `meeting`, `plan`."""
    kind = fields.get("kind")
    return str(kind.value) if kind is not None else None


_RECENT: deque[Ledger] = deque(maxlen=4)
"""The ledgers that were asked last. Facts don't change, so equal facts have an equal index."""
