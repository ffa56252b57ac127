"""The four searches of a report: what is asked of which tool, for one strategy. Pure."""

from typing import Literal

from intent_assets.records import Record, SearchStrategy

PlannedName = Literal["primary_keywords", "rfp_keywords", "buyers_by_type", "buyers_by_state", "supabase"]

_RFP = "RFP"
_PHRASES_PER_QUERY = 16


class PlannedSearch(Record):
    """One search before it is run. `skip` is the reason why it is not asked, None where it is."""

    name: PlannedName
    tool: Literal["opportunity_search", "buyer_search", "supabase"]
    query: str | None = None
    types: tuple[str, ...] = ()
    buyer_types: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    from_period: str | None = None
    until_period: str | None = None
    skip: str | None = None

    @property
    def words(self) -> str:
        """The search as a person reads it."""
        parts = [self.query or "", ", ".join(self.types), ", ".join(self.buyer_types), ", ".join(self.states)]
        parts += [period for period in (self.from_period, self.until_period) if period]
        return " | ".join(part for part in parts if part)


def plan(strategy: SearchStrategy) -> tuple[PlannedSearch, ...]:
    """Return the four searches, in the order in which copies of a signal count (contracts: scoring).

    What is past and closed can't be acted on: RFPs are asked for by what is still ahead (`Future`), the rest by
    the last year.
    """
    rest = tuple(kind for kind in strategy.opportunity_types if kind != _RFP)
    rfp: tuple[str, ...] = (_RFP,) if len(rest) < len(strategy.opportunity_types) else ()
    return (
        _signals("primary_keywords", strategy.primary_keywords + strategy.meeting_keywords, rest or rfp, strategy),
        _signals("rfp_keywords", strategy.rfp_keywords + strategy.alternate_keywords, rfp or rest, strategy),
        PlannedSearch(
            name="buyers_by_type",
            tool="buyer_search",
            buyer_types=strategy.buyer_types,
            skip=None if strategy.buyer_types else "the strategy names no buyer type",
        ),
        PlannedSearch(
            name="buyers_by_state",
            tool="buyer_search",
            buyer_types=strategy.buyer_types,
            states=strategy.states,
            skip=None if strategy.states else "the strategy names no state",
        ),
    )


def _signals(
    name: PlannedName, keywords: tuple[str, ...], types: tuple[str, ...], strategy: SearchStrategy
) -> PlannedSearch:
    query = _any_of(keywords)
    ahead = types == (_RFP,)
    return PlannedSearch(
        name=name,
        tool="opportunity_search",
        query=query,
        types=types,
        states=strategy.states,
        from_period=None if ahead else "LastYear",
        until_period="Future" if ahead else None,
        skip=None if query else "the strategy has no keywords for it",
    )


def _any_of(keywords: tuple[str, ...]) -> str | None:
    """Join phrases in the form that the API understands, each once; None without a phrase."""
    distinct: dict[str, str] = {}
    for keyword in keywords:
        phrase = " ".join(keyword.split())
        distinct.setdefault(phrase.casefold(), phrase)
    phrases = [phrase for phrase in distinct.values() if phrase][:_PHRASES_PER_QUERY]
    return " OR ".join(phrases) or None
