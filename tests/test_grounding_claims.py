"""Comparisons, counts and negations against the ledger; words of state against the record that they are said of."""

import pytest

from tests.grounded import check, faults

DENIED = [
    ("It is the largest district in the state.", "no fact compares districts"),
    ("<title s-rfp> is the largest RFP.", "it has no amount"),
    ("<title po-1> is the largest contract on record.", "another one is larger"),
    ("<title s-contract> has the nearest deadline.", "another one is nearer"),
    ("<title s-contract> is the most urgent record.", "another one is nearer"),
    ("It has more than <enrollment> students.", "the fact is exact"),
    ("It has nearly <enrollment> students.", "the fact is exact"),
    ("It has at least <employees_fte> employees.", "the fact is exact"),
    ("Its budget exceeds <budget>.", "the fact is exact"),
    ("It is larger than its neighbours.", "no fact compares them"),
    ("It moves faster than other districts.", "no fact compares them"),
    ("It is as large as a county.", "no fact compares them"),
    ("It is the leading buyer.", "no fact says so"),
    ("It is unique in the region.", "no fact says so"),
    ("Most districts need this.", "no fact counts them"),
    ("The majority of its schools need this.", "no fact counts them"),
    ("Its enrolment grew to <enrollment>.", "no record holds an earlier figure"),
    ("It is a growing district.", "no record holds an earlier figure"),
    ("This is the only RFP on record.", "there are others"),
    ("Its only contact is <name c-1>.", "there are others"),
    ("It is the only buyer that asks for this.", "no fact counts buyers that ask"),
    ("It has several RFPs.", "there are fewer"),
    ("It has many contracts.", "there are fewer"),
    ("It has both contracts on record.", "there is one"),
    ("A number of meetings touch on this.", "there is one"),
    ("Numerous districts ask for this.", "no fact counts them"),
    ("All RFPs are open.", "one is closed"),
    ("There is no contract in place.", "there is one"),
    ("It has no learning management system.", "the profile names it"),
    ("It has no vendor.", "an order names one"),
    ("<title s-rfp> comes without a deadline.", "it has one"),
    ("It lacks a student information system.", "the profile names it"),
    ("There is no budget for it.", "the profile gives one"),
    ("No contact is on record.", "there are three"),
    ("Nobody owns career services.", "no fact says so"),
    ("It has not yet chosen a vendor.", "no fact says so"),
    ("It does not use an LMS.", "the profile names it"),
    ("It has never bought such a platform.", "no fact says so"),
    ("The district still has no platform.", "the profile names systems"),
    ("It hasn't renewed the contract.", "no fact says so"),
    ("None of its contracts covers this.", "no fact says so"),
    ("The post is vacant.", "no fact says so"),
    ("The budget of <name b-riverhead> is not <budget>.", "the fact itself denied"),
]


@pytest.mark.parametrize(("template", "reason"), DENIED)
def test_what_the_ledger_does_not_bear_out_is_caught(template: str, reason: str) -> None:
    assert "contradiction" in faults(template), reason


STATES = [
    ("The open RFP <title s-old> stands next to <title s-rfp>.", "said of the closed one, though an open one is cited"),
    ("<title s-rfp> matters more now that <title s-old> is open.", "said of the closed one"),
    ("<title s-rfp> has expired, and so will <title s-contract>.", "said of the open one"),
    ("Attend <title s-meeting>.", "the meeting is over"),
    ("Put in a proposal for <title s-old>.", "the RFP is closed"),
    ("<title s-contract> is due soon.", "not within two months"),
    ("The old contract <title s-contract> is background.", "it still runs"),
    ("The board just approved <title s-contract>.", "no fact says so"),
    ("<title s-rfp> was put on hold.", "no fact says so"),
    ("A decision is imminent.", "no fact says so"),
    ("<email c-1> is not verified.", "the record says that it is"),
]


@pytest.mark.parametrize(("template", "reason"), STATES)
def test_a_word_of_state_counts_for_its_own_record(template: str, reason: str) -> None:
    assert "state_word" in faults(template), reason


BORNE_OUT = [
    ("<title s-rfp> has the nearest deadline.", "by the due dates of the ledger"),
    ("<title s-rfp> is the most urgent record.", "by the due dates of the ledger"),
    ("<title s-contract> is the largest contract on record.", "by the amounts of the ledger"),
    ("<name b-riverhead> comes first.", "its rank is one"),
    ("<name b-riverhead> is the highest-ranked buyer.", "its rank is one"),
    ("It has several records that touch on this.", "there are more than three"),
    ("Both <title s-rfp> and <title s-contract> touch on this.", "two slots"),
    ("<title s-meeting> names no deadline.", "the record holds none"),
    ("<title s-rfp> closes soon.", "its due date is within two months"),
    ("The closed RFP <title s-old> stands next to <title s-rfp>, which is open.", "each word with its record"),
    ("It is one of the districts that ask for this.", "unit-free"),
    ("There is no better time than now.", "an idiom"),
    ("This is more about fit than about price.", "an idiom"),
    ("Offer at most a short call.", "an idiom"),
    ("Don't lead with price.", "advice"),
    ("Do not mention other vendors.", "advice"),
    ("Never send a price list with the first note.", "advice"),
    ("If there is no answer, call <main_phone>.", "a condition"),
    ("Ask whether there is no vendor yet.", "a question"),
    ("There is no need to send a proposal first.", "an idiom"),
    ("The best way in is a question about resumes.", "advice"),
    ("The strongest point is the time that counselors save.", "advice"),
    ("What matters most is career readiness.", "no comparison of facts"),
    ("Keep the note no longer than a page.", "advice"),
    ("Show more than features.", "an idiom"),
    ("Answer each requirement in order.", "no records"),
    ("Ask how many students get a review.", "a question"),
    ("It does not take long to show this.", "nothing about the buyer"),
    ("Reply as soon as possible.", "an idiom"),
]


@pytest.mark.parametrize(("template", "reason"), BORNE_OUT)
def test_what_the_ledger_bears_out_and_idioms_pass(template: str, reason: str) -> None:
    assert [(finding.quote, finding.fault, finding.reason) for finding in check(template)] == [], reason
