"""What the gate catches, and what it lets pass; each row says why."""

import re
import string
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intent_assets.claims import Finding
from intent_assets.grounding import AllowedNames, check_text
from intent_assets.records import Fact
from intent_assets.reports import Text
from tests.builders import AS_OF, FEATURED, SECONDARY, a_ledger, a_reply, slot_of


@cache
def facts() -> tuple[Fact, ...]:
    return a_ledger()


@cache
def allowed() -> AllowedNames:
    return AllowedNames.of(a_reply(), facts())


def written(template: str) -> str:
    """Put slots for `<field record>`: `<title s-rfp>`, `<email c-1>`, `<enrollment>`."""
    for piece in set(re.findall(r"<([a-z_0-9]{2,}(?: [\w-]+)?)>", template)):
        field, _, record = piece.partition(" ")
        buyer = None if record or field in {"signals_found", "as_of", "company"} else FEATURED
        template = template.replace(f"<{piece}>", slot_of(facts(), field, record or None, buyer))
    return template


def check(template: str, author: str = "claude", buyer_id: str | None = FEATURED) -> tuple[Finding, ...]:
    text = Text.model_validate({"template": written(template), "author": author, "buyer_id": buyer_id})
    found = check_text(text, {fact.id: fact for fact in facts()}, allowed(), AS_OF)
    for finding in found:
        assert finding.quote == text.template[finding.start : finding.end]
        assert finding.quote
    return found


