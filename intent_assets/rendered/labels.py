"""What code writes in a report by itself: its headings, labels, table columns and fixed sentences. Pure.

The same words stand in `assembly*.py`; a test checks that nothing of a published report is unknown here.
"""

import re
from collections.abc import Mapping

from intent_assets.prompts import featured_section, gameplan
from intent_assets.rendering import notion

HEADINGS = frozenset(
    {
        "Executive summary", featured_section.WHY_THIS_BUYER, featured_section.WHY_NOW, "Buyer profile",
        "Decision maker", "Contacts", "Signals",
        *gameplan.NOTES, "Gameplan", "Other buyers", "Signals without a buyer", "Next step",
        "What was scanned", "Searches in detail", "Sources",
    }
)  # fmt: skip
OTHERS, NOBODY, SCANNED, SOURCES = "Other buyers", "Signals without a buyer", "What was scanned", "Sources"

SEEN = "Seen before in this campaign"
OF_ANY = frozenset({"The signal that was answered", SEEN})
"""Labels behind which any buyer's facts may stand."""

_DAYS = ("deadline", "due_date", "days_to_due", "until_date", "event_date")
_SIGNAL = ("title", "kind", "status", "new_since", *_DAYS)
LABELS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "Featured buyer": ("buyer", ("name",)),
    "Public body": ("buyer", ("name",)),
    "Type": ("buyer", ("type",)),
    "State": ("buyer", ("state",)),
    "Enrolment": ("profile", ("enrollment",)),
    "Population": ("profile", ("population",)),
    "Budget": ("profile", ("budget", "budget_year")),
    "Fiscal year starts": ("profile", ("fiscal_year_start",)),
    "Website": ("buyer", ("website",)),
    "Score": ("buyer", ("score", "rank")),
    "Signals": ("buyer", ("signals",)),
    "Why this rank": ("buyer", ("reason",)),
    "Part of": ("profile", ("parent_name",)),
    "Schools": ("profile", ("schools",)),
    "Employees": ("profile", ("employees_fte",)),
    "Learning management system": ("profile", ("lms",)),
    "Student information system": ("profile", ("sis",)),
    "Procurement difficulty": ("profile", ("procurement_difficulty",)),
    "Adoption of AI": ("profile", ("ai_adoption",)),
    "Startup friendliness": ("profile", ("startup_friendliness",)),
    "Propensity to spend": ("profile", ("propensity_to_spend", "propensity_to_spend_score")),
    "Address": ("profile", ("address",)),
    "Contact": ("contact", ("name", "title")),
    "E-mail": ("contact", ("email", "email_verified", "email_domain", "mailbox")),
    "Phone": ("contact", ("phone",)),
    "Profile": ("contact", ("linkedin_url",)),
    "Contacts on record in all": ("buyer", ("contacts",)),
    "Who": ("buyer", ("type", "state")),
    "Standing": ("buyer", ("score", "rank", "signals")),
    "Best signal": ("opportunity", _SIGNAL),
    "Source": ("opportunity", ("document_url",)),
    "Complete searches": ("run", ("searches_complete",)),
    "Signals found": ("run", ("signals_found",)),
    "Buyers scored": ("run", ("buyers_scored",)),
    "Set aside for want of a buyer": ("run", ("set_aside",)),
    "Set aside as unreadable": ("run", ("unreadable",)),
    "Looked up on": ("run", ("as_of",)),
    "Missing": ("run", ("problem",)),
    "Search": ("run", ("search", "query", "found")),
    "Not asked": ("run", ("skipped",)),
    "New signals": ("run", ("new_signals", "last_report")),
    "The signal that was answered": ("opportunity", _SIGNAL),
    SEEN: ("reply", ("title",)),
}
"""Label -> the record and the fields that stand behind it."""

STEPS = tuple(f"{step}: " for step in (*gameplan.HEADINGS.values(), gameplan.OTHER_HEADING))
"""What the steps of the gameplan start with."""
WHY = "Why: "
"""Starts the line that says why a contact is the one to ask."""

PROFILE_PHONE = ("profile", ("main_phone",))
"""What `Phone` stands for in the buyer's profile."""

COLUMNS: Mapping[tuple[str, ...], tuple[str, tuple[tuple[str, ...], ...]]] = {
    ("Name", "Title", "E-mail", "Phone", "Verified"): (
        "contact",
        (("name",), ("title",), ("email",), ("phone",), ("email_verified", "email_domain", "mailbox")),
    ),
    ("Signal", "State", "Date", "Amount", "Source"): (
        "opportunity",
        (
            ("title", "kind"),
            ("status", "new_since"),
            _DAYS,
            ("amount",),
            ("document_url",),
        ),
    ),
}
"""Header of a table -> the record of a row, and the fields of each of its cells."""

_GLUE_WORDS = "rank score signals found due ended ends runs until since the last report of told in a mail before"
GLUE = frozenset(_GLUE_WORDS.split())
"""Words that code puts between the values behind a label or in a cell."""

END_LINE = re.compile(rf"Intent report for \S+ · {notion.END_LINE} [0-9a-f]{{12}}")
"""The last line of a page."""

FIXED = (
    "As of {run.as_of}.",
    "As of {run.as_of}, made for the reply of {reply.prospect_name}.",
    "As of {run.as_of}, made for the reply of {reply.company}.",
    "As of {run.as_of}, made for the reply of {reply.prospect_name}, {reply.company}.",
    "These signals come from Supabase and name no buyer, so they count for none of those above.",
    "The signal that was answered: {reply.title}. It is not among the signals found for this report.",
    "The signal that was answered is not among the signals found for this report.",
    "Its buyer {buyer.name} is not among the candidates of this report.",
    "Its buyer {buyer.name} is the featured buyer: rank {buyer.rank}.",
    "Its buyer {buyer.name} is one of the other buyers below: rank {buyer.rank}.",
    "Its buyer {buyer.name} is among the candidates: rank {buyer.rank}.",
    "{reply.domain} belongs to {buyer.name}, a public body.",
    "{reply.domain} belongs to {buyer.name}, a public body ({buyer.type}).",
    "{reply.domain} belongs to {buyer.name}, a public body ({buyer.state}).",
    "{reply.domain} belongs to {buyer.name}, a public body ({buyer.type}, {buyer.state}).",
    "Its web site on record stands under this domain.",
    "It is on record under the prospect's very name.",
    "Its documents mention this domain most.",
    "It is a buyer and no vendor: no other buyer is proposed to it, and nothing was written to sell to it.",
    *(
        f"No suitable contact is known, since {reason}. Ask the buyer who decides."
        for reason in (
            "no contact is on record",
            "everybody on record has left",
            "only shared mailboxes are on record",
            "nobody on record has an e-mail address or a phone number",
            "nobody on record has a say in purchases",
            "nobody suitable is among the evidence",
        )
    ),
)
"""Whole lines of code; a field in braces stands for the display of such a fact."""
