"""Which contact comes first, and who can be asked."""

import random
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intent_assets.assembly_book import Book
from intent_assets.assembly_buyer import contacts_table, decision_maker_card
from intent_assets.contacts import decision_maker, rank_contacts
from intent_assets.grounding import AllowedNames, check_text
from intent_assets.records import Contact
from intent_assets.rendering.text import bind
from intent_assets.reports import Table, Text
from tests.builders import FEATURED, a_contact, a_ledger, a_reply, selected_buyers, the_fact

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
    ({"title": "Career Services Manager"}, {"title": "President"}, "the role's fit before its rank"),
    ({"title": "Career Services Manager", "email_verified": False}, {"title": "Teacher"}, "both before a sure address"),
    ({"title": "Director of IT"}, {"title": "Career Counselor"}, "who buys for all before staff of the field"),
    ({"title": "Career Counselor"}, {"title": "Director of Athletics"}, "staff of the field before other fields"),
    (GOOD | {"email_verified": None}, GOOD | {"email_verified": False}, "unknown is better than known to be wrong"),
    (GOOD | {"works_at_buyer": None}, GOOD | {"email_verified": None}, "verified before employed"),
    (GOOD | {"title": "Clerk"}, GOOD | {"works_at_buyer": False, "title": "CIO"}, "never somebody who left"),
    ({"title": "Teacher"}, {"title": "CIO", "email": None}, "never somebody who can't be reached"),
    ({"title": "Teacher"}, {"title": "CIO", "email": "info@riverhead.example"}, "never a shared mailbox"),
    (GOOD, GOOD | {"email": "it@riverhead.example", "phone": "(631) 555-0100"}, "an address of one's own"),
    ({"title": "CIO", "email": "it@riverhead.example"}, {"title": "Student Worker"}, "a mailbox before a student"),
    ({"title": "VP for Student Success"}, {"title": "Student Trustee"}, "who leads student affairs is no student"),
    ({"title": "Internship Coordinator"}, {"title": "Intern"}, "who leads interns is none"),
    ({"title": None, "normalized_titles": ("Chief Information Officer",)}, {"title": "Teacher"}, "normalized titles"),
    ({"title": "IT", "normalized_titles": ("Director of Technology",)}, {"title": "IT"}, "and both together"),
    ({"title": "General Manager"}, {"title": "Chief Engineer"}, "not every chief is the head"),
    ({"title": "Director of IT", "email_verified": False}, {"title": "Principal"}, "a school's head after who buys"),
    ({"title": "Sheriff"}, {"title": "Deputy Sheriff"}, "a deputy is not the sheriff"),
    ({"title": "IT Coordinator"}, {"title": "Assistant Principal"}, "nor the principal"),
    ({"title": "Library Director"}, {"title": "Technology Librarian"}, "a library's head decides for it"),
    ({"title": "City Clerk"}, {"title": "Deputy Clerk"}, "a city's clerk is an officer of it"),
    ({"title": "Deputy Secretary"}, {"title": "Board Secretary"}, "secretaries of two kinds"),
    ({"title": "Superintendent of Schools"}, {"title": "Fleet Superintendent"}, "superintendents of two kinds"),
    ({"title": "Deputy Director"}, {"title": "Assistant to the City Manager"}, "an assistant is not the manager"),
    ({"title": "CIO"}, {"title": "Public Information Officer"}, "information of two kinds"),
    ({"title": "Ex-Officio Member"}, {"title": "Ex-President"}, "members by office have not left"),
    ({"title": "Director, Retired Senior Volunteer Program"}, {"title": "Retired Director"}, "who serves the retired"),
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
    ("a@it.county.example", "https://schools.county.example", False, "another part of the same domain"),
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
    assert decision_maker(rank_contacts(people, (), SITE), ()) == (None, why), reason


