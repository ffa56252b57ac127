"""The JSON columns of the predecessor's runs, brought into our forms as far as they say something recognisable. Pure.

Which keys the predecessor wrote is not known: names are compared without case, `_` and other signs.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from intent_assets.predecessor_values import Unreadable, text
from intent_assets.prompts import strategy_values
from intent_assets.records import Dropped, SearchStrategy

_LISTS = ("opportunities", "signals", "results", "items", "data", "buyers")
_WRAPPERS = ("strategy", "searchstrategy")
_STRATEGY: Mapping[str, tuple[str, ...]] = {
    "segments": ("segments", "targetsegments", "segment", "marketsegments"),
    "ideal_buyer": ("idealbuyer", "idealbuyerprofile", "idealcustomerprofile", "idealcustomer", "icp"),
    "primary_keywords": ("primarykeywords", "keywords", "searchkeywords", "primary"),
    "alternate_keywords": ("alternatekeywords", "alternativekeywords", "secondarykeywords", "alternate"),
    "meeting_keywords": ("meetingkeywords", "boardmeetingkeywords"),
    "rfp_keywords": ("rfpkeywords", "procurementkeywords"),
    "buyer_types": ("buyertypes", "targetbuyertypes", "buyertype"),
    "opportunity_types": ("opportunitytypes", "signaltypes"),
    "states": ("states", "geography", "geographies", "targetstates", "statecodes", "regions"),
}
_READ: Mapping[str, Callable[[str, list[str], list[Dropped]], tuple[str, ...]]] = {
    "segments": strategy_values.texts,
    "ideal_buyer": strategy_values.texts,
    "primary_keywords": strategy_values.keywords,
    "alternate_keywords": strategy_values.keywords,
    "meeting_keywords": strategy_values.keywords,
    "rfp_keywords": strategy_values.keywords,
    "buyer_types": lambda _, values, dropped: strategy_values.buyer_types(values, dropped),
    "opportunity_types": lambda _, values, dropped: strategy_values.opportunity_types(values, dropped),
    "states": lambda _, values, dropped: strategy_values.states(values, dropped),
}
_PASSED = {"passed", "pass", "valid", "validated", "approved", "ok", "success", "true"}
_FAILED = {"failed", "fail", "invalid", "rejected", "error", "false", "notpassed", "needsrevision"}
_VERDICTS = ("verdict", "outcome", "status", "result", "passed", "valid", "isvalid", "validationpassed", "approved")
_CLAIMS = ("claims", "totalclaims", "claimschecked", "claimstotal", "claimcount")
_FINDINGS = ("findings", "issues", "errors", "problems", "unsupportedclaims")


def opportunities(document: Any) -> list[dict[str, Any]]:
    """Return the wire opportunities of a list, or of an object that holds such a list; raises `Unreadable`."""
    return [row for row in _listed(document) if isinstance(row, dict)]


def buyers(document: Any) -> dict[str, str]:
    """Return buyer id -> name of a list of buyers (objects or bare ids) or of an object `id: name`."""
    if isinstance(document, dict) and all(isinstance(name, str) for name in document.values()):
        pairs: Iterator[tuple[object, object]] = iter(document.items())
    else:
        pairs = (
            (_first(row, ("buyerid", "id")), _first(row, ("buyername", "name"))) if isinstance(row, dict) else (row, "")
            for row in _listed(document)
        )
    found: dict[str, str] = {}
    for key, name in pairs:
        known = text(key) if isinstance(key, str | int) else None
        if known is not None:
            found.setdefault(known, name.strip() if isinstance(name, str) else "")
    return found


def strategy(document: Any) -> SearchStrategy | None:
    """Return what is recognisable of a strategy, None for null; raises `Unreadable` where nothing is."""
    if document is None:
        return None
    fields = _named(document)
    for wrapper in _WRAPPERS:
        if isinstance(inner := fields.get(wrapper), dict):
            fields = fields | _named(inner)
    dropped: list[Dropped] = []
    found: dict[str, tuple[str, ...]] = {}
    for field, names in _STRATEGY.items():
        words = list(_words(next((fields[name] for name in names if name in fields), None)))
        if words:
            found[field] = _READ[field](field, words, dropped)
    if not any(found.values()):
        raise Unreadable("holds nothing that is recognisable as a strategy")
    ideal = " ".join(found.pop("ideal_buyer", ()))
    return SearchStrategy(**found, ideal_buyer=ideal, dropped=tuple(dropped), prompt_version="predecessor")


def validation(document: Any) -> tuple[str | None, int | None, int | None]:
    """Return verdict (`passed`, `failed`), number of claims and of findings, each None where it is not said.

    It is `failed` and not `held`: the predecessor published before it checked.
    """
    fields = _named(document) if isinstance(document, dict) else {}
    said = (_verdict(fields[name]) for name in _VERDICTS if name in fields)
    verdict = next((found for found in said if found), None)
    claims, findings = (_count(_first(fields, names)) for names in (_CLAIMS, _FINDINGS))
    if document is not None and verdict is None and claims is None and findings is None:
        raise Unreadable("holds nothing that is recognisable as a verdict")
    return verdict, claims, findings


def _listed(document: Any) -> Sequence[Any]:
    if document is None:
        return []
    if isinstance(document, dict):
        inner = _first(document, _LISTS)
        document = inner if isinstance(inner, list) else None
    if not isinstance(document, list):
        raise Unreadable("is no list")
    return document


def _named(document: Any) -> dict[str, Any]:
    if not isinstance(document, dict):
        raise Unreadable("is no JSON object")
    return {_bare(name): value for name, value in document.items()}


def _bare(name: object) -> str:
    return "".join(char for char in str(name).casefold() if char.isalnum())


def _first(fields: Mapping[str, Any], names: Sequence[str]) -> Any:
    named = {_bare(name): value for name, value in fields.items()}
    return next((named[name] for name in names if named.get(name) is not None), None)


def _words(value: Any) -> Iterator[str]:
    """Yield the texts of a text, a list, or an object; an item that is an object tells by its first text."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from [next(_words(item), "")] if isinstance(item, dict) else _words(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _words(item)


def _verdict(value: Any) -> str | None:
    said = _bare(value)
    return "passed" if said in _PASSED else "failed" if said in _FAILED else None


def _count(value: Any) -> int | None:
    if isinstance(value, list):
        return len(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31 else None
