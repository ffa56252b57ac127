"""A whole report out of damaged answers of both sources: read, scored, numbered as facts, assembled, written."""

from datetime import date
from typing import Any

from benchmarks.fuzz_reader import Reader, always, kept, sent
from benchmarks.fuzz_samples import BUYER_ID, ENVELOPES, SUPABASE_SIGNALS
from intent_assets import wire
from intent_assets.assembly import assemble
from intent_assets.evidence import from_frame, ledger, to_frame
from intent_assets.frames import from_parquet_bytes, to_parquet_bytes
from intent_assets.records import BuyerIntel, SelectedBuyers
from intent_assets.rendering.markdown import report_markdown, text_hash
from intent_assets.rendering.notion import batches, blocks, page_title, plain_lines
from intent_assets.resources.starbridge_envelope import read_answer, read_run_id
from intent_assets.resources.starbridge_records import contact_records, profile_record
from intent_assets.scoring import scored_buyers
from intent_assets.second_source import both_sources
from intent_assets.settings import SupabaseSettings, Weights
from intent_assets.signals import candidate_buyers
from intent_assets.supabase_rows import opportunities, read_signals
from intent_assets.tables import CANDIDATE_BUYERS, DISCOVERIES, EVIDENCE, SCORED_BUYERS
from tests.builders import a_reply, a_strategy, outcomes_frame

_TODAY = date(2026, 11, 23)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _envelope(given: bytes) -> None:
    sent(read_answer("opportunity_search", 200, {}, given))


def _run_id(given: bytes) -> None:
    read_run_id("buyer_chat", 200, {}, given)


def _report(given: bytes) -> None:
    """Go the way of the assets from an answer that holds what all five tools say."""
    answer = read_answer("opportunity_search", 200, {}, given)
    found, _ = wire.read_records(wire.Opportunity, _listed(answer.get("opportunities")))
    listed, _ = wire.read_records(wire.Buyer, _listed(answer.get("buyers")))
    own, _ = read_signals(SUPABASE_SIGNALS, SupabaseSettings().columns, domain="vmock.example")
    searches = [("primary_keywords", [row.model_dump(mode="json", by_alias=True) for row in found])]
    discovered = both_sources(searches, opportunities(own), _TODAY).frame
    buyers = [("buyers_by_type", [row.model_dump(mode="json", by_alias=True) for row in listed])]
    candidates = candidate_buyers(discovered[discovered["buyer_id"].notna()], buyers, _TODAY)
    discovered = from_parquet_bytes(to_parquet_bytes(discovered, DISCOVERIES), DISCOVERIES)
    candidates = from_parquet_bytes(to_parquet_bytes(candidates, CANDIDATE_BUYERS), CANDIDATE_BUYERS)
    scored = scored_buyers(
        discovered[discovered["buyer_id"].notna()], candidates, a_strategy(), weights=Weights(), as_of=_TODAY
    )
    selected = _selected(answer, scored)
    inputs: dict[str, Any] = {
        "reply": a_reply(), "strategy": a_strategy(), "discoveries": discovered, "selected": selected,
        "scored": from_parquet_bytes(to_parquet_bytes(scored, SCORED_BUYERS), SCORED_BUYERS),
        "search_outcomes": outcomes_frame(), "as_of": _TODAY,
    }  # fmt: skip
    facts = from_frame(from_parquet_bytes(to_parquet_bytes(to_frame(ledger(**inputs)), EVIDENCE), EVIDENCE))
    report = assemble(**inputs, ledger=facts, sections=(), signals_shown=8, contacts_shown=5)
    kept(report)
    report_markdown(report).encode()
    text_hash(report)
    made = blocks(report)
    sent([page_title(report), *plain_lines(made), *batches(made)])


def _selected(answer: wire.Json, scored: Any) -> SelectedBuyers:
    chosen = scored[scored["role"].notna()]
    intel = []
    for buyer_id, name, role in zip(chosen["buyer_id"], chosen["buyer_name"], chosen["role"], strict=True):
        profile = wire.ProfileAnswer.model_validate(answer).profile if buyer_id == BUYER_ID else None
        sent_contacts, _ = wire.read_records(wire.Contact, _listed(answer.get("contacts")))
        contacts, _ = contact_records(str(buyer_id), sent_contacts)
        known = profile_record(str(buyer_id), profile) if profile is not None else None
        known_name = name if isinstance(name, str) else buyer_id
        each = {"buyer_id": buyer_id, "buyer_name": known_name, "role": role, "profile": known, "contacts": contacts}
        intel.append(BuyerIntel.model_validate(each | {"total_contacts": len(contacts)}))
    return SelectedBuyers(buyers=tuple(intel))


READERS = (
    Reader("Starbridge: envelope", "body", lambda: ENVELOPES, always(_envelope), 4),
    Reader("Starbridge: run id", "body", lambda: ENVELOPES, always(_run_id), 1),
    Reader("Starbridge: to a report", "body", lambda: ENVELOPES[:3], always(_report), 0.7),
)
