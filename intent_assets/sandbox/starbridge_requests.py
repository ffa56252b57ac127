"""What the stand-in of Starbridge accepts (contracts: starbridge); all else is refused with the fault's name."""

from collections.abc import Callable, Mapping

from intent_assets.sandbox.starbridge_search import PERIODS, TYPE_WORDS
from intent_assets.sandbox.world_buyers import Json

TOOLS: Mapping[str, str] = {
    "c15b3524-cd08-4f7a-ae78-d73f6a6c2bad": "opportunity_search",
    "e69f8d37-6601-4e73-a517-c8ea434b877b": "buyer_search",
    "74345947-2f94-4eed-97a3-d10b2b2e3ad9": "buyer_profile",
    "b81036af-1c0f-4b9a-a03b-4c301927518f": "buyer_contacts",
    "043dc240-4517-4185-9dbb-e24ae0abf04d": "buyer_chat",
}

BUYER_TYPES = (
    "StateAgency", "PoliceDepartment", "FireDepartment", "Library", "City", "County", "HigherEducation", "School",
    "SchoolDistrict", "SpecialDistrict", "State", "IndigenousGovernment", "Federal", "Other",
)  # fmt: skip

Check = Callable[[object], str | None]
"""Takes a value that is not null; returns what is wrong with it, or None."""


class Refused(Exception):
    """A request that is answered with `status` and says why."""

    def __init__(self, status: int, reason: str) -> None:
        self.status = status
        super().__init__(reason)


def _text(value: object) -> str | None:
    return None if isinstance(value, str) else "a text is needed"


def _one_of(*allowed: object) -> Check:
    def check(value: object) -> str | None:
        if isinstance(value, bool) or value not in allowed:
            return f"{value!r} is not one of {', '.join(map(str, allowed))}"
        return None

    return check


def _whole(low: int, high: int | None = None) -> Check:
    def check(value: object) -> str | None:
        if isinstance(value, bool) or not isinstance(value, int):
            return "a whole number is needed"
        if value < low or (high is not None and value > high):
            return f"{value} is not between {low} and {high}" if high is not None else f"{value} is below {low}"
        return None

    return check


def _list_of(item: Check, most: int | None = None) -> Check:
    def check(value: object) -> str | None:
        if not isinstance(value, list):
            return "a list is needed"
        if most is not None and len(value) > most:
            return f"{len(value)} items are more than {most}"
        return next((fault for one in value if (fault := item(one))), None)

    return check


def _state(value: object) -> str | None:
    right = isinstance(value, str) and len(value) == 2 and value.isalpha() and value.isupper()
    return None if right else f"{value!r} is no two-letter code"


_FLAG = _one_of(0, 1)
_BUYER = {"buyer_id": _text, "search_query": _text}
_PLACES = {"buyer_types": _list_of(_one_of(*BUYER_TYPES)), "states": _list_of(_state)}

_VARS: Mapping[str, Mapping[str, Check]] = {
    "opportunity_search": {
        "search_query": _text,
        "types": _list_of(_one_of(*TYPE_WORDS)),
        **_PLACES,
        "buyer_ids": _list_of(_text, 20),
        "content_search": _FLAG,
        "ai_pruned": _FLAG,
        "from_date_relative_period": _one_of(*PERIODS),
        "until_date_relative_period": _one_of("Future"),
        "sort_field": _one_of(
            "SearchRelevancy", "OpportunityFromDate", "OpportunityUntilDate", "OpportunityPurchaseAmount"
        ),
        "sort_direction": _one_of("Ascending", "Descending", "asc", "desc"),
        "page_size": _whole(1, 100),
        "page_number": _whole(1),
    },
    "buyer_search": {
        "query": _text,
        **_PLACES,
        "city": _text,
        "county": _text,
        "parent_name": _text,
        "min_population": _whole(0),
        "max_population": _whole(0),
        "page_size": _whole(1, 100),
        "page_number": _whole(1),
    },
    "buyer_profile": _BUYER,
    "buyer_contacts": {**_BUYER, "page_size": _whole(1, 100), "page_number": _whole(1)},
    "buyer_chat": {**_BUYER, "question": _text},
}


def checked_vars(tool: str, body: object) -> Json:
    """Return the `input_vars` that are set; raise `Refused` for what the service would not take."""
    if not isinstance(body, dict):
        raise Refused(422, "the body has to be a JSON object")
    asked = body.get("input_vars")
    if set(body) != {"input_vars"} or not isinstance(asked, dict):
        raise Refused(422, "the body has to hold input_vars, an object, and nothing else")
    for name, value in asked.items():
        check = _VARS[tool].get(name)
        if check is None:
            raise Refused(400, f"{tool} has no input variable {name!r}")
        fault = check(value) if value is not None else None
        if fault:
            raise Refused(400, f"{name}: {fault}")
    given = {name: value for name, value in asked.items() if value is not None}
    if _VARS[tool].keys() >= _BUYER.keys() and tool != "opportunity_search":
        if not (given.get("buyer_id") or given.get("search_query")):
            raise Refused(400, "buyer_id or search_query is needed")
        if tool == "buyer_chat" and not str(given.get("question", "")).strip():
            raise Refused(400, "question is needed")
    return given
