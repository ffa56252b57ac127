"""Right facts in wrong roles: other records, other people, other nouns, other places in the sentence."""

import pytest

from tests.grounded import check, faults

OTHER_RECORD = [
    ("<title s-contract> is due on <due_date s-rfp>.", "the date of another record"),
    ("<title s-rfp> ends on <until_date s-contract>.", "the end of another record"),
    ("<title s-rfp> is <status s-contract>.", "the status of another record"),
    ("<title s-rfp> is <status s-rfp>, while <title s-contract> is due on <due_date s-rfp>.", "swapped over a clause"),
    ("<title s-rfp> is worth <amount s-contract>.", "the amount of another record"),
    ("<title s-rfp> and <title s-contract> are <status s-rfp>.", "of both only if both have it"),
    ("<title s-rfp> runs for <days_left s-contract>.", "the days of another record"),
    ("You have <days_left s-contract> to answer <title s-rfp>.", "the days of another record, before its title"),
    ("In <days_to_due s-rfp>, <title s-contract> ends.", "days to a due date are none to an end"),
    ("<vendor po-1> holds <title s-contract>.", "the vendor of another record"),
    ("The contract <title s-rfp> matters.", "an RFP is no contract"),
    ("<title s-rfp> is a contract.", "an RFP is no contract"),
    ("The meeting <title s-contract> matters.", "a contract is no meeting"),
    ("Answer <title s-contract> by <until_date s-contract>.", "a contract is not answered"),
]
DATES = [
    ("The award for <title s-rfp> is made on <due_date s-rfp>.", "a due date is no award date"),
    ("<title s-rfp> will be awarded on <due_date s-rfp>.", "a due date is no award date"),
    ("The award date is <due_date s-rfp>.", "a due date is no award date"),
    ("<due_date s-rfp> is the award date.", "a due date is no award date, told behind it"),
    ("Bids are due, and the award follows on <due_date s-rfp>.", "a due date is no award date"),
    ("The board meets on <due_date s-rfp>.", "a due date is no meeting"),
    ("The board meeting on <event_date s-rfp> is the time.", "the day of an RFP is no meeting"),
    ("<title s-rfp> was posted on <due_date s-rfp>.", "a due date is no day of publication"),
    ("Work on <title s-rfp> starts on <due_date s-rfp>.", "a due date is no start"),
    ("<title s-rfp> expires on <due_date s-rfp>.", "a due date is no end"),
    ("<title s-contract> was signed on <event_date s-contract>.", "no record says when it was signed"),
    ("<title s-contract> starts on <until_date s-contract>.", "an end is no start"),
    ("Bids for <title s-rfp> are due on <event_date s-rfp>.", "the day of posting is no due date"),
    ("The fiscal year ends on <fiscal_year_start>.", "the start of the year is not its end"),
    ("Budget requests are due on <fiscal_year_start>.", "the start of the year is no due date"),
    ("It was founded in <budget_year>.", "a budget year is no year of foundation"),
    ("The address <email c-1> was checked on <due_date s-rfp>.", "a due date is no day of a check"),
    ("<title s-contract> ends before <until_date s-contract>.", "the very day is not before itself"),
]
MONEY_AND_COUNTS = [
    ("The district's budget is <amount s-contract>.", "an amount is no budget"),
    ("Its annual budget of <amount s-contract> leaves room.", "an amount is no budget"),
    ("<title s-contract> is worth <budget>.", "the budget is no contract's value"),
    ("It spends <budget> on software.", "the budget is not spent on one thing"),
    ("Its technology budget is <budget>.", "the whole budget is no part of it"),
    ("It saves <amount s-contract>.", "no record says what is saved"),
    ("It received a grant of <amount s-contract>.", "an amount is no grant"),
    ("It has <enrollment> employees.", "students are no employees"),
    ("It has a population of <enrollment>.", "enrolment is no population"),
    ("It employs <enrollment> people.", "students are not employed"),
    ("It serves <employees_fte> people.", "the staff is not whom it serves"),
    ("It has <enrollment> graduates.", "another noun"),
    ("It has <employees_fte> teachers.", "not all staff teach"),
    ("It has <enrollment> high schools.", "students are no schools"),
    ("It has <open_rfps> open contracts.", "RFPs are no contracts"),
    ("<name b-riverhead> has <contacts> signals.", "contacts are no signals"),
    ("It has <actionable_signals> signals.", "those to act on are not all"),
    ("The search looked through <signals> signals.", "those of one buyer are not all"),
    ("It has <signals_found> signals.", "those of all buyers are not of this one"),
    ("<signals_found> of the signals are about resumes.", "all are no part"),
    ("It meets <enrollment> times.", "students are no times"),
    ("It ranks <score>.", "a score is no rank"),
    ("It scores <rank>.", "a rank is no score"),
    ("Its score is <procurement_difficulty>.", "difficulty is not the buyer's score"),
    ("It has a <ai_adoption> chance of buying.", "a score is no chance"),
    ("Procurement difficulty is <ai_adoption>.", "another score"),
    ("The startup score is <ai_adoption>.", "another score"),
]
PEOPLE = [
    ("Ask <name c-1>, <title c-2>, about it.", "another person's title"),
    ("Write to <name c-1> at <email c-2>.", "another person's address"),
    ("Write to <name c-2>, <title c-2>, at <email c-1>.", "another person's address behind the title"),
    ("Call <name c-2> on <phone c-1>.", "another person's number"),
    ("Call <name c-1> on <main_phone>.", "the main number is not the person's"),
    ("Call <name b-riverhead> on <phone c-1>.", "a person's number is not the body's"),
    ("Ask April Lane at <email c-2>.", "a typed name with another's address"),
    ("Ask Ben Okafor, <title c-1>, about it.", "a typed name with another's title"),
    ("Ask Superintendent of Schools April Lane about it.", "a typed title of another person"),
    ("The Superintendent, <name c-1>, decides.", "a part of another person's title"),
    ("Ask <name c-1>, Chief Data Officer, about it.", "a title that the person has not"),
    ("<email c-1> belongs to <name c-2>.", "an address before another's name"),
    ("<phone c-1> is the number of <name c-2>.", "a number before another's name"),
    ("The <title c-2> is <name c-1>.", "a title before another's name"),
    ("<name c-1> leads <title c-2>.", "another person's title"),
    ("Ask for <prospect_name>, <title c-1>, at <email c-1>.", "the prospect is no contact of the buyer"),
]
PARTIES = [
    ("<company> comes first.", "the company that replied is no buyer"),
    ("It has a contract with <company>.", "the company that replied is no vendor there"),
    ("VMock is the vendor of <title s-contract>.", "its typed name, too"),
    ("<prospect_name> works at <name b-riverhead>.", "the prospect works for the company"),
    ("<vendor po-1> buys <title po-1>.", "a vendor sells"),
    ("It uses <lms> as its student information system.", "another system"),
    ("It uses <sis> as its learning management system.", "another system"),
    ("Its current vendor is <lms>.", "a system is no vendor"),
    ("It belongs to <state>.", "the state is not the parent body"),
    ("<name c-1> said <highlight_1 s-meeting>", "the words of a document are nobody's"),
    ("The reply says: <highlight_1 s-meeting>", "the words of a document are not those of the reply"),
    ("The minutes say: <reply_text>", "the words of the reply are in no minutes"),
    ("<name c-2> oversees <name c-1>.", "no record says who reports to whom"),
    ("<title s-contract> replaces <title s-rfp>.", "no record says what replaces what"),
]


