"""A strategy's values: brought to the words that the API knows; what can't be used is put down with the reason."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from intent_assets.prompts.base import one_line
from intent_assets.records import Dropped, Reply
from intent_assets.us_states import state_code

BUYER_TYPES = (
    "StateAgency", "PoliceDepartment", "FireDepartment", "Library", "City", "County", "HigherEducation", "School",
    "SchoolDistrict", "SpecialDistrict", "State", "IndigenousGovernment", "Federal", "Other",
)  # fmt: skip
OPPORTUNITY_TYPES = ("Meeting", "StrategicPlan", "RFP", "Purchase", "Contract")
MOST_KEYWORDS = 8
LONGEST_KEYWORD = 80
LONGEST_TEXT = 400

_OTHER_BUYER_WORDS: Mapping[str, str] = {
    "university": "HigherEducation", "college": "HigherEducation", "communitycollege": "HigherEducation",
    "highered": "HigherEducation", "collegeanduniversity": "HigherEducation", "police": "PoliceDepartment",
    "sheriff": "PoliceDepartment", "lawenforcement": "PoliceDepartment", "fire": "FireDepartment",
    "publiclibrary": "Library", "municipality": "City", "town": "City", "village": "City", "k": "SchoolDistrict",
    "tribe": "IndigenousGovernment", "tribalgovernment": "IndigenousGovernment", "stategovernment": "State",
    "countygovernment": "County", "citygovernment": "City", "federalagency": "Federal", "agency": "StateAgency",
}  # fmt: skip
_OTHER_OPPORTUNITY_WORDS: Mapping[str, str] = {
    "boardmeeting": "Meeting", "plan": "StrategicPlan", "selling": "RFP", "bid": "RFP", "solicitation": "RFP",
    "requestforproposal": "RFP", "purchaseorder": "Purchase",
}  # fmt: skip
_EVERYWHERE = {"all", "allstates", "any", "nationwide", "national", "usa", "us", "unitedstates", "everystate"}
_STOP_WORDS = frozenset({
    "and", "are", "can", "for", "from", "get", "has", "have", "help", "helps", "into", "its", "like", "more", "our",
    "over", "platform", "provide", "provides", "service", "services", "software", "solution", "solutions", "system",
    "systems", "that", "the", "their", "them", "they", "this", "tool", "tools", "use", "used", "using", "via",
    "which", "who", "with", "you", "your",
})  # fmt: skip


def fresh(field: str, values: tuple[str, ...], before: frozenset[str], dropped: list[Dropped]) -> tuple[str, ...]:
    """Return the values that are not among those used `before` (as `bare` spells them); if there is none, all."""
    repeated = [value for value in values if bare(value) in before]
    fresh = tuple(value for value in values if bare(value) not in before)
    reason = "was used in an earlier run" if fresh else "was used in an earlier run, kept since nothing else was given"
    dropped += [_dropped(field, value, reason) for value in repeated]
    return fresh or values


def bare(text: str) -> str:
    """Return the words of a text in lower case: what two spellings of one phrase have in common."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def distinct(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the texts, each once, in their order."""
    kept: dict[str, str] = {}
    for text in texts:
        kept.setdefault(bare(text), text)
    return tuple(kept.values())


def _key(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalpha())


def _one_of(allowed: Sequence[str], others: Mapping[str, str], text: str) -> str | None:
    known = {_key(name): name for name in allowed} | dict(others)
    key = _key(text)
    singular = (key, key.removesuffix("s"), key.removesuffix("ies") + "y" if key.endswith("ies") else key)
    return next((known[form] for form in singular if form in known), None)


def _buyer_type(text: str) -> str | None:
    return _one_of(BUYER_TYPES, _OTHER_BUYER_WORDS, text)


def _opportunity_type(text: str) -> str | None:
    return _one_of(OPPORTUNITY_TYPES, _OTHER_OPPORTUNITY_WORDS, text)


def buyer_types(values: Iterable[str], dropped: list[Dropped]) -> tuple[str, ...]:
    """Return the buyer types that are meant, as the contract writes them."""
    return _allowed("buyer_types", values, _buyer_type, dropped)


