"""The words by which a text says what a figure or a date is, and the fields that fit them.

`Role.fields` are the only fields that may stand with the words; `kinds` limits for whom the words speak.
"""

import re
from dataclasses import dataclass

from intent_assets.records import FactKind

_I = re.IGNORECASE


@dataclass(frozen=True)
class Role:
    """What words say a value is. `meant` names it for a person."""

    pattern: re.Pattern[str]
    fields: frozenset[str]
    meant: str


def _role(pattern: str, fields: str, meant: str) -> Role:
    return Role(re.compile(rf"\b(?:{pattern})\b", _I), frozenset(fields.split()), meant)


_DUE = "due_date deadline days_to_due"
_END = "until_date days_left"
_DATES = (
    _role(r"questions? (?:are |is )?due|pre-?bid|site visit|interviews?", "", "another date than that of the bids"),
    _role(
        r"due|deadline|closing date|closes?|closed|closing|submissions?|submit(?:ted)? by|respond by|responses? by"
        r"|(?:answer|respond|reply|submit|bid|apply|propos)\w*\b[^.;]*\b(?:by|before|until|no later than)",
        _DUE,
        "a due date",
    ),
    _role(
        r"award(?:s|ed|ing)?|award date|selection|selects?|selected|decision|decides?|decided|chosen"
        r"|chooses|chose|wins?|won"
        r"|winner",
        "",
        "the date of an award or decision",
    ),
    _role(
        r"sign(?:s|ed|ing)|signature|approv\w+|adopt(?:s|ed|ion)|execut(?:ed|ion)|ratif\w+|founded"
        r"|established|appointed"
        r"|elected|hired|joined|paid|payment|invoiced?|deliver(?:ed|y)|install(?:ed|ation)"
        r"|implement(?:ed|ation)|go-?live"
        r"|upgrade[sd]?|migrat(?:ion|ed)|votes?|voted|election|birthday|reopens?|answered|took effect"
        r"|asked|reopened|renegotiat\w+",
        "",
        "a date that no record holds",
    ),
    _role(
        r"meets?|met|meetings?|sessions?|hearings?|convenes?|convened|agenda", "event_date:meeting", "a meeting's date"
    ),
    _role(
        r"posted|published|publishes|issued|released|announced|advertised|filed on|dated|dates? from"
        r"|dates back|went out"
        r"|came out|appeared|publication",
        "event_date",
        "the date of a record",
    ),
    _role(
        r"fiscal year|budget year|financial year|budget cycle|budgets?(?: on record)? (?:for|of)",
        "fiscal_year_start budget_year budget",
        "a fiscal year",
    ),
    _role(
        r"starts?|started|starting|start date|begins?|began|beginning|commenc\w+|kicks? off|kick-?off|takes? effect"
        r"|effective|launch(?:es|ed)?|opens on|opened",
        "from_date fiscal_year_start event_date:meeting",
        "a start",
    ),
    _role(
        r"ends?|ended|ending|end date|expires?|expired|expiring|expiration|expiry|runs? out|running out|runs? until"
        r"|runs? through|runs? to|lapses?|lapsed|terminates?|termination|renewals?|renews?|concludes?"
        r"|finishes|wraps? up",
        _END,
        "an end",
    ),
    _role(r"checked|verified|validated|confirmed", "email_last_checked", "the day of a check"),
    _role(r"until|till|through", f"{_DUE} {_END}", "an end"),
    _role(r"last report|previous report|earlier report", "last_report", "the day of the last report"),
)
_MONEY = (
    _role(
        r"owes?|eats? up|wast\w+|over budget|under budget|revenues?|savings?|saves?|saved|shortfalls?"
        r"|deficits?|grants?|raised|donat\w+|funding"
        r"|tuition|fines?|debts?|bonds?"
        r"|tax(?:es)?|salary|salaries|discounts?|fees?|award(?:s|ed)?|(?:per|each|every|apiece)"
        r" (?:student|pupil|head|licence|license|seat|user|unit|meter|school|device|year"
        r"|month)|profit|surplus"
        r"|increase[sd]?|cuts?|loans?|endowment|fundrais\w+|prizes?|penalt(?:y|ies)",
        "",
        "money that no record holds",
    ),
    _role(
        r"budget(?:s|ed|ary)?|general fund|spends? (?:a|per|each|every)|annual(?:ly)?|yearly", "budget", "the budget"
    ),
    _role(
        r"amounts?|contracts?|contracted|agreements?|purchases?|purchased|orders?|ordered|worth|value"
        r"|valued|costs?|prices?"
        r"|priced|pricing|deals?|licen[cs]es?|pays?|paid|spent|bids?|subscriptions?|renewals?|invoices?",
        "amount",
        "the amount of a record",
    ),
)
_COUNTS = (
    _role(r"(?:non-?|part-time |former |new |graduate )(?:students?|employees|staff)", "", "a part of what is counted"),
    _role(
        r"actionable(?: signals?| records?)?|(?:signals?|records?) (?:that|to) (?:can be )?act(?:ed)?(?: on)?",
        "actionable_signals",
        "signals that can be acted on",
    ),
    _role(
        r"people (?:study|learn)|students?|pupils?|learners?|enrol(?:l)?ments?|enrolled|enrol(?:l)?s"
        r"|enrolling|undergraduates?",
        "enrollment",
        "students",
    ),
    _role(r"residents?|inhabitants?|populations?|citizens?|people live", "population", "residents"),
    _role(
        r"people work(?:ing)?|employees?|staff(?:ers)?|workers?|workforce|fte|ftes|headcount|personnel|employs?"
        r"|employed",
        "employees_fte",
        "employees",
    ),
    _role(r"schools?", "schools", "schools"),
    _role(r"serves|home to|inhabited by", "enrollment population schools", "whom the body serves"),
    _role(
        r"searches",
        "searches_complete",
        "searches",
    ),
    _role(
        r"signals?|records?|results?|hits?|matches",
        "signals signals_found actionable_signals new_signals set_aside unreadable found",
        "signals",
    ),
    _role(r"buyers?|candidates?", "buyers_scored rank", "buyers"),
    _role(r"rfps?|solicitations?|requests? for proposals?|tenders?", "open_rfps open_rfps_share", "RFPs"),
    _role(r"contacts?", "contacts", "contacts"),
    _role(r"ranks?|ranked|ranking", "rank", "a rank"),
    _role(
        r"teachers?|faculty|vendors?|suppliers?|bids?|bidders?|contracts?|meetings?|plans?|purchases?|orders?|libraries"
        r"|buildings?|households?|families|parents?|graduates?|alumni|voters?|taxpayers?|officers?"
        r"|firefighters?|vehicles?"
        r"|buses|devices?|laptops?|licen[cs]es?|seats?|users?|applicants?|applications?|patrons?|members?|visitors?"
        r"|departments?|offices?|districts?|customers?|clients?|teams?|projects?|campuses|campus|colleges|counselors?"
        r"|administrators?|managers?|visits?|calls?|meters?|permits?|cases?|incidents?|children|kids|adults"
        r"|days?|months?|years?|hours?|weeks?|points?|percent|grants?|proposals?|documents?|pages?|programs?|courses?"
        r"|classes|jobs?|positions?|openings?|roles?|renewals?|agreements?|cities|counties|states"
        r"|towns|branches|stations",
        "",
        "what no record counts",
    ),
)  # fmt: skip
_SCORES = (
    _role(
        r"procurement|purchasing|buying|difficult(?:y|ies)?|paperwork",
        "procurement_difficulty",
        "procurement difficulty",
    ),
    _role(r"AI|artificial intelligence", "ai_adoption", "adoption of AI"),
    _role(r"start-?ups?", "startup_friendliness", "friendliness to startups"),
    _role(r"propensity|spend(?:s|ing)?", "propensity_to_spend_score propensity_to_spend", "propensity to spend"),
    _role(r"ranks?|ranked|ranking", "rank", "a rank"),
    _role(r"percent(?:age)?|chance|probability|likelihood|probable|out of ten", "", "a chance"),
)
ROLES: dict[FactKind, tuple[Role, ...]] = {
    "date": _DATES,
    "duration": (
        *_DATES,
        _role(
            r"has been|have been|had been|(?:open|running|out|on record) for|for the (?:last|past)",
            "",
            "a time gone by",
        ),
    ),
    "money": _MONEY,
    "count": _COUNTS,
    "score": _SCORES,
}
"""What words can say of values of a kind."""