@pytest.mark.parametrize(("template", "reason"), [*OTHER_RECORD, *DATES, *MONEY_AND_COUNTS, *PEOPLE, *PARTIES])
def test_a_fact_in_a_wrong_role_is_caught(template: str, reason: str) -> None:
    assert "wrong_role" in faults(template), reason


PLACES = [
    ("It is dated <amount s-contract>.", "money is no date"),
    ("It is worth <due_date s-rfp>.", "a date is no money"),
    ("Call <email c-1> today.", "an address can't be called"),
    ("Dial <document_url s-rfp>.", "a document can't be called"),
    ("Ask <title s-rfp> about it.", "a record can't be asked"),
    ("Ask <status s-rfp> about it.", "a status can't be asked"),
    ("It has <name c-1> students.", "a person counts nobody"),
    ("It has <name b-riverhead> students.", "a body counts nobody"),
    ("It pays <name c-1> for that.", "a person is no money"),
    ("It has <main_phone> students on record.", "a number to call counts nobody"),
    ("By <email c-1> bids are due.", "an address is no day"),
    ("<name b-riverhead> comes first, with the record <due_date s-rfp>.", "a day is no record"),
    ("Ask for <name c-1>, <due_date s-rfp>, about it.", "a day is no title"),
    ("The record <title s-rfp> is <vendor po-1>.", "a record is no vendor"),
    ("The amount on record is <name c-1>.", "an amount is no person"),
    ("It is filed as <type> in <name c-1>.", "a person is no place"),
    ("Start with <title s-rfp> at <status s-rfp>.", "a status is no place"),
    ("For trip planning, <due_date s-rfp> has <title s-rfp>, a record.", "a day has nothing"),
    ("<title po-1>, on record at <website b-riverhead>, is the record to read.", "an address is no amount"),
]


