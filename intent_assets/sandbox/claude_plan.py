"""A search plan from the words of a product description: keywords, segments, buyer types, states."""

import re
from collections.abc import Iterator, Sequence

from intent_assets.sandbox.claude_request import Request

_STOP_WORDS = frozenset({
    "and", "are", "can", "for", "from", "get", "has", "have", "help", "helps", "into", "its", "like", "more", "our",
    "over", "provide", "provides", "that", "the", "their", "them", "they", "this", "use", "used", "using", "via",
    "which", "who", "with", "you", "your",
})  # fmt: skip
_NEVER_ALONE = frozenset({
    "platform", "product", "service", "services", "software", "solution", "solutions", "system", "systems", "tool",
    "tools", "management", "program", "programs", "support",
})  # fmt: skip
_BUYERS = (
    (r"universit|colleg|higher education|campus|career|alumni", "universities and colleges", "HigherEducation"),
    (r"school|district|k-?12|classroom|teacher|pupil", "school districts", "SchoolDistrict"),
    (r"police|sheriff|law enforcement|patrol|body[- ]?cam|evidence", "police departments", "PoliceDepartment"),
    (r"\bfire\b|firefight|\bems\b|ambulance", "fire departments", "FireDepartment"),
    (r"librar", "public libraries", "Library"),
    (r"\bcit(y|ies)\b|municipal|town|parking|permit|311|street|road|waste|transit", "cities", "City"),
    (r"\bcount(y|ies)\b|jail|court|election|parking|road|health", "counties", "County"),
    (r"\bstate (agenc|government|department)|medicaid|dmv|unemployment", "state agencies", "StateAgency"),
    (r"water|sewer|utilit|irrigation|port authority", "special districts", "SpecialDistrict"),
    (r"tribe|tribal|indigenous", "tribal governments", "IndigenousGovernment"),
)
_ANYBODY = (("cities", "City"), ("counties", "County"), ("school districts", "SchoolDistrict"))
_STATES = {"texas": "TX", "california": "CA", "florida": "FL", "new york": "NY", "ohio": "OH", "illinois": "IL"}


def plan(asked: Request, name: str, allowed: Sequence[str]) -> list[str] | None:
    """Return the values for the list `name` of a plan, None if it is none of a plan's lists."""
    text = asked.told("product_description") or asked.told("company") or asked.told("domain").partition(".")[0]
    phrases = list(dict.fromkeys(_phrases(text))) or ["public services"]
    if "keyword" in name:
        return _unused(_keywords(name, phrases), asked, "used_keywords")
    if "segment" in name:
        return _unused([segment for segment, _ in _buyers(text)], asked, "used_segments")
    if "buyer_type" in name:
        return [kind for _, kind in _buyers(text) if not allowed or kind in allowed]
    if "opportunity_type" in name:
        return list(allowed)
    if "state" in name:
        return [code for state, code in _STATES.items() if state in text.lower()]
    return None


def _unused(words: list[str], asked: Request, told: str) -> list[str]:
    """Return the words that the request does not list as used; where all are, each in another form."""
    listed = asked.data.get(told)
    used = {str(word).lower() for word in listed} if isinstance(listed, list) else set()
    fresh = [word for word in words if word.lower() not in used]
    rounds = (f"{word} {more}" for more in ("services", "programs", "support", "office") for word in words)
    return fresh or [word for word in rounds if word.lower() not in used][: len(words)] or words


def ideal_buyer(asked: Request) -> str:
    """Return one sentence about the buyer to look for."""
    text = asked.told("product_description")
    segments = " or ".join(segment for segment, _ in _buyers(text)[:2])
    return f"One of the {segments} that buys this kind of product itself and has put the need on record."


def _buyers(text: str) -> list[tuple[str, str]]:
    found = [(segment, kind) for pattern, segment, kind in _BUYERS if re.search(pattern, text.lower())]
    return found or list(_ANYBODY)


def _keywords(name: str, phrases: Sequence[str]) -> list[str]:
    words = list(dict.fromkeys(word for phrase in phrases for word in phrase.split() if len(word) > 3))
    if "meeting" in name:
        return [f"discussion of {phrase}" for phrase in phrases[:2]] + list(phrases[2:4])
    if "rfp" in name:
        return list(phrases[:2]) + [f"{phrase} software" for phrase in phrases[:2]]
    if "alternate" in name:
        return list(phrases[5:10]) or [word for word in words if word not in phrases and word not in _NEVER_ALONE][:4]
    return list(phrases[:5])


def _phrases(text: str, longest: int = 2) -> Iterator[str]:
    for piece in re.split(r"[^\w\s-]+", text.lower().replace("-", " ")):
        run: list[str] = []
        for word in [*re.findall(r"\w+", piece), ""]:
            if len(word) < 3 or word in _STOP_WORDS or (not run and word in _NEVER_ALONE):
                if run:
                    yield " ".join(run)
                run = []
            else:
                run.append(word)
                if len(run) == longest:
                    yield " ".join(run)
                    run = []
