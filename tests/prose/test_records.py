"""Texts about fields that stand alone: a product, a tender, several tenders, rows of a ledger."""

from typing import Any

import pytest

from intent_assets.grounding import verify
from tests.prose.cases import LEDGER, PRODUCT, TENDER, TENDERS

RIGHT: dict[str, tuple[str, Any]] = {
    "date and amount": ("The RFP closes 12 December 2026 and is worth $2.3 million.", TENDER),
    "other spellings": ("It is due December 12, worth 2,300,000 dollars.", TENDER),
    "rows of a ledger": ("The RFP closes 12 December 2026 and is worth $2.3 million.", LEDGER),
    "count of people": ("The college enrolls 14,200 students.", TENDER),
    "about": ("Enrollment is about 14,000.", TENDER),
    "person": ("Maria Delgado, Director of Procurement, is at mdelgado@ridgeview.example.", TENDER),
    "state": ("The RFP is still open.", TENDER),
    "record by record": ("The Student portal is worth $2.3 million. Fleet services is worth $540,000.", TENDERS),
    "sum": ("Their total value is $2,840,000.", TENDERS),
    "count": ("One of the two RFPs is open.", TENDERS),
    "largest": ("The largest is the Student portal.", TENDERS),
    "unit": ("It weighs 0.134 kg.", PRODUCT),
    "hours": ("It has up to 4 hours of talk time.", PRODUCT),
    "month": ("It was announced in July 2015.", PRODUCT),
    "lack": ("It has no NFC.", PRODUCT),
    "name with a number": ("It runs on Android 13.", PRODUCT),
    "name in the genitive": ("Maria Delgado's address is mdelgado@ridgeview.example.", TENDER),
    "two records": ("The Student portal, which is open, and Fleet services, which is closed, differ.", TENDERS),
    "out of": ("The Student portal is rated 3 of 100.", [*TENDERS, {"title": "Fleet", "rating": 3}]),
    "count of something else": ("The college has three campuses.", TENDERS),
    "what has no field": ("It was founded in 1871 and has 12 branches.", TENDER),
}

WRONG: dict[str, tuple[str, Any, str, str]] = {
    "amount": ("It is worth $3.2 million.", TENDER, "$3.2 million", "amount is 2,300,000"),
    "date": ("The RFP closes 21 December 2026.", TENDER, "21 December 2026", "due_date is 2026-12-12"),
    "date of another field": (
        "It was published on December 12.",
        TENDER,
        "December 12",
        "published_date is 2026-11-02",
    ),
    "row of a ledger": ("It is worth $3.2 million.", LEDGER, "$3.2 million", "amount is 2,300,000 USD"),
    "number": ("The college enrolls 41,200 students.", TENDER, "41,200", "enrollment is 14,200"),
    "e-mail": ("Write to delgado@ridgeview.example.", TENDER, "delgado@ridgeview.example", "mdelgado@"),
    "another's e-mail": ("Maria Delgado: tbaker@ridgeview.example", TENDER, "tbaker@ridgeview.example", "mdelgado@"),
    "another's position": ("Tom Baker is Director of Procurement.", TENDER, "Director of Procurement", "Tom Baker"),
    "name": ("Ask Marie Delgado.", TENDER, "Marie Delgado", "Maria Delgado"),
    "state": ("The RFP is closed.", TENDER, "closed", "status is 'open'"),
    "another record's date": ("The Student portal is due January 15, 2027.", TENDERS, "January 15, 2027", "2026-12-12"),
    "another record's amount": ("Fleet services is worth $2.3 million.", TENDERS, "$2.3 million", "540,000"),
    "another record's state": ("Fleet services is open.", TENDERS, "open", "closed"),
    "amount beside a name": ("On record: $999,000 for Fleet services.", TENDERS, "$999,000", "540,000"),
    "date beside a name": ("Fleet services, of 3 May 2027.", TENDERS, "3 May 2027", "due_date of Fleet services"),
    "phone": ("Call (614) 555-0199.", TENDER | {"phone": "(614) 555-0100"}, "(614) 555-0199", "(614) 555-0100"),
    "count": ("There are three RFPs.", TENDERS, "three RFPs", "2 records"),
    "count in a state": ("Two of the two RFPs are open.", TENDERS, "Two of the two RFPs are open", "1 of them open"),
    "largest": ("Fleet services is the largest.", TENDERS, "Fleet services is the largest", "student portal"),
    "capacity": ("It has a 1200 mAh battery.", PRODUCT, "1200 mAh", "1,100 mAh"),
    "year": ("It was announced in 2017.", PRODUCT, "2017", "2015-07"),
    "feature": ("It has Wi-Fi and NFC.", PRODUCT, "NFC", "NFC is 'No'"),
}


@pytest.mark.parametrize(("text", "evidence"), RIGHT.values(), ids=RIGHT.keys())
def test_what_the_fields_bear_out_is_no_finding(text: str, evidence: Any) -> None:
    assert verify(text, evidence) == []


@pytest.mark.parametrize(("text", "evidence", "quote", "reason"), WRONG.values(), ids=WRONG.keys())
def test_what_they_do_not_bear_out_is_found_at_its_place(text: str, evidence: Any, quote: str, reason: str) -> None:
    (finding,) = verify(text, evidence)
    assert finding.quote == quote
    assert text[finding.start : finding.end] == finding.quote
    assert reason in finding.reason