@pytest.mark.parametrize(("template", "reason"), PLACES)
def test_a_slot_where_its_kind_makes_no_sense_is_caught(template: str, reason: str) -> None:
    assert "slot_misplaced" in faults(template), reason


FINE = [
    ("<name b-riverhead> has put <title s-rfp> out to bid, and bids are <deadline s-rfp>.", "one record"),
    ("There are <days_to_due s-rfp> until bids on <title s-rfp> are due.", "days before the title"),
    ("The contract <title s-contract> is <status s-contract> and ends on <until_date s-contract>.", "one record"),
    ("The <amount s-contract> contract <title s-contract> runs until <until_date s-contract>.", "an amount before it"),
    ("<title s-rfp> is <status s-rfp>, while <title s-contract> is <status s-contract>.", "each with its own"),
    (
        "<title s-rfp> is due on <due_date s-rfp>, and <title s-contract> ends on <until_date s-contract>.",
        "each its own",
    ),
    (
        "<title s-rfp> and <title s-contract> are <status s-rfp> and <status s-contract>.",
        "a list with its own, in order",
    ),
    ("<title s-contract> and <title s-rfp> point the same way.", "a list"),
    ("The board took the matter up at <title s-meeting> on <event_date s-meeting>.", "a meeting's day"),
    (
        "At <title s-meeting> on <event_date s-meeting>, the minutes say: <highlight_1 s-meeting>",
        "a quote of the record",
    ),
    ("It enrols <enrollment> students across the district.", "a verb of enrolment"),
    ("The district serves <enrollment> students and employs <employees_fte> people.", "each with its own"),
    ("It has a budget of <budget> for <budget_year>.", "a budget with its year"),
    ("Its <budget> budget is set for the fiscal year that starts on <fiscal_year_start>.", "the year's start"),
    ("It ranks <rank> with a score of <score>.", "rank and score"),
    ("<name b-riverhead> has <signals> signals on record, <actionable_signals> of them to act on.", "all, and a part"),
    ("Out of <buyers_scored> buyers that were looked at, <name b-riverhead> comes first.", "counts of the run"),
    ("The district uses <lms> as its learning management system.", "its system"),
    ("Call <name c-1> (<title c-1>) at <phone c-1> or write to <email c-1>.", "one person"),
    ("If <name c-1> does not answer, try <name c-2>, <title c-2>, at <email c-2>.", "two people, each their own"),
    ("Use the main number <main_phone> if nobody picks up.", "the main number, called so"),
    ("Ask <title c-2> <name c-2> who owns the decision.", "a title before its name"),
    ("The purchase order <title po-1> from <vendor po-1> is on record at <amount po-1>.", "an order and its vendor"),
    ("<title po-1> went to <vendor po-1> for <amount po-1>.", "an order and its vendor"),
    ("The reply said: <reply_text>", "words of the reply"),
    ("VMock's resume review answers the part of <title s-rfp> about career readiness.", "free prose beside a slot"),
    ("The RFP was posted on <event_date s-rfp> and closes on <due_date s-rfp>.", "two dates, each its own"),
    ("<name b-riverhead>, a <type> in <state>, asks for bids on <title s-rfp>.", "who it is"),
    ("Among <buyers_scored> buyers, <name b-riverhead> is the one to call about budgets.", "what to call it about"),
    ("Position VMock against <vendor po-1> by showing resume review.", "a vendor as a rival"),
]


@pytest.mark.parametrize(("template", "reason"), FINE)
def test_facts_in_their_own_roles_pass(template: str, reason: str) -> None:
    assert [(finding.quote, finding.fault, finding.reason) for finding in check(template)] == [], reason
