"""Two things of which no record says that they belong together, joined by words that say nothing of how.

The company that replied is tied to no record and no body by the ledger: words of fit or work have to stand between. A
record has no budget and runs on no system.
"""

import re
from collections.abc import Iterator

from intent_assets.grounding.figures import Hit
from intent_assets.grounding.mentions import Sentence
from intent_assets.grounding.positions import MEANT, sort_of

_I = re.IGNORECASE
_OUTSIDE = {"company", "prospect"}
_INSIDE = {"title", "body", "parent", "vendor", "person", "job", "system", "money"}
_FIT = re.compile(
    r"\b(?:fits?|match\w*|overlap\w*|suits?|does|do|handles?|sells?|offers?|help\w*|works?|hook|opening|chance|option"
    r"|lead|case"
    r"|match|job|reason|start|use|show\w*|tell\w*|ask\w*|write|wrote|mention\w*|say|look\w*|call\w*|build\w*"
    r"|support\w*|if|how"
    r"|whether|why|what|could|would|may|might|can|should|so|sold|pitch|introduc\w*|compar\w*|interest\w*|relevant"
    r"|promising"
    r"|record|point\w*|led|turned|meets?|makes?|covers?|and|answers?|where|against|beside|instead|asks|asked)\b|[;:]"
    r"|,\s+(?:and|so|but)\b",
    _I,
)
_DOES = re.compile(
    r"\s+(?:already |also |now |\w+ly )?(?:does|do|handles?|supports?|covers?|makes?|offers?|sells?|builds?|works? on"
    r"|runs?|can do|has)"
    r"\s+(?:the |its |all |most )?(?:(?:work|tasks?|part|rest|job) (?:of|in|for) )?(?:the )?$",
    _I,
)
_OF_WHAT = re.compile(r"\b(?:what|how|whether|that|where|which|if|why)\s+$", _I)
_TAKEN_FROM = re.compile(r"\b(?:bought|buys?|purchased|ordered|got|gets|went|goes|awarded|paid|pays)\b", _I)
_ABOUT = re.compile(r"\b(?:names?|mentions?|about|concerns|covers|describes|fits|next to|and|replac\w*)\b|[,;:]", _I)


def unrelated(sentence: Sentence) -> Iterator[Hit]:
    """Yield pairs of neighbours that stand together without a word that may join them."""
    for one, other in zip(sentence.mentions, sentence.mentions[1:], strict=False):
        if other.start < one.end:
            continue
        glue = sentence.text[one.end : other.start]
        first, second = sort_of(one.fact), sort_of(other.fact)
        reason = None
        if {first, second} & _OUTSIDE and {first, second} & _INSIDE:
            joined = _FIT.search(glue) or (first, second) == ("prospect", "company")
            own = (
                first == "company"
                and _DOES.match(glue)
                and not _OF_WHAT.search(sentence.text[sentence.start : one.start])
            )
            if not joined or own or (second == "company" and _TAKEN_FROM.search(glue)):
                outside = MEANT[first if first in _OUTSIDE else second]
                reason = f"no record ties {outside} to {MEANT[second if first in _OUTSIDE else first]}"
        elif (
            first == "title"
            and (other.fact.field == "budget" or (second == "system" and not _ABOUT.search(glue)))
            and sentence.clause(one.start) == sentence.clause(other.start)
        ):
            reason = f"no record says that {MEANT[second]} is of the record before it"
        elif (
            first in {"vendor", "parent"}
            and second in {"person", "job"}
            and sentence.clause(one.start)[1] > other.start
        ):
            reason = f"no record ties {MEANT[first]} to {MEANT[second]}"
        if reason:
            yield Hit(one.start, other.end, "wrong_role", reason)
