"""Mutations that leave the slots true and make the words around them false (`grounding_lies`)."""

import random
from collections.abc import Callable, Iterator, Mapping

from benchmarks.grounding_facts import Known, Rec, Sentence, bound, days_since_event
from benchmarks.grounding_lies import BOUND_LIES, JUDGE_LIES
from benchmarks.grounding_mutation import Draw, Family, Mutation
from benchmarks.grounding_pattern import Pattern
from benchmarks.grounding_reports import CONDITIONS, Subjects, subjects_for
from intent_assets.grounding.states import RECENT_DAYS
from intent_assets.records import Fact
from intent_assets.reports import Text

Condition = Callable[[Subjects, Known, str], bool]


def false_words(draw: Draw) -> Iterator[Mutation]:
    """Yield one false sentence of each kind over the records of a buyer that has sentences in the report."""
    yield from _lies(BOUND_LIES, "bound", draw)


def false_for_a_judge(draw: Draw) -> Iterator[Mutation]:
    """Yield one false sentence of each kind that only a judge can tell."""
    yield from _lies(JUDGE_LIES, "judge", draw)


def _lies(lies: Mapping[str, tuple[Pattern, ...]], family: Family, draw: Draw) -> Iterator[Mutation]:
    for kind, patterns in lies.items():
        for pattern in draw.dice.sample(patterns, len(patterns)):
            # In its section, else anywhere: a lie is about the buyer of the sentence that it stands in the place of.
            owners = [each for each in draw.sentences if each.section == pattern.where] or draw.sentences
            made = lie(pattern, kind, family, draw.dice.choice(owners), draw.known, draw.dice) if owners else None
            if made:
                yield made
                break


def lie(
    pattern: Pattern, kind: str, family: Family, instead: Sentence, known: Known, dice: random.Random
) -> Mutation | None:
    """Return a false sentence of a pattern in the place of a clean one, None where no record makes it false."""
    buyer_id = instead.buyer_id
    subjects = subjects_for(pattern.text, known, buyer_id, dice, lambda it: _is_false(pattern, it, known, buyer_id))
    if subjects is None:
        return None
    template = bound(pattern.text, subjects, known, buyer_id)
    if template is None:
        return None
    text = Text(template=template, author="claude", section=instead.section, buyer_id=buyer_id)
    return Mutation(kind, family, text, instead.template)


def _is_false(pattern: Pattern, it: Subjects, known: Known, buyer_id: str) -> bool:
    record = it.get("r")
    if pattern.kinds and (record is None or record.kind not in pattern.kinds.split()):
        return False
    if pattern.states and (record is None or record.state not in pattern.states.split()):
        return False
    if record is not None and _has_twin(record, known):
        return False
    return all({**CONDITIONS, **_FALSE_IF}[name](it, known, buyer_id) for name in pattern.when.split())


def _has_twin(rec: Rec, known: Known) -> bool:
    """Whether another record has the same title: what is false of one could be true of the other."""
    title = rec.shown("title").lower()
    return sum(other.shown("title").lower() == title for other in known.opportunities(rec.buyer_id)) > 1


def _differ(subject: str, one: str, two: str) -> Condition:
    """Both fields are not the same to a reader; where the second is missing, nothing says that they are."""
    return lambda it, *_: it[subject].shown(one) != it[subject].shown(two)


def _has(subject: str, field: str) -> Condition:
    return lambda _, known, buyer: bool((known.one(subject, buyer) or _NOTHING).shown(field))


def _amount(rec: Rec) -> float:
    fact = rec.fields.get("amount")
    return float(fact.value) if fact is not None and isinstance(fact.value, int | float) else 0.0


def _day(rec: Rec, field: str) -> str:
    fact = rec.fields.get(field)
    return str(fact.value) if fact is not None else ""


def _some(known: Known, buyer_id: str, fits: Callable[[Rec], bool]) -> int:
    return sum(fits(rec) for rec in known.opportunities(buyer_id))


def _value(known: Known, subject: str, buyer_id: str, field: str) -> float | None:
    rec = known.one(subject, buyer_id)
    fact = rec.fields.get(field) if rec else None
    return float(fact.value) if fact is not None and isinstance(fact.value, int | float) else None


def _is_exact(fact: Fact) -> bool:
    """Whether the display is not rounded; else "below $1.99 million" could be true."""
    scale = 1e6 if "million" in fact.display else 1e9 if "billion" in fact.display else 1.0
    return abs(float(fact.display.strip("$").split()[0].replace(",", "")) * scale - float(fact.value or 0)) < 0.005