CAUGHT = [
    # slots
    ("It asks for {{E000000000}}.", "unknown_slot", "no such fact"),
    ("It asks for {{E12}}.", "unknown_slot", "an id has six digits or more"),
    ("It asks for {{ E123456 }}.", "unknown_slot", "blanks inside the braces"),
    ("It asks for {E123456}.", "unknown_slot", "one brace is not a slot"),
    ("It asks for {{title}}.", "unknown_slot", "a field's name is not a slot"),
    ("It asks for E123456.", "unknown_slot", "an id without braces"),
    ("It asks for ｛｛E123456｝｝.", "unknown_slot", "full-width braces look like a slot"),
    ("It asks for {{{{E123456}}}}.", "unknown_slot", "braces too many"),
    ("It asks for <title s-rfp>}.", "unknown_slot", "a brace too many"),
    ("Ask about <title s-lake>.", "other_buyer", "a record of another buyer"),
    ("Write to <email c-9>.", "other_buyer", "another buyer's contact"),
    ("It has <main_phone> million students.", "slot_misplaced", "a phone number is no amount"),
    ("It has <enrollment> million students.", "slot_misplaced", "a scale word changes the figure"),
    ("It has <enrollment>% of them.", "slot_misplaced", "a percent sign changes the figure"),
    ("It has <enrollment>,000 students.", "slot_misplaced", "digits behind the slot change the figure"),
    ("It has 1<enrollment> students.", "slot_misplaced", "a digit before the slot changes the figure"),
    ("It pays $<amount s-contract>.", "slot_misplaced", "a second dollar sign"),
    ("It pays -<amount s-contract>.", "slot_misplaced", "a minus sign changes the amount"),
    ("It pays <amount s-contract>k.", "slot_misplaced", "a glued letter changes the amount"),
    ("It has <enrollment><employees_fte> students.", "slot_misplaced", "two figures become one"),
    ("It has <enrollment>–<employees_fte> students.", "slot_misplaced", "a range of two facts"),
    ("It has <enrollment> residents.", "slot_misplaced", "enrolment is not population"),
    ("It has <employees_fte> students.", "slot_misplaced", "staff is not students"),
    ("It serves <budget> students.", "slot_misplaced", "money counts nobody"),
    ("It serves <email c-1> students.", "slot_misplaced", "an address counts nobody"),
    ("Bids are due <amount s-contract>.", "slot_misplaced", "money is no due date"),
    ("<amount s-contract> put <title s-rfp> on record.", "slot_misplaced", "money files nothing"),
    ("A meeting is on <due_date s-rfp>: <due_date s-rfp>.", "slot_misplaced", "a date says nothing of a date"),
    ("Call <email c-1>.", "slot_misplaced", "an e-mail address can't be called"),
    # digits
    ("It has 4 schools.", "typed_figure", "a digit"),
    ("It has ４ schools.", "typed_figure", "a full-width digit"),
    ("It has ٤ schools.", "typed_figure", "an Arabic-Indic digit"),
    ("It has ④ schools.", "typed_figure", "a circled digit"),
    ("It has 4️⃣ schools.", "typed_figure", "a keycap digit"),
    ("It has 𝟜 schools.", "typed_figure", "a mathematical digit"),
    ("It has 1\u200b2 schools.", "typed_figure", "a zero-width space between digits"),
    ("It pays ½ of that.", "typed_figure", "a fraction character"),
    ("It pays 三 times that.", "typed_figure", "a numeral of another script"),
    ("It pays $2.3M.", "typed_figure", "money"),
    ("It is a seven-figure deal.", "typed_figure", "a magnitude"),
    ("A hundred-plus schools ask for it.", "typed_figure", "an open-ended number"),
    ("It pays 2.3 million dollars.", "typed_figure", "money in words"),
    ("It pays USD 50,000.", "typed_figure", "money by currency code"),
    ("It pays € for it.", "typed_figure", "a currency sign without a slot"),
    ("Enrolment grew by 12%.", "typed_figure", "percent"),
    ("It is 3x faster.", "typed_figure", "a factor"),
    ("It is the 2nd largest.", "typed_figure", "an ordinal in digits"),
    ("It wants 5-10 licences.", "typed_figure", "a range"),
    ("It wants 1/3 of them.", "typed_figure", "a fraction"),
    ("It serves lOO schools.", "typed_figure", "letters that look like digits"),
    ("VMock serves 500 schools.", "typed_figure", "a figure of the reply is no name"),
    # number words
    ("It has two RFPs.", "typed_figure", "a number word"),
    ("It has tw\u00ado RFPs.", "typed_figure", "a soft hyphen inside a number word"),
    ("It has tw\u043e RFPs.", "typed_figure", "a Cyrillic letter inside a number word"),
    ("It has t w o RFPs.", "typed_figure", "a number word spaced out"),
    ("It has one RFP.", "typed_figure", "one of a counted thing is a quantity"),
    ("It has this one RFP.", "typed_figure", "the idiom does not cover a quantity"),
    ("It has a single RFP.", "typed_figure", "single means one"),
    ("It has a dozen schools.", "typed_figure", "a dozen is twelve"),
    ("It has dozens of schools.", "typed_figure", "dozens"),
    ("It has twenty-one schools.", "typed_figure", "a compound number"),
    ("It has twentyone schools.", "typed_figure", "a compound number in one word"),
    ("It has hundreds of staff.", "typed_figure", "hundreds"),
    ("It spends a quarter of it.", "typed_date", "a share, or a part of the year"),
    ("It spends half of it.", "typed_figure", "a share in words"),
    ("It spends a third of it.", "typed_figure", "a share in words"),
    ("It doubled the budget.", "typed_figure", "a multiple"),
    ("It met twice about it.", "typed_figure", "a multiple"),
    ("This is its third RFP.", "typed_figure", "an ordinal before a record"),
    ("This is the first RFP of its kind.", "typed_figure", "an ordinal before a record"),
    ("It ranks first in the state.", "typed_figure", "a rank"),
    ("Fifty percent agree.", "typed_figure", "percent in words"),
    ("It has a couple of contracts.", "typed_figure", "a couple is two"),
    # dates and times
    ("Bids close 12 December 2026.", "typed_date", "a date"),
    ("Bids close December 12, 2026.", "typed_date", "a date, American order"),
    ("Bids close 2026-12-12.", "typed_date", "an ISO date"),
    ("Bids close 12/12/2026.", "typed_date", "a date with slashes"),
    ("Bids close in December.", "typed_date", "a month"),
    ("Bids close in dec. 2026.", "typed_date", "a short month with a year"),
    ("The board meets in May.", "typed_date", "May after in is the month"),
    ("The board meets May 4.", "typed_date", "May before a day is the month"),
    ("The board meets in march.", "typed_date", "march after in is the month"),
    ("The March meeting matters.", "typed_date", "March capitalised within a sentence"),
    ("The board meets on Tuesday.", "typed_date", "a weekday"),
    ("The budget of 2027 matters.", "typed_date", "a year"),
    ("The FY27 budget matters.", "typed_date", "a fiscal year"),
    ("The budget of the fiscal year matters.", "typed_date", "a fiscal year that no fact gives"),
    ("Q1 is the time.", "typed_date", "a quarter"),
    ("It decides this quarter.", "typed_date", "a quarter in words"),
    ("It decided last year.", "typed_date", "a relative year"),
    ("It decides next month.", "typed_date", "a relative month"),
    ("It decides this week.", "typed_date", "a relative week"),
    ("It decided yesterday.", "typed_date", "a relative day"),
    ("It met weeks ago.", "typed_date", "a time ago"),
    ("It decides within a year.", "typed_date", "a period"),
    ("It decides by the end of the year.", "typed_date", "a part of the year"),
    ("It decides in the fall.", "typed_date", "a season"),
    ("It meets at 7:30 pm.", "typed_date", "a time of day"),
    ("It meets at noon.", "typed_date", "a time in words"),
    ("It pays <amount s-contract> a year.", "typed_date", "a period that the amount does not have"),
    # addresses
    ("Write to jane@riverhead.example.", "typed_email", "an e-mail address"),
    ("Write to jane＠riverhead.example.", "typed_email", "a full-width at sign"),
    ("Write to jane [at] riverhead [dot] org.", "typed_email", "a disguised e-mail address"),
    ("Write to jane at riverhead dot org.", "typed_email", "an e-mail address in words"),
    ("Call (631) 555-0142.", "typed_phone", "a phone number"),
    ("Call 631.555.0142.", "typed_phone", "a phone number with dots"),
    ("Call +1 631 555 0142.", "typed_phone", "an international phone number"),
    ("See https://riverhead.example/docs.", "typed_url", "a web address"),
    ("See riverhead.example.", "typed_url", "a host of the buyer"),
    ("See www.riverhead.example.", "typed_url", "a host with www"),
    ("See hxxps://evil.example.", "typed_url", "a disguised web address"),
    ("See vmock.example/promo.", "typed_url", "a page of the own domain is no fact"),
    ("See notvmock.example.", "typed_url", "a domain that only ends like the own one"),
    # names
    ("They work with Handshake.", "unknown_name", "a company that nobody named"),
    ("Ask Jane Doe about it.", "unknown_name", "a person that nobody named"),
    ("Jane Doe leads procurement.", "unknown_name", "a person at the start"),
    ("Jane leads procurement.", "unknown_name", "a first name at the start"),
    ("Okonkwo leads procurement.", "unknown_name", "an unknown name that does what people do"),
    ("Ask Ben Lane about it.", "unknown_name", "a first name of one and the last name of another"),
    ("Ask Mara Stone about it.", "unknown_name", "another buyer's contact"),
    ("Lakeview wants the same.", "unknown_name", "another buyer at the start"),
    ("It follows Lakeview Community College.", "unknown_name", "another buyer"),
    ("The Riverhead University System decides.", "unknown_name", "another body with a like name"),
    ("It is the best in Texas.", "unknown_name", "a state that is not the buyer's"),
    ("It runs PeopleSoft.", "unknown_name", "a product that no record names"),
    ("PeopleSoft runs there.", "unknown_name", "a product at the start, written like a name"),
    ("It is part of UCLA.", "unknown_name", "an acronym that nobody named"),
    ("The Chief Happiness Officer decides.", "unknown_name", "a title that no contact has"),
    ("It follows Ривер.", "unknown_name", "letters of another script"),
    ("Ask mara stone about it.", "unknown_name", "another buyer's contact in small letters"),
    ("Symplicity offers the same.", "unknown_name", "a company that does what companies do"),
    ("It received a grant from the Gates Foundation.", "unknown_name", "a body that nobody named"),
    # status and time words
    ("The open RFP matters.", "state_word", "no record is cited"),
    ("The open RFP is <title s-old>.", "state_word", "the record is closed"),
    ("The closed RFP is <title s-rfp>.", "state_word", "the record is open"),
    ("<title s-meeting> is upcoming.", "state_word", "the meeting is past"),
    ("<title s-contract> has expired.", "state_word", "the contract still runs"),
    ("<title s-old> is an active RFP.", "state_word", "the record is closed"),
    ("The recent contract is <title s-contract>.", "state_word", "the contract is more than a year old"),
    ("The new contract is <title s-contract>.", "state_word", "the contract is more than a year old"),
    ("It recently asked for this.", "state_word", "nothing is cited"),
    ("The latest RFP asks for this.", "state_word", "nothing is cited"),
    ("<title s-old> is overdue.", "state_word", "no computed state says so"),
    ("<title s-contract> was renewed.", "state_word", "no computed state says so"),
    ("<title s-rfp> was awarded.", "state_word", "no computed state says so"),
    ("Bids for <title s-old> are due.", "state_word", "the record is closed"),
    ("Bids for <title s-rfp> were due.", "state_word", "the record is open"),
    ("The current vendor is happy.", "state_word", "nothing says that there is one"),
    ("It is open to bids.", "state_word", "open to bids is a status"),
    ("<title s-rfp> matters. It is open.", "state_word", "the second sentence cites nothing"),
    ("Write to the verified address.", "state_word", "no contact is cited"),
    # markup
    ("It is **important**.", "markup", "bold"),
    ("# It is important.", "markup", "a heading"),
    ("See [this](page).", "markup", "a link"),
    ("Use `code`.", "markup", "code"),
    ("It is <b>important</b>.", "markup", "HTML"),
    ("It is &lt;b&gt; important.", "markup", "an HTML entity"),
    ("It | is | important.", "markup", "a table"),
    ("- It is important.", "markup", "a list"),
    ("It is _important_.", "markup", "emphasis"),
    ("It is ~~gone~~.", "markup", "struck out"),
]


