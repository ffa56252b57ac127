"""Which contact comes first, and who can be asked."""

from typing import Any

import pytest

from intent_assets.contacts import decision_maker, rank_contacts
from intent_assets.records import Contact
from tests.builders import a_contact

SITE = "https://www.riverhead.example"
GOOD: dict[str, Any] = {"title": "Director of Technology"}

PAIRS: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    (GOOD, GOOD | {"works_at_buyer": False}, "who left comes after who is there"),
    (GOOD, {"title": "Former Superintendent"}, "former people have left"),
    (GOOD, GOOD | {"works_at_buyer": None}, "known to work there"),
    (GOOD, GOOD | {"email_verified": False}, "a verified address"),
    (GOOD, GOOD | {"email": "someone@mail.example"}, "an address on the buyer's own domain"),
    (GOOD, GOOD | {"email": None}, "somebody who can be reached"),
    (GOOD | {"email": None, "phone": "1"}, {"title": "Superintendent", "email": None}, "a phone number is enough"),
    ({"title": "Superintendent"}, {"title": "Teacher"}, "seniority"),
    ({"title": "Director of Career Services"}, {"title": "Director of Athletics"}, "a title that fits the product"),
    ({"title": "Purchasing Manager"}, {"title": "Transportation Manager"}, "somebody who buys"),
    ({"title": "Teacher"}, {"title": "Office", "email": "info@riverhead.example"}, "a person before a shared mailbox"),
    ({"title": "Director of Technology"}, {"title": "Secretary to the Superintendent"}, "an office is not its holder"),
    ({"title": "Analyst"}, {"title": "Student Intern, Career Services"}, "interns decide nothing"),
]


@pytest.mark.parametrize(("first", "second", "reason"), PAIRS)
def test_the_more_useful_contact_comes_first(first: dict[str, Any], second: dict[str, Any], reason: str) -> None:
    # The better one has the later id, so that a tie would show.
    people = [a_contact("c-2", "Ada Better", **first), a_contact("c-1", "Bob Worse", **second)]
    ranked = rank_contacts(people, ("career services",), SITE)
    assert [contact.contact_id for contact in ranked] == ["c-2", "c-1"], reason


DOMAINS = [
    ("a@riverhead.example", SITE, False, "the same domain"),
    ("a@mail.riverhead.example", SITE, False, "a part of it"),
    ("a@county.example", "https://schools.county.example", False, "the domain above"),
    ("a@notriverhead.example", SITE, True, "only ends alike"),
    ("a@mail.example", SITE, True, "another one"),
    ("a@mail.example", None, False, "nothing is known of the buyer's domain"),
    (None, SITE, False, "no address"),
]


@pytest.mark.parametrize(("email", "site", "off", "reason"), DOMAINS)
def test_addresses_on_other_domains_are_marked(email: str | None, site: str | None, off: bool, reason: str) -> None:
    (contact,) = rank_contacts([a_contact("c-1", "Ada Lane", email=email)], (), site)
    assert contact.off_domain is off, reason


NOBODY: list[tuple[list[Contact], str, str]] = [
    ([], "no contact is on record", "there is none"),
    ([a_contact("c-1", "Ada Lane", works_at_buyer=False)], "everybody on record has left", "left"),
    ([a_contact("c-1", "Ada Lane", title="Retired Dean")], "everybody on record has left", "retired"),
    ([a_contact("c-1", "Ada Lane", email=None)], "nobody on record has an e-mail address or a phone number", "mute"),
    ([a_contact("c-1", "Main Office", title=None)], "only shared mailboxes are on record", "no person's name"),
    ([a_contact("c-1", "Ada Lane", email="info@riverhead.example")], "only shared mailboxes are on record", "shared"),
    ([a_contact("c-1", "Ada Lane", title="Student Worker")], "nobody on record has a say in purchases", "a student"),
]


@pytest.mark.parametrize(("people", "why", "reason"), NOBODY)
def test_nobody_is_better_than_the_wrong_one(people: list[Contact], why: str, reason: str) -> None:
    assert decision_maker(rank_contacts(people, (), SITE)) == (None, why), reason


def test_the_best_is_named_with_the_reason() -> None:
    people = [a_contact("c-1", "Ada Lane", title="Teacher"), a_contact("c-2", "Ben Okafor", title="Superintendent")]
    person, reason = decision_maker(rank_contacts(people, (), SITE))
    assert person is not None
    assert person.name == "Ben Okafor"
    assert reason == "works there, verified e-mail address"


def test_a_shared_mailbox_with_a_persons_own_phone_is_a_person() -> None:
    person = a_contact("c-1", "Ada Lane", email="purchasing@riverhead.example", phone="(631) 555-0100")
    assert decision_maker(rank_contacts([person], (), SITE))[0] is not None


def test_the_order_does_not_depend_on_the_order_given() -> None:
    people = [a_contact(f"c-{n}", f"Ada Lane{n}", title="Director") for n in range(6)]
    assert rank_contacts(people, (), SITE) == rank_contacts(reversed(people), (), SITE)