_NOTHING = Rec("buyer", None, None, {})
_FALSE_IF: Mapping[str, Condition] = {
    "old": lambda it, *_: (days_since_event(it["r"]) or 0) > 2 * RECENT_DAYS,
    "unverified": lambda it, *_: it["c"].shown("email_verified") == "not verified",
    "left": lambda it, *_: it["c"].state == "left",
    "event_not_due": _differ("r", "event_date", "due_date"),
    "until_known": lambda it, *_: (
        bool(it["r"].shown("until_date")) and it["r"].shown("until_date") != it["r"].shown("event_date")
    ),
    "due_known": lambda it, *_: bool(it["r"].shown("due_date")),
    "amount_known": lambda it, *_: bool(it["r"].shown("amount")),
    "not_due_today": lambda it, *_: it["r"].shown("due_date") != it["run"].shown("as_of"),
    "not_the_budget": lambda it, known, buyer: (
        it["r"].shown("amount") != (known.one("p", buyer) or _NOTHING).shown("budget")
    ),
    "not_population": _differ("p", "enrollment", "population"),
    "not_staff": lambda it, *_: (
        it["p"].shown("employees_fte") not in {it["p"].shown("enrollment"), it["p"].shown("population")}
    ),
    "not_enrollment": lambda it, *_: (
        it["p"].shown("enrollment") not in {it["p"].shown(name) for name in ("population", "employees_fte", "schools")}
    ),
    "not_difficulty": _differ("p", "ai_adoption", "procurement_difficulty"),
    "not_ai": _differ("p", "ai_adoption", "startup_friendliness"),
    "not_sis": _differ("p", "lms", "sis"),
    "not_lms": lambda it, known, buyer: all(
        shown not in (known.one("p", buyer) or _NOTHING).shown("lms")
        for shown in ({it["p"].shown("sis")} if "p" in it else {it["o"].shown("vendor")})
    ),
    "not_largest": lambda it, known, buyer: _some(known, buyer, lambda rec: _amount(rec) > _amount(it["r"])) > 0,
    "not_largest_contract": lambda it, known, buyer: (
        _amount(it["r"]) > 0
        and _some(known, buyer, lambda rec: rec.kind == "contract" and _amount(rec) > _amount(it["r"])) > 0
    ),
    "r_smaller": lambda it, *_: (
        0 < _amount(it["r"]) < _amount(it["q"]) and it["r"].shown("title").lower() != it["q"].shown("title").lower()
    ),
    "r_later": lambda it, *_: it["q"].state == "open" and _day(it["r"], "due_date") > _day(it["q"], "due_date") > "",
    "not_nearest": lambda it, known, buyer: (
        _some(known, buyer, lambda rec: rec.state == "open" and "" < _day(rec, "due_date") < _day(it["r"], "due_date"))
        > 0
    ),
    "several_open": lambda _, known, buyer: (
        _some(known, buyer, lambda rec: rec.kind == "rfp" and rec.state == "open") > 1
    ),
    "q_not_open": lambda it, *_: it["q"].kind == "rfp" and it["q"].state == "closed",
    "later_meeting": lambda it, known, buyer: (
        _some(known, buyer, lambda rec: rec.state == "past" and _day(rec, "event_date") > _day(it["r"], "event_date"))
        > 0
    ),
    "exact_budget": lambda it, *_: _is_exact(it["p"].fields["budget"]),
    "exact_amount": lambda it, *_: _is_exact(it["r"].fields["amount"]),
    "not_top": lambda _, known, buyer: (_value(known, "b", buyer, "rank") or 0) > 1,
    "some_closed": lambda _, known, buyer: (
        _some(known, buyer, lambda rec: rec.kind == "rfp" and rec.state == "closed") > 0
    ),
    "contract_runs": lambda _, known, buyer: (
        _some(known, buyer, lambda rec: rec.kind == "contract" and rec.state in {"running", "expiring"}) > 0
    ),
    "rfp_open": lambda _, known, buyer: _some(known, buyer, lambda rec: rec.kind == "rfp" and rec.state == "open") > 0,
    "meeting_known": lambda _, known, buyer: _some(known, buyer, lambda rec: rec.kind == "meeting") > 0,
    "has_parent": _has("p", "parent_name"),
    "has_lms": _has("p", "lms"),
    "has_budget": _has("p", "budget"),
    "has_contacts": _has("b", "contacts"),
    "has_email": lambda it, *_: bool(it["c"].shown("email")),
    "has_vendor": lambda it, *_: bool(it["o"].shown("vendor")),
    "signals_not_rfps": lambda _, known, buyer: (
        _value(known, "b", buyer, "signals") != _value(known, "b", buyer, "open_rfps")
    ),
    "signals_not_contacts": lambda _, known, buyer: (
        _value(known, "b", buyer, "signals") != _value(known, "b", buyer, "contacts")
    ),
    "contacts_not_staff": lambda _, known, buyer: (
        _value(known, "b", buyer, "contacts") != _value(known, "p", buyer, "employees_fte")
    ),
    "not_all_contracts": lambda _, known, buyer: _some(known, buyer, lambda rec: rec.kind not in {"contract", ""}) > 0,
    "not_all_meetings": lambda _, known, buyer: _some(known, buyer, lambda rec: rec.kind not in {"meeting", ""}) > 0,
    "not_all_orders": lambda _, known, buyer: _some(known, buyer, lambda rec: rec.kind not in {"purchase", ""}) > 0,
    "has_phone": lambda it, *_: bool(it["c"].shown("phone")),
    "not_half_actionable": lambda it, *_: (
        2 * float(it["b"].fields["actionable_signals"].value or 0) != float(it["b"].fields["signals"].value or 0)
    ),
    "not_half_open": lambda it, *_: (
        len(set(it["b"].shown("open_rfps_share").split(" of "))) < 2
        or 2 * int(it["b"].shown("open_rfps_share").split(" of ")[0])
        != int(it["b"].shown("open_rfps_share").split()[-1])
    ),
    "not_all_rfps": lambda _, known, __: bool((known.case.discoveries["kind"] != "rfp").any()),
    "some_set_aside": lambda it, *_: it["run"].shown("set_aside") != "0",
    "counts_differ": lambda it, *_: it["run"].shown("signals_found") != it["run"].shown("buyers_scored"),
    "more_found": lambda it, known, buyer: (
        it["run"].fields["signals_found"].value != _value(known, "b", buyer, "signals")
    ),
    "not_all_new": lambda it, *_: it["run"].shown("signals_found") != it["run"].shown("new_signals"),
}
"""What makes a sentence false, by name; `CONDITIONS` of clean sentences serve as well."""

MUTATORS = (false_words, false_for_a_judge)