@pytest.mark.parametrize(("template", "fault", "reason"), CAUGHT)
def test_what_nobody_bound_is_caught(template: str, fault: str, reason: str) -> None:
    assert fault in {finding.fault for finding in check(template)}, reason


PASSING = [
    ("<name b-riverhead> asks for bids on <title s-rfp>, which is <status s-rfp>.", "bound facts only"),
    ("The open RFP is <title s-rfp>.", "the cited record is open"),
    ("<title s-rfp> is still open, so act on it.", "the cited record is open"),
    ("Bids are due, and <title s-rfp> says what for.", "the cited record is open"),
    ("The expiring contract is <title s-contract>.", "the cited record expires within a year"),
    ("<title s-contract> expires on <until_date s-contract>.", "the cited record runs out"),
    ("The closed RFP <title s-old> is background.", "the cited record is closed"),
    ("The recent RFP is <title s-rfp>.", "the cited record is three weeks old"),
    ("The current vendor is <vendor po-1>.", "the cited purchase order runs"),
    ("It counts <open_rfps> open RFPs.", "the count itself says that they are open"),
    ("Its current enrolment is <enrollment> students.", "the profile is as of the report"),
    ("Use the verified address <email c-1>.", "the contact's record says verified"),
    ("It has <enrollment> students and <employees_fte> employees.", "counts with their own units"),
    ("The fiscal year starts on <fiscal_year_start>.", "the fact is about the fiscal year"),
    ("Its budget for fiscal year <budget_year> is <budget>.", "the fact is about the fiscal year"),
    ("A <amount s-contract> contract is on record.", "money before a contract"),
    ("It has an enrolment of <enrollment>, <procurement_difficulty> in difficulty.", "commas between facts"),
    ("<name c-1>'s address is <email c-1>.", "a possessive behind a slot"),
    ("Call <name c-1> on <phone c-1>.", "a phone number can be called"),
    ("<signals_found> signals were looked through.", "a fact of the run is free"),
    ("It is one of the districts that ask for this.", "unit-free"),
    ("Put it all in one place.", "unit-free"),
    ("The first step is a call.", "a step, not a record"),
    ("Lead with time saved for counselors, not with features.", "plain prose"),
    ("If nobody answers, call <main_phone> and ask for the office of the superintendent.", "a title in small letters"),
    ("Mentioning Section 508 early helps with accessibility reviewers.", "a verb before a name of the reply"),
    ("Procurement difficulty is scored at <procurement_difficulty>, so plan for a formal process.", "a score"),
    ("Ask first about the timeline.", "an adverb"),
    ("First, confirm who decides.", "an adverb"),
    ("No one else is named.", "a pronoun"),
    ("Take a second look at <title s-rfp>.", "an idiom"),
    ("Use the third-party assessment.", "an idiom"),
    ("It may need help, and you may offer it.", "may is the verb"),
    ("May we suggest a call?", "may is the verb"),
    ("March through the requirements in order.", "march is the verb"),
    ("Be open to a short call.", "open to is no status"),
    ("Open with a question about careers.", "open is the verb"),
    ("They may be new to this.", "new to is no status"),
    ("This is due to the budget.", "due to is no status"),
    ("Offer a new way to review resumes.", "new says nothing about a record"),
    ("Show the open-source option.", "a term"),
    ("It fits K-12 districts.", "a term of the field"),
    ("Ask about the LMS, the SIS and AI policy.", "acronyms of the field"),
    ("Mention Section 508 and Office 365.", "names with digits that the reply holds"),
    ("VMock reviews resumes.", "the replying company"),
    ("VMock's SmartResume reviews resumes.", "a product that the reply names"),
    ("Visit vmock.example.", "the replying company's own domain"),
    ("Ask Ada Quill for a reference.", "the prospect"),
    ("Riverhead asks for bids on <title s-rfp>.", "a part of the buyer's name"),
    ("The Riverhead Central School District is in New York.", "the buyer's name and state"),
    ("RCSD asks for bids on <title s-rfp>.", "the initials of the buyer's name"),
    ("Ask April Lane about Canvas and Moodle.", "a contact and systems that the ledger names"),
    ("Ask Superintendent Ben Okafor about it.", "title and name of the ledger"),
    ("Ask Ms. Lane about it.", "a last name of the ledger"),
    ("Ask the Director of Technology about it.", "a title that a contact has"),
    ("The Career Platform RFP asks for this.", "a part of a record's title"),
    ("The board asked for this.", "no name"),
    ("The Board asked for this.", "a word that names no certain body"),
    ("Offer a walk-through of resume review, then ask who decides.", "plain prose"),
    ("Tie the pitch to <highlight_1 s-meeting>", "a quote by its slot"),
    ("Students need this, and staff will like it.", "a plural at the start"),
    ("Funding is the question.", "an abstract noun at the start"),
    ("Keep it short: lead with the resume review.", "a colon"),
    ("Keep it short: Lead with the resume review.", "a capital behind a colon"),
    ("“Career Platform” is the phrase to use for <title s-rfp>.", "quotation marks at the start"),
    ("Several people care about this.", "a vague quantity is no figure"),
    ("I'd ask whether they'd like a pilot.", "contractions"),
    ("Answer the RFP. Contact the superintendent.", "a term at a sentence's end is no part of a name"),
    ("Read part b.\nContact the superintendent.", "a new line is a new sentence"),
]


