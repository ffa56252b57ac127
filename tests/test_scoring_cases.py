"""Ranking by hand-made cases: order, selection, types, keywords; and the reasons say what is so."""

import pytest

from intent_assets.scoring import scored_buyers
from intent_assets.scoring_factors import FACTORS
from intent_assets.scoring_keywords import keywords
from intent_assets.settings import Weights
from intent_assets.signals import candidate_buyers, discoveries
from intent_assets.tables import SCORED_BUYERS
from tests import plain_scoring
from tests.scoring_rows import contract, days, meeting, one, ranked, rfp, strategy_of, world_of
from tests.scoring_worlds import AS_OF, Row


@pytest.mark.parametrize(
    ("rows", "order", "reason"),
    [
        ([meeting("a"), meeting("b"), meeting("b", -400)], ["b", "a"], "more signals at equal recency"),
        ([meeting("a", -20), meeting("b", -10)], ["b", "a"], "newer"),
        (
            [meeting("a", 30), meeting("b", 0)],
            ["a", "b"],
            "a future event has age 0, and the later date breaks the tie",
        ),
        ([meeting("a", -365), {**meeting("b"), "postedDate": None}], ["a", "b"], "a date stands before none"),
        ([rfp("b"), rfp("a"), rfp("B")], ["B", "a", "b"], "else the identifier, letter by letter"),
        ([contract("a", 200), contract("b", 100)], ["b", "a"], "less time left is more urgent"),
        ([contract("a", 1), rfp("b")], ["b", "a"], "an open RFP is more urgent than any contract"),
        ([{**contract("a", 1), "type": "StrategicPlan"}, contract("b", 364)], ["b", "a"], "no plan is urgent"),
    ],
)
def test_order(rows: list[Row], order: list[str], reason: str) -> None:
    assert [row["buyer_id"] for row in ranked(world_of(*rows))] == order, reason


@pytest.mark.parametrize(
    ("rows", "roles", "reason"),
    [
        ([], {"alone": None}, "no signal, no report"),
        ([meeting("a")], {"a": "featured", "alone": None}, "without a signal no buyer is secondary"),
        (
            [contract("a", -1, postedDate=days(0)), meeting("b", -300)],
            {"a": "secondary", "b": "featured", "alone": None},
            "the first whose signals are not all finished",
        ),
        (
            [rfp("a", -1, postedDate=days(0)), rfp("b", -1)],
            {"a": "featured", "b": "secondary", "alone": None},
            "if all are finished, the first",
        ),
        (
            [meeting(name, -number) for number, name in enumerate("abcdefg")],
            {"a": "featured", **dict.fromkeys("bcde", "secondary"), "f": None, "g": None, "alone": None},
            "four others",
        ),
    ],
)
def test_selection(rows: list[Row], roles: dict[str, str | None], reason: str) -> None:
    found = ranked(world_of(*rows, buyers=({"buyerId": "alone", "type": "City"},)))
    assert {row["buyer_id"]: row["role"] for row in found} == roles, reason


def test_number_of_secondary_buyers_and_days_are_settings() -> None:
    world = world_of(meeting("a", -5), meeting("b", -50), meeting("c", -51), contract("d", 60))
    found = ranked(world, secondary_buyers=2, recency_days=50, expiring_days=59)
    assert [row["role"] for row in found].count("secondary") == 2
    assert {row["buyer_id"]: row["recency"] for row in found} == {"a": 0.9, "b": 0.0, "c": 0.0, "d": 0.0}
    assert one(found, "d")["urgency"] == 0


@pytest.mark.parametrize(
    ("fields", "match", "reason"),
    [
        ({"buyerType": "UndergraduateInstitution, HigherEducation"}, 1, "one of several words"),
        ({"buyerType": "highereducation"}, 1, "case is ignored"),
        ({"buyerType": "HigherEducationAgency"}, 0, "a longer word"),
        ({"buyerTags": ["R1", " HigherEducation "]}, 1, "a tag of a list"),
        ({"buyerTags": "R1,HigherEducation"}, 1, "a tag of a text"),
        ({"parentBuyerType": "HigherEducation"}, 0, "the parent's type is not the buyer's"),
        ({"type": "HigherEducation"}, 0, "the opportunity's type is not the buyer's"),
        ({}, 0, "no type"),
    ],
)
def test_type_match(fields: Row, match: float, reason: str) -> None:
    world = world_of({**meeting("a"), **fields}, types=("Library", "HigherEducation"))
    assert one(ranked(world), "a")["type_match"] == match, reason


@pytest.mark.parametrize(
    ("phrases", "words"),
    [
        (["Student Success", "success for the students"], ("student", "students", "success")),
        (["K-12 and k12, ERP/SIS with a CRM"], ("crm", "erp", "k12", "sis")),
        (["Straßen_und_Brücken", "L'école"], ("brücken", "straßen", "und", "école")),
        (["AND", "", "of", "42"], ()),
    ],
)
def test_keywords(phrases: list[str], words: tuple[str, ...]) -> None:
    assert keywords(phrases) == words