WHY: list[tuple[dict[str, Any], list[str], str]] = [
    (
        {"title": "Director of Career Services"},
        [
            "the title fits the product (career)",
            "directs a department or a school",
            "works there",
            "verified e-mail address",
        ],
        "its own field",
    ),
    (
        {"title": "Procurement Officer", "works_at_buyer": None, "email_verified": None},
        [
            "the role takes part in purchases (procurement)",
            "holds an office without a team",
            "said to work there",
            "e-mail address not verified",
        ],
        "who buys, less surely",
    ),
    (
        {"title": "Superintendent", "email": "ada@mail.example"},
        [
            "the role decides on purchases",
            "heads the organisation or one of its branches",
            "works there",
            "verified e-mail address",
            "on another domain than the buyer's",
        ],
        "the head, on another domain",
    ),
    (
        {"title": "Career Counselor", "email": "careers@riverhead.example", "phone": "(631) 555-0100"},
        [
            "works near the product's field (career)",
            "is staff",
            "works there",
            "to be called, since others read the mailbox too",
        ],
        "to be called",
    ),
    (
        {"title": None, "email": None, "phone": "(631) 555-0100"},
        [
            "nobody on record has a title that fits the product",
            "has no title on record",
            "works there",
            "to be called, since no e-mail address is on record",
        ],
        "the least",
    ),
]


@pytest.mark.parametrize(("changes", "why", "reason"), WHY)
def test_the_best_is_named_with_the_reason(changes: dict[str, Any], why: list[str], reason: str) -> None:
    words = ("career services",)
    ranked = rank_contacts([a_contact("c-1", "Ada Lane", **changes)], words, SITE)
    assert decision_maker(ranked, words) == (ranked[0], ", ".join(why)), reason


@pytest.mark.parametrize(
    "title", ["May March Manager", "Second Chance Director", "Twelve Step Director", "Year Director"]
)
def test_no_word_of_a_title_makes_the_reason_a_figure_or_a_date(title: str) -> None:
    words = (title, "K12 365 school-year")
    ranked = rank_contacts([a_contact("c-1", "Ada Lane", title=f"{title} 2026")], words, SITE)
    _, why = decision_maker(ranked, words)
    assert check_text(Text(template=f"Why: {why}"), {}, AllowedNames.of(a_reply(), ()), date(2026, 11, 23)) == ()


MAILBOXES = [
    ("info@riverhead.example", "Info Desk", True, "no person's name"),
    ("procurement@riverhead.example", "Ada Lane", True, "a person's name beside a mailbox of many"),
    ("Purchasing.Dept@riverhead.example", "Ada Lane", True, "of two words"),
    ("info2@riverhead.example", "Ada Lane", True, "with a number"),
    ("ada.lane@riverhead.example", "Purchasing Department", True, "the name is a department's"),
    ("ada.lane@riverhead.example", "Ada Lane", False, "one's own"),
    ("ada.office@riverhead.example", "Ada Lane", False, "a person's in part"),
    ("parks@riverhead.example", "Ada Parks", False, "a name that is such a word"),
    ("ada.hall@riverhead.example", "Ada Hall", False, "another one"),
    (None, "Ada Lane", False, "no address"),
]


@pytest.mark.parametrize(("email", "name", "shared", "reason"), MAILBOXES)
def test_shared_mailboxes_are_marked(email: str | None, name: str, shared: bool, reason: str) -> None:
    (contact,) = rank_contacts([a_contact("c-1", name, email=email)], (), SITE)
    assert contact.shared_mailbox is shared, reason


@pytest.mark.parametrize("title", ["Career Services", "Purchasing", "Registrar", "Treasurer", "IT Support"])
def test_a_person_with_the_title_of_an_office_stays_a_person(title: str) -> None:
    assert decision_maker(rank_contacts([a_contact("c-1", "Ada Lane", title=title)], (), SITE), ())[0] is not None


def test_a_shared_mailbox_with_a_persons_own_phone_is_a_person() -> None:
    person = a_contact("c-1", "Ada Lane", email="purchasing@riverhead.example", phone="(631) 555-0100")
    assert decision_maker(rank_contacts([person], (), SITE), ())[0] is not None


