"""Valid samples of what comes from outside (contracts), as JSON values; inputs are made by damaging them."""

import json
from collections.abc import Sequence
from typing import Any

from intent_assets.intake.door_forms import EXAMPLE
from intent_assets.sandbox.smartlead_forms import (
    category_updated,
    data_item,
    email_replied,
    email_reply,
    invented_reply,
    messages_item,
)

Json = dict[str, Any]

BUYER_ID = "b-riverhead"
PAGE_ID = "0123456789abcdef0123456789abcdef"
PARENT_ID = "fedcba9876543210fedcba9876543210"

REPORT_REQUEST: Json = EXAMPLE | {
    "reply_text": "This looks interesting, can you send more?\n\nOn Mon, Ben wrote:\n> Hello\n-- \nAna",
}

OPPORTUNITY: Json = {
    "id": "opp-1",
    "title": "Career Platform Services",
    "type": "Selling",
    "summary": "The district asks for a career platform for 2 high schools.",
    "status": "Available",
    "postedDate": "2026-11-03",
    "dueDate": "2026-12-12T17:00:00-05:00",
    "untilDate": None,
    "createdAt": "2026-11-04T09:00:00Z",
    "purchaseAmount": "$50,000",
    "buyerId": BUYER_ID,
    "buyerName": "Riverhead Central School District",
    "buyerType": "SchoolDistrict, School",
    "buyerState": "NY",
    "buyerWebsite": "https://www.riverhead.example",
    "buyerTags": ["k12"],
    "parentBuyerId": "b-parent",
    "parentBuyerName": "Suffolk County",
    "documentType": "pdf",
    "fileCount": 1,
    "files": [{"name": "rfp.pdf", "url": "https://files.example/rfp.pdf", "sourceUrl": None, "contentType": "pdf"}],
    "highlights": {"content": [{"highlight": "a <b>career</b> platform &amp; more"}]},
    "rfps": [{"id": "rfp-2", "title": "Advising", "dueDate": "2026-12-01", "status": "Future"}],
    "purchaseOrders": [
        {"id": "po-1", "title": "Portal licence", "purchaseAmount": 48500, "vendorName": "Handshaker",
         "fromDate": "2025-07-01", "untilDate": "2027-06-30"}
    ],
}  # fmt: skip
MEETING: Json = {
    "id": "opp-2", "title": "Regular Board Meeting", "type": "BoardMeeting", "buyerId": "b-lake",
    "buyerName": "Lakeview Community College", "postedDate": "2026-10-06", "summary": "The board discussed careers.",
}  # fmt: skip
BUYER: Json = {
    "buyerId": "b-lake", "name": "Lakeview Community College", "type": "HigherEducation", "stateCode": "NY",
    "website": "lakeview.example", "city": "Lakeview", "county": "Lake", "zip": 11901, "population": "12,400",
    "parentName": None, "foiaRequestMethod": "mail",
}  # fmt: skip
PROFILE: Json = {
    "id": BUYER_ID,
    "name": "Riverhead Central School District",
    "type": "SchoolDistrict",
    "stateCode": "NY",
    "url": "https://www.riverhead.example",
    "tags": ["k12"],
    "metadata": {"address": {"street1": "700 Osborn Avenue", "city": "Riverhead", "zip": 1901, "phone": 6315550142}},
    "extraData": {
        "totalEnrollment": "5,612", "employeeFte": 804, "budgetAmount": 187654321.0, "budgetLatestYear": 2026,
        "fiscalYearStartDate": "07/01", "procurementHellScore": 62, "aiAdoptionScore": "41.5", "lmsArray": ["Canvas"],
        "sis": "PowerSchool", "mainPhoneNumber": "(631) 555-0142", "propensityToSpend": "high",
    },
}  # fmt: skip
CONTACTS: list[Json] = [
    {"contactId": "c-1", "name": "April Lane", "title": "Director of Technology", "email": "april@riverhead.example",
     "phone": "(631) 555-0199", "worksAtBuyer": True, "emailVerified": True, "emailLastChecked": "2026-10-01",
     "linkedInUrl": "www.linkedin.com/in/april", "normalizedTitles": ["IT Director"], "source": "WebAgent"},
    {"firstName": "Ben", "lastName": "Okafor", "title": None, "email": None, "phone": 6315550100, "source": "FOIA"},
]  # fmt: skip
CHAT = (
    "# Priorities\n\n- Riverhead wants *career readiness*.\n- The RFP closes on December 12, 2026 at $48,500.\n\n"
    "The board talks about career readiness. Start with the schools that asked."
)
TOOL_ANSWER: Json = {
    "totalItems": 2,
    "totalContacts": 2,
    "pageNumber": 1,
    "pageSize": 40,
    "resultCount": 2,
    "opportunities": [OPPORTUNITY, MEETING],
    "buyers": [BUYER],
    "resolved_buyer_id": BUYER_ID,
    "resolved_buyer_name": "Riverhead Central School District",
    "profile": PROFILE,
    "contacts": CONTACTS,
    "question": "What matters?",
    "ai_response": CHAT,
    "chatId": "chat-1",
    "messageId": 7,
}
"""What each of the five tools answers, in one object: a reader takes what it asked for."""

