"""Clean sentences as a careful writer would write them: patterns by section, with places for facts and typed names.

`<r.title>` is a slot of the record `r` (see `grounding_facts`), `[company]` a name that the reply or the ledger holds
and that may be typed. Words of state stand only where `states` makes them true.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Pattern:
    """One sentence. `kinds` and `states` hold what the record `r` may be (all if empty), `when` further conditions."""

    where: str
    text: str
    kinds: str = ""
    states: str = ""
    when: str = ""


_AHEAD = "open expiring upcoming running"
_IN_FORCE = "expiring running"

PATTERNS = (
    # what was looked through, who comes first
    Pattern("summary", "The search looked through <run.signals_found> signals and <run.buyers_scored> buyers."),
    Pattern("summary", "Of the searches, <run.searches_complete> ran to the end."),
    Pattern("summary", "<b.name> comes first, with the record <r.title>.", when="featured"),
    Pattern("summary", "Among <run.buyers_scored> buyers, <b.name> is the one to call about [task].", when="featured"),
    Pattern("summary", "<b.name> ranks <b.rank> with a score of <b.score>."),
    Pattern("summary", "The score of <b.name> is <b.score>, which puts it at rank <b.rank>."),
    Pattern("summary", "Its rank is <b.rank>, and <b.signals> signals stand behind it."),
    Pattern("summary", "<b.signals> signals of <b.name> were found, <b.actionable_signals> of them to act on."),
    Pattern("summary", "[company] sells [task], and <b.name> has <r.title> on record."),
    Pattern("summary", "One of the buyers worth a call is <b.name>."),
    Pattern("summary", "Start with <r.title>, which is <r.status> and <r.deadline>.", "rfp", "open"),
    Pattern("summary", "The record to know is <r.title>, <r.deadline>.", "rfp", "open"),
    Pattern("summary", "Since the report of <run.last_report>, <run.new_signals> signals came in."),
    Pattern("summary", "<run.set_aside> records were set aside because they name no buyer."),
    Pattern("summary", "What speaks for <b.name>: <b.reason>."),
    Pattern("summary", "The ledger holds <b.open_rfps> open RFPs of <b.name>."),
    Pattern("summary", "Of its RFPs, <b.open_rfps_share> are open."),
    Pattern("summary", "<reply.prospect_name> of <reply.company> asked about this, so start from [task]."),
    # why this buyer
    Pattern("why", "<b.name> is the buyer behind <r.title>, filed as <r.kind>."),
    Pattern("why", "The document puts it this way: <r.summary>."),
    Pattern("why", "In the words of <r.title>: <r.highlight_1>."),
    Pattern("why", "The summary of <r.title> reads: <r.summary>."),
    Pattern("why", "<r.title> is on record at <r.amount>."),
    Pattern("why", "The amount on record for <r.title> is <r.amount>."),
    Pattern("why", "A purchase of <r.amount> is on record as <r.title>.", "purchase"),
    Pattern("why", "With <r.amount> on record, <r.title> shows what this work costs there."),
    Pattern("why", "<o.vendor> is the vendor of <o.title>."),
    Pattern("why", "<o.title> went to <o.vendor> for <o.amount>."),
    Pattern("why", "The vendor on record for <o.title> is [vendor]."),
    Pattern("why", "<r.title> was closed business by the time of this search: it is <r.status>.", "rfp", "closed"),
    Pattern("why", "The closed RFP <r.title> is background and shows how the work is described.", "rfp", "closed"),
    Pattern("why", "The expired contract <r.title> is background.", "contract", "expired"),
    Pattern("why", "<r.title>, dated <r.event_date>, shows how the buyer describes this work."),
    Pattern("why", "The record <r.title> dates from <r.event_date>."),
    Pattern("why", "Read <r.title> next to <q.title>.", when="two"),
    Pattern("why", "<r.title> and <q.title> point the same way.", when="two"),
    Pattern("why", "<r.title> is <r.status>, while <q.title> is <q.status>.", when="two"),
    Pattern("why", "Show where [task] takes a step out of what <r.title> describes."),
    Pattern("why", "[named] may matter to reviewers there, so mention it early."),
    Pattern("why", "The recent record <r.title> fits [task].", when="fresh"),
    Pattern("why", "Its plan <r.title> runs until <r.until_date>.", "plan", _IN_FORCE),
    # why now
    Pattern("now", "<r.title> is <r.status> and <r.deadline>.", "rfp", "open"),
    Pattern("now", "The open RFP is <r.title>, <r.deadline>.", "rfp", "open"),
    Pattern("now", "Bids for <r.title> are due on <r.due_date>.", "rfp", "open"),
    Pattern("now", "<b.name> asks for bids on <r.title>, which is <r.status> until <r.due_date>.", "rfp", "open"),
    Pattern("now", "<r.days_to_due> are left to answer <r.title>.", "rfp", "open"),
    Pattern("now", "There are <r.days_to_due> until the due date of <r.title>.", "rfp", "open"),
    Pattern("now", "<r.title> is still open, so ask for its documents.", "rfp", "open"),
    Pattern("now", "<r.title> closes on <r.due_date>.", "rfp", "open"),
    Pattern("now", "The deadline for <r.title> is <r.due_date>, so act on it.", "rfp", "open"),
    Pattern("now", "<r.title> is <r.status>, with an end date of <r.until_date>.", "", _IN_FORCE),
    Pattern("now", "The expiring contract <r.title> ends on <r.until_date>.", "contract", "expiring"),
    Pattern("now", "<r.title> expires on <r.until_date>, in <r.days_left>.", "contract purchase", "expiring"),
    Pattern("now", "<r.days_left> are left on <r.title>.", "contract purchase plan", _IN_FORCE),
    Pattern("now", "The contract <r.title> runs until <r.until_date>.", "contract", _IN_FORCE),
    Pattern("now", "The upcoming meeting is <r.title> on <r.event_date>.", "meeting", "upcoming"),
    Pattern("now", "<r.title> is <r.status>, with <r.event_date> as its date.", "meeting", "upcoming"),
    Pattern("now", "<r.title> is <r.status>: it was held on <r.event_date>.", "meeting", "past"),
    Pattern("now", "<r.title> <r.deadline>, so it is background only.", "rfp", "closed"),
    Pattern("now", "<r.title> ended on <r.until_date>.", "contract purchase", "expired"),
    Pattern("now", "The record <r.title> is <r.status>."),
    Pattern("now", "<r.title> is <r.new_since>."),
    Pattern("now", "The current vendor of <o.title> is <o.vendor>.", when="order_runs"),
    # profile
    Pattern("profile", "<b.name> is filed as <b.type> in <b.state>."),
    Pattern("profile", "It belongs to <p.parent_name>."),
    Pattern("profile", "<b.name> is part of <p.parent_name>."),
    Pattern("profile", "It has <p.enrollment> students and <p.employees_fte> employees."),
    Pattern("profile", "<b.name> serves <p.population> residents."),
    Pattern("profile", "Its enrolment is <p.enrollment> students."),
    Pattern("profile", "<p.employees_fte> full-time staff work there."),
    Pattern("profile", "The district runs <p.schools> schools.", when="school_district"),
    Pattern("profile", "Its budget for fiscal year <p.budget_year> is <p.budget>."),
    Pattern("profile", "A budget of <p.budget> is on record for <p.budget_year>."),
    Pattern("profile", "The fiscal year begins on <p.fiscal_year_start>, so ask when budget requests are collected."),
    Pattern("profile", "Procurement difficulty is scored at <p.procurement_difficulty>."),
    Pattern("profile", "The profile gives <p.ai_adoption> for adoption of AI and <p.startup_friendliness> for friendliness "
            "to startups."),
    Pattern("profile", "Its propensity to spend is given as <p.propensity_to_spend>."),
    Pattern("profile", "It runs <p.lms> as its learning system."),
    Pattern("profile", "The learning system is [lms], so ask about that first."),
    Pattern("profile", "Its student system is <p.sis>."),
    Pattern("profile", "The main number is <p.main_phone>."),
    Pattern("profile", "Its office stands at <p.address>."),
    Pattern("profile", "The website is <b.website>."),
    Pattern("profile", "[buyer] is in [state]."),
    Pattern("profile", "[place] has <p.population> residents."),
    Pattern("profile", "<b.contacts> contacts of <b.name> are on record."),
    Pattern("profile", "The profile gives a population of <p.population> and a budget of <p.budget>."),
    # steps of the gameplan
    Pattern("prepare", "Read <r.title> first and note how it describes the work."),
    Pattern("prepare", "Read <r.document_url> before anything else."),
    Pattern("prepare", "Take a second look at <r.title>, and put all questions in one place."),
    Pattern("prepare", "Get the documents of <r.title> from <r.document_url>."),
    Pattern("reach", "Write to <c.name>, <c.title>, at <c.email>.", when="here"),
    Pattern("reach", "Call <c.name> on <c.phone>.", when="here"),
    Pattern("reach", "Ask for <c.name>, whose title is <c.title>.", when="here"),
    Pattern("reach", "<c.name> is <c.title> at <b.name>, reached at <c.email>.", when="here"),
    Pattern("reach", "The address of <c.name> is <c.email> and is <c.email_verified>.", when="here"),
    Pattern("reach", "Use the verified address <c.email> to reach <c.name>.", when="here verified"),
    Pattern("reach", "Ask <c.name> first, then <d.name>.", when="here two_people"),
    Pattern("reach", "<c.name> is <c.title>; <d.name> is <d.title>.", when="here two_people"),
    Pattern("reach", "Ask Ms. or Mr. [last] about [task]; the address is <c.email>.", when="here"),
    Pattern("reach", "[first] [last], the [ctitle], is reached at <c.email>.", when="here"),
    Pattern("reach", "<c.name>'s number is <c.phone>.", when="here"),
    Pattern("lead", "Lead with <r.title> and with a task that it names."),
    Pattern("lead", "Open with a question about [task], not with features."),
    Pattern("lead", "Say how [company] handles [task], and ask whether that would help."),
    Pattern("lead", "Keep the first message short: name <r.title>, then ask who decides."),
    Pattern("lead", "A new way to do [task] is easier to show than to describe."),
    Pattern("answer", "Answer each point of <r.title> before <r.due_date>.", "rfp", "open"),
    Pattern("answer", "Send the bid for <r.title> in time: it is <r.deadline>.", "rfp", "open"),
    Pattern("proof", "Take a task from <r.title> and show how [company] does it."),
    Pattern("proof", "Show [named] support in a live demo."),
    Pattern("proof", "Offer a reference from one of the bodies that use [company], if there is one."),
    Pattern("procure", "Plan for the paperwork: procurement difficulty is <p.procurement_difficulty>."),
    Pattern("procure", "The fiscal year starts on <p.fiscal_year_start>, so ask early about budget."),
    Pattern("follow", "If nobody answers, try <c.name> at <c.email>.", when="here"),
    Pattern("follow", "If no one replies, call <p.main_phone> and ask for the office that handles purchases."),
    Pattern("follow", "Point back to <r.title> and send [domain] as the place to look."),
    # call to action
    Pattern("call", "Ask <c.name>, <c.title>, at <c.email> about <r.title> and offer a short walk-through of [task].",
            when="here"),
    Pattern("call", "Call <c.name> on <c.phone> about <r.title>.", when="here"),
    Pattern("call", "Ask <b.name> who decides about <r.title>, and offer a short walk-through."),
    Pattern("call", "Write to <c.email> and offer a walk-through of [task] on the example of <r.title>.", when="here"),
    # relevancy and pitch
    Pattern("relevancy", "<r.title> touches [task], and it is <r.status>."),
    Pattern("relevancy", "What [company] does fits <r.title>, which <b.name> filed as <r.kind>."),
    Pattern("pitch", "Tie [task] to <r.title>, because the buyer describes that work itself."),
    Pattern("pitch", "Don't talk about features; talk about what <r.title> asks for."),
    # cards of the other buyers
    Pattern("card", "<b.name> is worth a look for <r.title>."),
    Pattern("card", "A way in at <b.name> is <r.title>, which is <r.status>."),
    Pattern("card", "The record to read at <b.name> is <r.title>, filed as <r.kind>."),
    Pattern("card", "<r.title> is <r.status> and <r.deadline>.", "rfp", "open"),
    Pattern("card", "Its contract <r.title> runs until <r.until_date>.", "contract", _IN_FORCE),
    Pattern("card", "<r.title> is on record at <r.amount>."),
    Pattern("card", "Ask for <c.name>, <c.title>.", when="here"),
    Pattern("card", "Start with <c.name> at <c.email>.", when="here"),
    Pattern("card", "[place] could be one of the next calls about [task]."),
    Pattern("card", "<b.name> has <p.enrollment> students, so [task] matters there."),
    Pattern("card", "Ask <b.name> how [task] is done there."),
    Pattern("card", "The meeting <r.title> was held on <r.event_date>.", "meeting", "past"),
)  # fmt: skip

SECTIONS = (
    ("executive_summary", None, "summary", 4),
    ("featured_section", "Why this buyer", "why", 5),
    ("featured_section", "Why now", "now", 4),
    ("profile_summary", None, "profile", 4),
    ("gameplan", "Relevancy", "relevancy", 1),
    ("gameplan", "Pitch angle", "pitch", 1),
    ("gameplan", "Prepare", "prepare", 2),
    ("gameplan", "Reach the right person", "reach", 2),
    ("gameplan", "Lead with this", "lead", 1),
    ("gameplan", "Answer the opportunity", "answer", 1),
    ("gameplan", "Show proof", "proof", 1),
    ("gameplan", "Work with procurement", "procure", 1),
    ("gameplan", "Follow up", "follow", 1),
    ("call_to_action", None, "call", 1),
)
"""Section, heading, patterns and how many of them a report has of the featured buyer."""
CARD_SENTENCES = 3
