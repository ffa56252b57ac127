"""The ledger: every fact that may be told in a report, numbered. Pure.

Fields by record (the display of each is one line):

- `run`: `as_of`, `signals_found`, `buyers_scored`, `set_aside`, `unreadable`, `searches_complete` ("4 of 4"),
  `last_report` (its day), `new_signals` (that it had not),
  a search: `search`, `query`, `found`, `skipped` (and why), `problem` (if it is not complete; of a
  buyer, `problem_1` and so on);
- `reply`: `company`, `prospect_name`, `product_description`, `reply_text`, `campaign_name`, `domain`; of a mail of the
  campaign `title`, the signal that it told of;
- `buyer`: `name`, `type`, `state`, `website`, `score`, `rank` ("1 of 27"), `signals`, `actionable_signals`, `reason`,
  `open_rfps`, `open_rfps_share` ("3 of 5"), `contacts`;
- `profile`: `enrollment`, `population`, `employees_fte`, `schools`, `budget`, `budget_year`, `fiscal_year_start`,
  scores, `parent_name`, `common_name`, `lms`, `sis`, `main_phone`, `address`, `city`;
- `opportunity`: `title`, `kind`, `status`, `event_date`, `due_date`, `deadline` ("due ..., in 19 days"),
  `days_to_due`, `until_date`, `days_left`, `amount`, `summary`, `highlight_1`.., `document_title`,
  `document_url`, `new_since` (the last report); of linked purchase orders and RFPs also `vendor`, `from_date`;
- `contact`: `name`, `title`, `email`, `email_verified`, `email_domain` (if it is another), `mailbox` (if it is shared),
  `email_last_checked`, `phone`, `linkedin_url`.

Each fact has its typed value, the day of the report (`as_of`) and the trust in its source: `record` or `reply`; text
of a `model` is no fact yet. Money is in `USD`, durations are in `days`, a count has what it counts as its unit, a
score its scale (`points` where none is known). What is computed names the rows that it was computed from, as far as
these are in the ledger: a deadline and the days to it, a status, open RFPs and their share, counts of signals and
searches, score, rank (by the score) and reason, what is new. The number of contacts is the service's own total and
rests on no row.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from intent_assets import evidence_campaign, evidence_contacts, evidence_opportunities, evidence_profile
from intent_assets.contacts import rank_contacts
from intent_assets.evidence_display import LONGEST_QUOTE, count, day, one_line
from intent_assets.evidence_drafts import Drafts, Origin, rows
from intent_assets.evidence_opportunities import Signal, of_buyer, of_nobody
from intent_assets.records import BuyerIntel, Fact, ProspectContext, Reply, SearchStrategy, SelectedBuyers
from intent_assets.reports import LastReport
from intent_assets.tables import EVIDENCE

if TYPE_CHECKING:
    from pandas import DataFrame

RUN = Origin(record="run", record_id=None, source_title="Starbridge searches of this report")
NOTHING_KNOWN = ProspectContext()

_SEARCHES = {
    "primary_keywords": "signals by keyword",
    "rfp_keywords": "RFPs by keyword",
    "buyers_by_type": "buyers by type",
    "buyers_by_state": "buyers by state",
    "supabase": "signals of Supabase",
}
_JSON = {"value": "value_json", "derived_from": "derived_from_json"}


def ledger(
    reply: Reply,
    strategy: SearchStrategy,
    discoveries: "DataFrame",
    scored: "DataFrame",
    selected: SelectedBuyers,
    search_outcomes: "DataFrame",
    as_of: date,
    *,
    context: ProspectContext = NOTHING_KNOWN,
    last_report: LastReport | None = None,
) -> tuple[Fact, ...]:
    """Return the facts: of the run, of the reply, buyer by buyer in rank order, then of what was told before.

    The same records and `as_of` give the same facts; an id stays the same while the value changes. Signals that the
    `last_report` had not are marked.
    """
    drafts = Drafts()
    _add_run(drafts, discoveries, scored, search_outcomes, context, as_of)
    _add_reply(drafts, reply)
    scores = {row["buyer_id"]: row for row in rows(scored)}
    words = product_words(reply, strategy)
    signals: list[Signal] = []
    told: set[str] = set()
    for intel in selected.buyers:
        row = scores.get(intel.buyer_id, {})
        site = row.get("buyer_website") or (intel.profile.url if intel.profile else None)
        own = of_buyer(discoveries, intel.buyer_id, strategy.primary_keywords, context.seen)
        basis = evidence_opportunities.basis_of(own[: _most_signals(intel)])
        evidence_profile.add_buyer(drafts, intel, row, len(scores), basis)
        signals += own
        told |= _add_signals(drafts, intel, row, own, as_of)
        evidence_profile.add_profile(drafts, intel, row)
        people = evidence_contacts.MOST_OF_FEATURED if intel.role == "featured" else evidence_contacts.MOST_OF_SECONDARY
        ranked = rank_contacts(intel.contacts, words, site)
        evidence_contacts.add_contacts(drafts, intel, row, ranked[:people])
        _add_problems(drafts, intel, row)
    unplaced = of_nobody(discoveries, strategy.primary_keywords, context.seen)[: evidence_opportunities.MOST_OF_NOBODY]
    evidence_opportunities.add_signals(drafts, unplaced, as_of)
    if selected.prospect:
        evidence_profile.add_buyer(drafts, selected.prospect, {}, len(scores))
        evidence_profile.add_profile(drafts, selected.prospect, {})
        _add_problems(drafts, selected.prospect, {})
    evidence_campaign.add_campaign(drafts, context, rows(discoveries), scores, as_of)
    told |= {signal["signal_id"] for signal in unplaced}
    evidence_campaign.add_news(drafts, RUN, [*signals, *unplaced], told, last_report)
    return drafts.numbered(as_of)


def product_words(reply: Reply, strategy: SearchStrategy) -> tuple[str, ...]:
    """Return the words by which contacts are ranked: the product's description and the strategy's keywords."""
    return (reply.product_description or "", *strategy.primary_keywords, *strategy.alternate_keywords)


def to_frame(facts: Iterable[Fact]) -> "DataFrame":
    """Return the facts as a frame with the columns of `tables.EVIDENCE`."""
    import pandas as pd

    records = []
    for fact in facts:
        values = {_JSON.get(name, name): getattr(fact, name) for name in Fact.model_fields}
        values["value_json"] = json.dumps(fact.value, ensure_ascii=False)
        values["derived_from_json"] = json.dumps(fact.derived_from)
        records.append({column: values[column] for column in EVIDENCE})
    frame = pd.DataFrame(records, columns=list(EVIDENCE), dtype=object)
    for column, kind in EVIDENCE.items():
        if kind == "str":
            frame[column] = frame[column].astype("str")
    return frame


def from_frame(frame: "DataFrame") -> tuple[Fact, ...]:
    """Return the facts that `to_frame` wrote; raises `pydantic.ValidationError` for a row that is no fact."""
    facts = []
    for row in rows(frame):
        values = {name: row[_JSON.get(name, name)] for name in Fact.model_fields}
        values["value"] = json.loads(row["value_json"])
        values["derived_from"] = tuple(json.loads(row["derived_from_json"]))
        facts.append(Fact(**values))
    return tuple(facts)


def _add_signals(
    drafts: Drafts, intel: BuyerIntel, scored: Mapping[str, Any], signals: Sequence[Signal], as_of: date
) -> set[str]:
    """Add the facts of the first signals of a buyer; returns the ids of these."""
    most = _most_signals(intel)
    origin = evidence_profile.buyer_origin(intel, scored, title=f"Starbridge records of {one_line(intel.buyer_name)}")
    evidence_opportunities.add_counts(drafts, origin, signals, signals[:most])
    evidence_opportunities.add_signals(drafts, signals[:most], as_of)
    return {signal["signal_id"] for signal in signals[:most]}


def _most_signals(intel: BuyerIntel) -> int:
    featured = intel.role == "featured"
    return evidence_opportunities.MOST_OF_FEATURED if featured else evidence_opportunities.MOST_OF_SECONDARY


def _add_problems(drafts: Drafts, intel: BuyerIntel, scored: Mapping[str, Any]) -> None:
    run = replace(
        evidence_profile.buyer_origin(intel, scored, "run", "Starbridge calls of this report"), source_url=None
    )
    for number, problem in enumerate(dict.fromkeys(_what(problem) for problem in intel.problems), 1):
        drafts.add(run, f"problem_{number}", "text", problem, f"{one_line(intel.buyer_name)}: {problem}")


def _what(problem: str) -> str:
    """Return what is missing; the technical reason after the colon is for the log."""
    return one_line(problem.partition(":")[0])


def _add_run(
    drafts: Drafts,
    discoveries: "DataFrame",
    scored: "DataFrame",
    search_outcomes: "DataFrame",
    context: ProspectContext,
    as_of: date,
) -> None:
    origin = RUN
    drafts.add(origin, "as_of", "date", as_of.isoformat(), day(as_of))
    outcomes = list(rows(search_outcomes))
    statuses = [outcome["status"] for outcome in outcomes if outcome["tool"] != "supabase"]
    asked, complete = sum(status != "skipped" for status in statuses), statuses.count("complete")
    shown = f"{count(complete)} of {count(asked)}"
    searches = [outcome["search"] for outcome in outcomes]
    named = [_search(name).key("search") for name in searches]
    counts = [_search(name).key("found") for name in searches]
    drafts.add(origin, "searches_complete", "count", complete, shown, unit="searches", derived_from=named)
    number = len(discoveries)
    drafts.add(origin, "signals_found", "count", number, count(number), unit="signals", derived_from=counts)
    drafts.add(origin, "buyers_scored", "count", len(scored), count(len(scored)), unit="buyers")
    for name, column in (("set_aside", "without_buyer"), ("unreadable", "unreadable")):
        # What Supabase has without a buyer is not set aside: the report lists it.
        counted = [each for each in outcomes if each["tool"] != "supabase" or column == "unreadable"]
        number = sum(outcome[column] or 0 for outcome in counted)
        if number or name == "set_aside":
            drafts.add(origin, name, "count", number, count(number), unit="records")
    for outcome in outcomes:
        search = _search(outcome["search"])
        name = _SEARCHES.get(outcome["search"], str(outcome["search"]).replace("_", " "))
        drafts.add(search, "search", "text", outcome["search"], name)
        drafts.add(search, "query", "text", outcome["query"], outcome["query"], longest=LONGEST_QUOTE)
        drafts.add(search, "found", "count", outcome["found"], count(outcome["found"] or 0), unit="records")
        if outcome["status"] == "skipped":
            why = one_line(outcome["error"] or "there was nothing to ask for")
            drafts.add(search, "skipped", "text", why, f"{name} ({why})")
        elif outcome["status"] != "complete":
            drafts.add(search, "problem", "text", outcome["status"], f"search for {name}: {outcome['status']}")
    for number, problem in enumerate(map(_what, context.problems), 1):
        drafts.add(origin, f"problem_{number}", "text", problem, problem)


def _search(name: str) -> Origin:
    return Origin(record="run", record_id=name, source_title=RUN.source_title)


def _add_reply(drafts: Drafts, reply: Reply) -> None:
    origin = Origin(record="reply", record_id=reply.reply_id, source_title="The prospect's reply", trust="reply")
    drafts.add(origin, "company", "name", reply.company, reply.company)
    drafts.add(origin, "prospect_name", "name", reply.prospect_name, reply.prospect_name)
    about = reply.product_description
    drafts.add(origin, "product_description", "text", about, about, longest=LONGEST_QUOTE)
    drafts.add(origin, "reply_text", "quote", reply.reply_text, reply.reply_text, longest=LONGEST_QUOTE)
    drafts.add(origin, "campaign_name", "name", reply.campaign_name, reply.campaign_name)
    drafts.add(origin, "domain", "url", reply.domain, reply.domain)