def test_keyword_is_a_whole_word_of_title_or_summary() -> None:
    texts: dict[str, Row] = {
        "title": {"title": "The POLICE, records"},
        "summary": {"summary": "x\npolice-records"},
        "longer": {"title": "policeman", "summary": "recordspolice"},
        "spread": {"title": "poli", "summary": "ce"},
        "accent": {"title": "école police_ éécole"},
        "number": {"title": 911},
    }
    world = world_of(*({**meeting(name), **fields} for name, fields in texts.items()), words=("police école 911",))
    hits = {row["buyer_id"]: row["keyword_hits"] for row in ranked(world)}
    assert hits == {"title": 0.5, "summary": 0.5, "longer": 0, "spread": 0, "accent": 1, "number": 0.5}


@pytest.mark.parametrize(
    ("keyword", "title", "held"),
    [
        ("ΟΔΟΣ", "Η ΟΔΟΣ 5", True),
        ("οδοσ", "η οδος", False),
        ("straße", "STRASSE", False),
        ("istanbul", "İstanbul", False),
        ("kelvin", "\u212aELVIN", True),
        ("école", "L'ÉCOLE", True),
        ("police", "“Police” – naïve", True),
        ("police", "police\u0301", True),
        ("police", "policeé", False),
    ],
)
def test_keyword_is_compared_in_lower_case_of_any_script(keyword: str, title: str, held: bool) -> None:
    world = world_of(meeting("a", title=title), words=(keyword,))
    assert ranked(world)[0]["keyword_hits"] == held
    assert plain_scoring.rank(world)[0]["keyword_hits"] == held


REASONS = [
    (
        [
            rfp("a", 109, postedDate=days(-256), title="Student police", purchaseAmount=None),
            *[meeting("a", -300) for _ in range(2)],
            contract("a", 400, purchaseAmount="$2.3 million"),
            meeting("b"),
        ],
        "a",
        (
            "4 signals (no buyer has more); 1 open RFP (bids due 12 March 2027); largest amount $2,300,000; "
            "2 of 3 keywords; latest event 12 March 2026"
        ),
    ),
    ([rfp("a", 5), rfp("a", 3), meeting("a", 2)], "a", "2 open RFPs (first bids due 26 November 2026)"),
    ([rfp("a", None, status="Active", postedDate=days(0))], "a", "1 open RFP (no due date)"),
    ([meeting("a", 10)], "a", "next event 3 December 2026"),
    ([meeting("a"), meeting("a"), meeting("b")], "b", "1 signal (the most of any buyer: 2)"),
    ([contract("a", 39)], "a", "contract ends 1 January 2027 (in 39 days)"),
    ([{**contract("a", 1), "type": "PurchaseOrder"}], "a", "purchase ends 24 November 2026 (in 1 day)"),
    ([contract("a", 9, purchaseAmount=1234.5)], "a", "largest amount $1,234.50"),
    ([rfp("a", -1)], "a", "featured although its signals are all closed or expired, as are those of all others"),
    ([rfp("a", -1)], "a", "all signals closed or expired"),
    ([meeting("a")], "alone", "type City is sought; no signals"),
]


@pytest.mark.parametrize(("rows", "buyer", "words"), REASONS)
def test_reason_names_what_counts(rows: list[Row], buyer: str, words: str) -> None:
    world = world_of(
        *rows, buyers=({"buyerId": "alone", "type": "city"},), types=("City",), words=("student police x25",)
    )
    assert words in one(ranked(world), buyer)["reason"]


@pytest.mark.parametrize(
    "amount", [0.004, 0.125, 7, 999.995, 999.999, 1000, 12_045.1, 3_000_007.005, 999_999_999.996, 1e9, 1.5e21]
)
def test_largest_amount_is_told_to_the_cent(amount: float) -> None:
    told = one(ranked(world_of(contract("a", 9, purchaseAmount=amount))), "a")["reason"]
    assert f"largest amount ${amount:,.2f}".removesuffix(".00") in told.split("; ")


@pytest.mark.parametrize(
    ("silent", "finished", "said"),
    [
        (1, 0, "rank 1 has no signals"),
        (2, 0, "ranks 1 to 2 have no signals"),
        (0, 2, "ranks 1 to 2 have only closed or expired signals"),
        (2, 1, "ranks 1 to 3 have no signals (2) or only closed or expired ones (1)"),
    ],
)
def test_reason_says_why_a_lower_rank_is_featured(silent: int, finished: int, said: str) -> None:
    only_types = Weights(**{name: float(name == "type_match") for name in FACTORS})
    closed = [rfp(f"f{number}", -1, buyerType="City") for number in range(finished)]
    listed = tuple({"buyerId": f"s{number}", "type": "City"} for number in range(silent))
    world = world_of(*closed, meeting("x", -500), buyers=listed, types=("City",))
    row = one(ranked(world, only_types), "x")
    assert (row["role"], row["rank"]) == ("featured", silent + finished + 1)
    assert row["reason"].endswith(f"featured because {said}")


def test_factor_without_weight_is_no_reason() -> None:
    weights = Weights(**{name: float(name == "recency") for name in FACTORS})
    assert (
        one(ranked(world_of(rfp("a", postedDate=days(0))), weights), "a")["reason"] == "latest event 23 November 2026"
    )


def test_no_candidates_no_rows() -> None:
    world = world_of()
    assert ranked(world) == []
    found = discoveries([], AS_OF).frame
    empty = scored_buyers(found, candidate_buyers(found, [], AS_OF), strategy_of(world), weights=Weights(), as_of=AS_OF)
    assert list(empty.columns) == list(SCORED_BUYERS)
    assert empty.empty