NEEDED: dict[str, re.Pattern[str]] = {
    field: re.compile(pattern, _I)
    for field, pattern in {
        "fiscal_year_start": r"\b(?:fiscal|budget|financial)\b",
        "budget_year": r"\b(?:budget|fiscal|financial)",
        "email_last_checked": r"\b(?:check|verif|confirm|validat|looked up)",
        "last_report": r"\b(?:report|since|last)\b",
        "rank": r"\b(?:rank|place\b|position|comes|candidates?|among)",
        "score": r"\b(?:scor|standing)",
        "procurement_difficulty": r"\b(?:procurement|purchasing|buying|difficult|paperwork)",
        "ai_adoption": r"\b(?:AI|artificial)\b",
        "startup_friendliness": r"\bstart-?ups?\b",
        "propensity_to_spend_score": r"\b(?:propensity|spend)",
        "propensity_to_spend": r"\b(?:propensity|spend)",
        "actionable_signals": r"\bact(?:ion|ed|ionable)?\b",
        "signals_found": r"\b(?:after|out of|search|look|scan|review|report|found|in all|overall|read|went through|sift"
        r"|turned up|cover)",
        "buyers_scored": r"\b(?:among|after|out of|search|look|scan|review|report|found|in all|overall|scor|candidates?"
        r"|compar|weigh|rank|cover)",
        "due_date": r"\b(?:due|deadline|clos|bid|proposal|respon|answer|submi|until|open|before|offer|(?:on|in)"
        r" time|by)",
        "days_to_due": r"\b(?:due|deadline|clos|bid|proposal|respon|answer|submi|until|left|remain|to go|act)",
        "until_date": r"\b(?:end|expir|until|through|run|renew|left|lapse|over|out|term|valid|finish|last)",
        "days_left": r"\b(?:end|expir|until|through|run|renew|left|remain|lapse|over|out|term|valid|force|another)",
        "from_date": r"\b(?:start|beg[iau]n|from|since|run|effect)",
        "event_date": r"\b(?:date|from|post|publish|issu|held|met|meet|took|take|will|releas|announc|appear|since|went"
        r"|came|comes|coming|discuss|session|minutes|agenda|filed|hearing|schedul|calendar|happen|occur)",
        "found": r"\b(?:search for|quer(?:y|ies)|asked for)",
        "amount": r"\b(?:money|on record|amount|worth|valu|cost|price|pric|pay|paid|spen|total|contract"
        r"|agreement|purchase|order"
        r"|licen|deal"
        r"|sum|scale|size|provid|suppl|deliver|sold|bought|buy)",
        "budget": r"\b(?:budget|spend)",
        "enrollment": r"\b(?:student|enrol|pupil|learner|undergrad)",
        "population": r"\b(?:population|resident|inhabitant|citizen|people|live)",
        "employees_fte": r"\b(?:employ|staff|worker|workforce|fte|headcount|personnel|full-time|work there|work for"
        r"|people work)",
        "schools": r"\bschool",
        "signals": r"\b(?:signal|record)",
        "open_rfps": r"\b(?:rfp|solicitation|request|tender)",
        "open_rfps_share": r"\b(?:rfp|solicitation|request|tender)",
        "contacts": r"\bcontact",
        "searches_complete": r"\bsearch",
        "set_aside": r"\b(?:set aside|left out|without a buyer|no buyer)",
        "unreadable": r"\b(?:unread|could not be read|not readable)",
        "new_signals": r"\b(?:new|since|last report)\b",
    }.items()
}
"""Words without one of which a sentence does not say what the value of a field is."""

NAMES = (
    _role(
        r"(?:learning (?:management )?|course )(?:systems?|platforms?)|lms",
        "lms name title",
        "the learning management system",
    ),
    _role(
        r"student records (?:in|with|on)|student (?:information |records? )?(?:systems?|platforms?)|sis",
        "sis name title",
        "the student information system",
    ),
    _role(
        r"(?:incumbent|current|existing) (?:vendor|provider|supplier)|vendors?|suppliers?|contractors?|incumbents?",
        "vendor",
        "a vendor",
    ),
    _role(
        r"belongs? to|part of|parent(?: body| organi[sz]ation| district| system)?(?: is)?|overseen by|governed by",
        "parent_name",
        "the parent body",
    ),
)
"""What words say a name is; they count right before it."""

KIND_NOUNS: dict[str, frozenset[str]] = {
    noun: frozenset(kinds.split())
    for nouns, kinds in (
        ("rfp rfps rfi rfq solicitation tender bid", "rfp"),
        ("contract agreement", "contract"),
        ("purchase order", "purchase"),
        ("meeting session hearing", "meeting"),
        ("plan", "plan"),
    )
    for noun in nouns.split()
}
"""Nouns of records, and the kinds of records that they name."""
