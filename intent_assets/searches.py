"""The four searches of a report: what is asked of which tool, for one strategy. Pure."""

from typing import Literal

from intent_assets.records import Record, SearchStrategy

SIGNAL_SEARCHES = ("primary_keywords", "rfp_keywords")
BUYER_SEARCHES = ("buyers_by_type", "buyers_by_state")

_PHRASES_PER_QUERY = 8


class PlannedSearch(Record):
    """One search before it is run. `skip` is the reason why it is not asked, None where it is."""

    name: Literal["primary_keywords", "rfp_keywords", "buyers_by_type", "buyers_by_state"]
    tool: Literal["opportunity_search", "buyer_search"]
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
    the last year. An RFP without a due date is found by the first search, which asks for all types.
    """
    primary = _any_of(strategy.primary_keywords + strategy.meeting_keywords)
    rfp = _any_of(strategy.rfp_keywords + strategy.alternate_keywords)
    no_keywords = "the strategy has no keywords for it"
    return (
        PlannedSearch(
            name="primary_keywords",
            tool="opportunity_search",
            query=primary,
            types=strategy.opportunity_types,
            states=strategy.states,
            from_period="LastYear",
            skip=None if primary else no_keywords,
        ),
        PlannedSearch(
            name="rfp_keywords",
            tool="opportunity_search",
            query=rfp,
            types=("RFP",),
            states=strategy.states,
            until_period="Future",
            skip=None if rfp else no_keywords,
        ),
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


def _any_of(keywords: tuple[str, ...]) -> str | None:
    """Join phrases in the form that the API understands, each once; None without a phrase."""
    distinct: dict[str, str] = {}
    for keyword in keywords:
        phrase = " ".join(keyword.split())
        distinct.setdefault(phrase.casefold(), phrase)
    phrases = [phrase for phrase in distinct.values() if phrase][:_PHRASES_PER_QUERY]
    return " OR ".join(phrases) or None