def opportunity_types(values: Iterable[str], dropped: list[Dropped]) -> tuple[str, ...]:
    """Return the opportunity types that are meant; if there is none, all five."""
    return _allowed("opportunity_types", values, _opportunity_type, dropped) or OPPORTUNITY_TYPES


def states(values: Iterable[str], dropped: list[Dropped]) -> tuple[str, ...]:
    """Return the codes of the states that are meant."""
    return _allowed("states", values, state_code, dropped)


def _allowed(
    field: str, values: Iterable[str], meaning: Callable[[str], str | None], dropped: list[Dropped]
) -> tuple[str, ...]:
    kept: dict[str, None] = {}
    for value in values:
        whole = meaning(value)
        for text in [value] if whole else re.split(r"[,;/|]| and ", value):
            found = whole or meaning(text)
            if found:
                kept[found] = None
            elif _key(text) in _EVERYWHERE:
                dropped.append(_dropped(field, text, "means everything, which is what an empty list says"))
            elif one_line(text):
                dropped.append(_dropped(field, text, "is none of the allowed values"))
    return tuple(kept)


def keywords(field: str, values: Iterable[str], dropped: list[Dropped]) -> tuple[str, ...]:
    """Return the phrases as they can be searched: without the query's own words, each once, not too many."""
    kept: dict[str, str] = {}
    phrases = (phrase for value in values for phrase in re.split(r"\s+(?:OR|AND)\s+", one_line(value)))
    for phrase in phrases:
        word = one_line(re.sub(r"[\"“”*()]", " ", phrase)).strip(" ,;.'")
        if not any(char.isalnum() for char in word):
            if phrase:
                dropped.append(_dropped(field, phrase, "has no letter or digit"))
        elif len(word) > LONGEST_KEYWORD:
            dropped.append(_dropped(field, word, f"is longer than {LONGEST_KEYWORD} characters"))
        elif word.casefold() in kept:
            continue
        elif len(kept) == MOST_KEYWORDS:
            dropped.append(_dropped(field, word, f"comes after the first {MOST_KEYWORDS}"))
        else:
            kept[word.casefold()] = word
    return tuple(kept.values())


def texts(field: str, values: Iterable[str], dropped: list[Dropped]) -> tuple[str, ...]:
    """Return the texts on one line each, empty and overlong ones left out."""
    kept: dict[str, None] = {}
    for value in map(one_line, values):
        if len(value) > LONGEST_TEXT:
            dropped.append(_dropped(field, value, f"is longer than {LONGEST_TEXT} characters"))
        elif value:
            kept[value] = None
    return tuple(kept)


def fallback(reply: Reply, dropped: list[Dropped]) -> tuple[str, ...]:
    """Return the phrases of what is known of the product, for an answer without a usable primary keyword."""
    sources = (
        ("the product description", reply.product_description),
        ("the company's name", reply.company),
        ("the domain", reply.domain.partition(".")[0]),
    )
    for name, text in sources:
        phrases = _phrases(text or "")
        if phrases:
            reason = f"the answer has no usable primary keyword; phrases of {name} are searched instead"
            dropped.append(_dropped("primary_keywords", ", ".join(phrases), reason))
            return phrases
    return ()


def _phrases(text: str, longest: int = 3) -> tuple[str, ...]:
    """Return runs of telling words of `text`, at most three words each, in their order."""
    phrases: dict[str, None] = {}
    for piece in re.split(r"[^\w\s'-]+", text.casefold()):
        run: list[str] = []
        for word in [*piece.split(), ""]:
            bare = word.strip("'-_")
            if len(bare) < 3 or bare in _STOP_WORDS or len(bare) > LONGEST_KEYWORD // longest:
                if run:
                    phrases[" ".join(run)] = None
                run = []
                continue
            run.append(bare)
            if len(run) == longest:
                phrases[" ".join(run)] = None
                run = []
    return tuple(phrases)[:MOST_KEYWORDS]


def _dropped(field: str, value: str, reason: str) -> Dropped:
    value = one_line(value)
    return Dropped(field=field, value=value if len(value) <= 200 else value[:199] + "…", reason=reason)