@pytest.mark.parametrize(("template", "reason"), PASSING)
def test_what_is_fine_passes(template: str, reason: str) -> None:
    assert [(finding.quote, finding.fault) for finding in check(template)] == [], reason


CODE = [
    ("Contact: <name c-1>, open and verified", None, "names and states are code's own vocabulary"),
    ("Signals found: <signals_found>", None, "a slot"),
    ("Signals found: 5", "typed_figure", "code types no figures either"),
    ("Looked up in December", "typed_date", "code types no dates either"),
    ("See riverhead.example", "typed_url", "code types no addresses either"),
    ("Ask <name c-9>", "other_buyer", "code mixes no buyers up either"),
    ("**Signals**", "markup", "code writes no markup either"),
]


@pytest.mark.parametrize(("template", "fault", "reason"), CODE)
def test_texts_of_code_are_checked_for_values(template: str, fault: str | None, reason: str) -> None:
    assert {finding.fault for finding in check(template, "code")} == ({fault} if fault else set()), reason


def test_a_text_of_no_certain_buyer_names_each_buyer_whose_facts_it_uses() -> None:
    lake, river = slot_of(facts(), "name", SECONDARY), slot_of(facts(), "name", FEATURED)
    fine = f"{river} has <title s-rfp>, and {lake} has <title s-lake>."
    mixed = f"{river} has <title s-rfp>, and there is <title s-lake>."
    assert check(fine, buyer_id=None) == ()
    assert {finding.fault for finding in check(mixed, buyer_id=None)} == {"other_buyer"}