ENVELOPES: list[Json] = [
    {"success": True, "run_uuid": "run-1", "data": {"output_vars": {"output": TOOL_ANSWER}}},
    {"success": True, "data": {"run_id": 17, "output_vars": {"output": json.dumps(TOOL_ANSWER)}}},
    TOOL_ANSWER,
    {"success": False, "error": {"message": "no such buyer", "status_code": 404}},
    {"success": True, "data": {"error": "broken", "status_code": 500}},
]

SUPABASE_SIGNALS: list[Json] = [
    {"id": 1, "domain": "vmock.example", "signal_type": "RFP", "summary": "A career platform", "date": "2026-11-03",
     "source": "https://files.example/a/rfp.pdf", "relevance_score": "0.9", "buyer_id": "b-1", "amount": 5},
    {"id": "s-2", "domain": "vmock.example", "signal_type": "board_meeting", "summary": "Careers", "source": "Minutes"},
]  # fmt: skip
SUPABASE_ALLOCATIONS: list[Json] = [
    {"signal_id": "opp-1", "prospect_email": "ana.diaz@vmock.example", "campaign_id": "camp_17",
     "sequence_position": 1, "sent": True},
    {"signal_id": 9, "prospect_email": "ANA.DIAZ@vmock.example", "campaign_id": None, "sequence_position": "2",
     "sent": "yes"},
]  # fmt: skip


def webhooks() -> Sequence[Json]:
    """The three events of Smartlead's webhook."""
    replies = [invented_reply(7, number) for number in range(2)]
    return [form(reply) for form in (email_reply, email_replied, category_updated) for reply in replies]


def polled_items() -> Sequence[Json]:
    """Items of Smartlead's poll, in both forms."""
    replies = [invented_reply(7, number) for number in range(2)]
    return [form(reply) for form in (data_item, messages_item) for reply in replies]


def message(answer: Any, **changes: Any) -> Json:
    """An answer of the Messages API whose text is `answer` as JSON."""
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude-sonnet-5-5",
        "content": [
            {"type": "thinking", "thinking": "well", "signature": "s"},
            {"type": "text", "text": json.dumps(answer)},
        ],
        "stop_reason": "end_turn",
        "usage": {"input_tokens": 100, "output_tokens": 20, "cache_read_input_tokens": 0},
    } | changes


def notion_block(kind: str, text: str, **more: Any) -> Json:
    """A block as Notion tells of it."""
    rich = [{"type": "text", "text": {"content": text, "link": None}, "plain_text": text, "href": None}]
    return {
        "object": "block",
        "id": PAGE_ID[::-1],
        "type": kind,
        "has_children": False,
        kind: {"rich_text": rich},
        **more,
    }


NOTION_BLOCKS: list[Json] = [
    notion_block("heading_2", "Why this buyer"),
    notion_block("paragraph", "Riverhead asks for bids [1] until December 12, 2026."),
    notion_block("bulleted_list_item", "April Lane, Director of Technology"),
    {"object": "block", "id": PAGE_ID, "type": "table", "has_children": False, "table": {"table_width": 1, "children": [
        {"type": "table_row", "table_row": {"cells": [[{"plain_text": "cell", "href": "https://files.example"}]]}}]}},
    {"object": "block", "id": PAGE_ID, "type": "divider", "divider": {}, "has_children": False},
    notion_block("heading_2", "From the buyer chat (a model's words, not a record)"),
    notion_block("quote", "The board talks about career readiness."),
    {"object": "block", "id": PARENT_ID, "type": "child_page", "child_page": {"title": "Report (vmock.example)"}},
]  # fmt: skip
NOTION_ANSWER: Json = {
    "object": "page",
    "id": PAGE_ID,
    "url": f"https://www.notion.so/{PAGE_ID}",
    "name": "Integration",
    "parent": {"type": "page_id", "page_id": PARENT_ID},
    "properties": {"title": {"type": "title", "title": [{"plain_text": "Intent report: VMock (vmock.example)"}]}},
    "last_edited_time": "2026-11-23T09:00:00.000Z",
    "results": NOTION_BLOCKS,
    "has_more": False,
    "next_cursor": None,
}
"""What each endpoint answers, in one object."""
