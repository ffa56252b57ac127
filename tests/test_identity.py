"""Whether a domain is a public body's own: its web site, its name, or its documents under a domain of public bodies."""

from collections.abc import Sequence

import pytest

from intent_assets.identity import SeenBuyer, public_body

DISTRICT = "Riverhead Central School District"


def buyer(buyer_id: str, website: str | None = None, name: str = DISTRICT) -> SeenBuyer:
    return SeenBuyer(buyer_id, name, "SchoolDistrict", "NY", website)


CASES: list[tuple[str, str | None, Sequence[SeenBuyer], Sequence[SeenBuyer], tuple[str, str] | None, str]] = [
    ("riverhead.example", None, [buyer("a", "https://www.riverhead.example/")], [], ("a", "web site"), "its own site"),
    ("riverhead.example", None, [], [buyer("a", "riverhead.example")], ("a", "web site"), "a site without a scheme"),
    ("riverhead.example", None, [buyer("a", "HTTP://RIVERHEAD.example")], [], ("a", "web site"), "in capitals"),
    (
        "riverhead.example",
        None,
        [buyer("x", "https://other.example"), buyer("x", "https://other.example"), buyer("a", "riverhead.example")],
        [],
        ("a", "web site"),
        "the one whose site it is, however often others mention it",
    ),
    ("vmock.example", None, [buyer("a", "riverhead.example")] * 9, [], None, "a vendor that many documents mention"),
    (
        "vmock.example",
        "VMock",
        [],
        [buyer("a", "riverhead.example", "VMock")],
        None,
        "a namesake with a site of its own",
    ),
    ("riverhead.example", "riverhead central SCHOOL district", [], [buyer("a")], ("a", "name"), "its very name"),
    ("riverhead.example", "Riverhead", [], [buyer("a")], None, "a name that only contains the company's"),
    ("riverhead.example", DISTRICT, [], [buyer("a"), buyer("b")], None, "two buyers with the name: never guessed"),
    ("riverhead.example", None, [], [buyer("a")], None, "no name to go by"),
    (
        "host.example",
        None,
        [buyer("a", "host.example/towns/a"), buyer("b", "host.example/towns/b")],
        [],
        None,
        "a host",
    ),
    (
        "town.example",
        None,
        [buyer("a", "https://portal.town.example/home")],
        [],
        ("a", "web site"),
        "one page, one buyer",
    ),
    (
        "ny.gov",
        None,
        [buyer("a", "health.ny.gov"), buyer("b", "ny.gov")],
        [],
        ("b", "web site"),
        "the host itself first",
    ),
    (
        "ny.gov",
        None,
        [buyer("a", "health.ny.gov"), buyer("b", "dot.ny.gov"), buyer("b", "dot.ny.gov")],
        [],
        ("b", "web site"),
        "of several agencies the most frequent",
    ),
    ("town.gov", None, [buyer("a"), buyer("b"), buyer("b")], [], ("b", "documents"), "only public bodies get .gov"),
    ("town.example", None, [buyer("a")] * 3, [], None, "documents that mention a domain do not own it"),
    ("x.example", None, [buyer("a", "http://[broken"), buyer("a", "not a site")], [], None, "sites that are none"),
    ("x.example", "X", [], [], None, "nothing found"),
]


@pytest.mark.parametrize(("domain", "company", "documents", "listed", "expected", "reason"), CASES)
def test_whose_domain_it_is(
    domain: str,
    company: str | None,
    documents: Sequence[SeenBuyer],
    listed: Sequence[SeenBuyer],
    expected: tuple[str, str] | None,
    reason: str,
) -> None:
    found = public_body(domain, company, documents, listed)
    assert (None if found is None else (found.buyer_id, found.known_by)) == expected, reason