def test_a_finding_quotes_the_original_text() -> None:
    (finding,) = check("It has tw\u00ado\u200b RFPs.")
    assert (finding.quote, finding.start) == ("tw\u00ado", 7)


PLAIN_WORDS = st.lists(
    st.sampled_from(
        ["ask", "offer", "show", "review", "resume", "tool", "staff", "with", "about", "and", "their", "need", "call"]
    ),
    min_size=1,
    max_size=12,
)
SLOTS = st.sampled_from(["<title s-rfp>", "<name b-riverhead>"])


@settings(max_examples=60, deadline=None)
@given(PLAIN_WORDS, st.lists(SLOTS, max_size=3), st.randoms(use_true_random=False))
def test_an_order_in_plain_lower_case_words_always_passes(words: list[str], put: list[str], chance: object) -> None:
    pieces = [*words]
    for at, each in enumerate(put):
        pieces.insert(2 * at, each)
        pieces.insert(2 * at + 1, "and")
    assert check(f"Ask about {' '.join(pieces)}.") == ()


@settings(max_examples=120, deadline=None)
@given(
    st.sampled_from([row[0] for row in PASSING]),
    st.text(string.digits + "٠١٢３４५", min_size=1, max_size=6),
    st.floats(0, 1),
    st.booleans(),
)
def test_digits_put_anywhere_outside_slots_are_caught(template: str, digits: str, where: float, spaced: bool) -> None:
    text = written(template)
    places = [0, *(at for at in range(1, len(text) + 1) if text.count("{", 0, at) == text.count("}", 0, at))]
    at = places[int(where * (len(places) - 1))]
    put = f" {digits} " if spaced else digits
    found = check_text(
        Text(template=text[:at] + put + text[at:], author="claude", buyer_id=FEATURED),
        {fact.id: fact for fact in facts()},
        allowed(),
        AS_OF,
    )
    assert found


@pytest.mark.parametrize(
    ("company", "fault"),
    [("VMock https://attacker.example/a", "typed_url"), ("VMock **now**", "markup"), ("VMock {now}", "unknown_slot")],
)
def test_a_name_of_the_reply_brings_no_address_and_no_markup_in(company: str, fault: str) -> None:
    ledger = a_ledger(reply=a_reply(company=company))
    names = AllowedNames.of(a_reply(company=company), ledger)
    text = Text(template=f"Write to {company} about this.", author="claude", buyer_id=FEATURED)

    assert fault in {finding.fault for finding in check_text(text, {fact.id: fact for fact in ledger}, names, AS_OF)}
