"""Columns of the frames that assets pass on as Parquet; the order is the order in the file.

Types are pandas dtypes: `str` (nullable text), `float64`, `Int64`, `date` (object column of `datetime.date` or None),
`bool`. A column that holds a list or a record holds it as JSON text and its name ends in `_json`.
"""

from collections.abc import Mapping

DISCOVERIES: Mapping[str, str] = {
    "signal_id": "str",
    "source": "str",  # starbridge, supabase
    "searches": "str",  # names of the searches that found it, joined by ","
    "buyer_id": "str",
    "buyer_name": "str",
    "buyer_type": "str",
    "buyer_tags": "str",
    "buyer_state": "str",
    "buyer_website": "str",
    "parent_buyer_id": "str",
    "parent_buyer_name": "str",
    "kind": "str",  # meeting, plan, rfp, purchase, contract
    "title": "str",
    "summary": "str",
    "status": "str",
    "state": "str",
    "event_date": "date",
    "due_date": "date",
    "until_date": "date",
    "amount": "float64",  # US dollars
    "document_title": "str",
    "document_url": "str",
    "highlights_json": "str",  # list of texts without markup
    "rfps_json": "str",  # linked records, as on the wire
    "purchase_orders_json": "str",
    "as_of": "date",
}

CANDIDATE_BUYERS: Mapping[str, str] = {
    "buyer_id": "str",
    "buyer_name": "str",
    "buyer_type": "str",
    "buyer_tags": "str",
    "buyer_state": "str",
    "buyer_website": "str",
    "city": "str",
    "county": "str",
    "population": "Int64",
    "parent_name": "str",
    "searches": "str",
    "as_of": "date",
}

SEARCH_OUTCOMES: Mapping[str, str] = {
    "search": "str",
    "tool": "str",
    "query": "str",
    "status": "str",  # complete, incomplete (a later page is missing), failed, skipped
    "error": "str",
    "pages": "Int64",
    "total": "Int64",  # what the service says there is
    "found": "Int64",  # what came back
    "without_buyer": "Int64",  # opportunities set aside for want of a buyer
    "unreadable": "Int64",  # rows set aside because they break the contract
    "unreadable_dates": "Int64",
    "as_of": "date",
}

SCORED_BUYERS: Mapping[str, str] = {
    "rank": "Int64",
    "buyer_id": "str",
    "buyer_name": "str",
    "buyer_type": "str",
    "buyer_state": "str",
    "buyer_website": "str",
    "role": "str",  # featured, secondary or null
    "score": "float64",
    "type_match": "float64",
    "signal_count": "float64",
    "recency": "float64",
    "urgency": "float64",
    "dollar_value": "float64",
    "keyword_hits": "float64",
    "signals": "Int64",
    "actionable_signals": "Int64",  # neither closed nor expired
    "largest_amount": "float64",
    "latest_event_date": "date",
    "reason": "str",
    "as_of": "date",
}

EVIDENCE: Mapping[str, str] = {
    "id": "str",
    "buyer_id": "str",
    "buyer_name": "str",
    "record": "str",
    "record_id": "str",
    "field": "str",
    "kind": "str",
    "value_json": "str",
    "unit": "str",
    "display": "str",
    "state": "str",
    "source_title": "str",
    "source_url": "str",
    "as_of": "date",
    "trust": "str",
    "derived_from_json": "str",
}