ORDERS = [
    (
        "career services and employer relations for students",
        [
            "Director of Career Services",
            "Associate Director, Career & Employer Relations",
            "Chief Information Officer",
            "President",
            "Director of Procurement",
            "Dean of Students",
            "Career Counselor",
            "Registrar",
            "Instructional Designer",
            "Secretary to the President",
        ],
        "a university",
    ),
    (
        "permit software for building departments",
        [
            "Permit Technology Manager",
            "City Manager",
            "IT Director",
            "Finance Director",
            "Mayor",
            "Purchasing Agent",
            "Permit Technician",
            "Director of Recreation",
            "City Clerk",
            "Planner II",
        ],
        "a city",
    ),
    (
        "literacy programmes for schools",
        [
            "Literacy Director",
            "Chief Technology Officer",
            "Superintendent",
            "Business Manager",
            "Reading and Literacy Coach",
            "Director of Special Education",
            "Transportation Supervisor",
            "Board Member",
            "Teacher",
        ],
        "a school district",
    ),
]


@pytest.mark.parametrize(("product", "titles", "reason"), ORDERS)
def test_titles_stand_in_the_order_in_which_one_would_ask(product: str, titles: list[str], reason: str) -> None:
    # Ids of titles of the same worth rise; all else is shuffled.
    people = [a_contact(f"c-{n:02d}", "Ada Lane", title=title) for n, title in enumerate(titles)]
    random.Random(5).shuffle(people)
    assert [contact.title for contact in rank_contacts(people, (product,), SITE)] == titles, reason


contacts = st.lists(
    st.builds(
        a_contact,
        st.sampled_from(["c-1", "c-2", "c-3"]),
        st.sampled_from(["Ada Lane", "Info Desk", "???", "Bo Parks"]),
        title=st.sampled_from([None, "CIO", "Retired Dean", "Student Worker", "Director of Careers", "ÄÖ 12", "\n"]),
        email=st.sampled_from([None, "a@riverhead.example", "info@riverhead.example", "a@x.example", "@", "a@"]),
        phone=st.sampled_from([None, "(631) 555-0100"]),
        works_at_buyer=st.sampled_from([None, True, False]),
        email_verified=st.sampled_from([None, True, False]),
        normalized_titles=st.sampled_from([(), ("Chief Information Officer",)]),
    ),
    max_size=8,
)


@given(contacts, st.randoms())
def test_the_order_given_never_matters_and_nobody_unusable_is_asked(people: list[Contact], dice: random.Random) -> None:
    ranked = rank_contacts(people, ("career services",), SITE)
    dice.shuffle(people)
    assert rank_contacts(people, ("career services",), SITE) == ranked
    assert {contact.contact_id for contact in ranked} == {contact.contact_id for contact in people}
    assert len(ranked) == len({contact.contact_id for contact in people})
    assert rank_contacts(ranked, ("career services",), SITE) == ranked
    person, why = decision_maker(ranked, ("career services",))
    assert why
    if person is not None:
        assert person == ranked[0]
        assert person.works_at_buyer is not False
        assert person.phone or (person.email and not person.shared_mailbox)


def test_what_is_wrong_with_an_address_is_marked_in_the_table_and_in_the_data() -> None:
    people = [
        a_contact("c-1", "Ada Lane", title="CIO", email="ada@mail.example", email_verified=None),
        a_contact("c-2", "Ben Okafor", email="it@mail.example", phone="(631) 555-0100"),
        a_contact("c-3", "Cai Moss", title="Teacher"),
        a_contact("c-4", "Retired Desk", title="Former Dean"),
    ]
    facts = a_ledger(selected=selected_buyers(people))
    by_id = {fact.id: fact for fact in facts}
    ranked = rank_contacts(people, (), SITE)
    table, *_ = contacts_table(Book(facts), FEATURED, ranked, 5)
    assert isinstance(table, Table)
    shown = {bind(row[0].template, by_id): bind(row[4].template, by_id) for row in table.rows}
    assert shown == {
        "Ada Lane": "on another domain",
        "Ben Okafor": "verified, on another domain, shared mailbox",
        "Cai Moss": "verified",
    }
    card = decision_maker_card(Book(facts), FEATURED, ranked[0], "x")
    assert "E-mail: ada@mail.example, on another domain" in [bind(line.template, by_id) for line in card.lines]
    assert the_fact(facts, "mailbox", "c-2").kind == "status"
    assert the_fact(facts, "name", "c-4").state == "left"
