"""Figures, dates, addresses and markup that are typed where a slot should stand."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from intent_assets.claims import Fault as FaultName
from intent_assets.grounding import words
from intent_assets.grounding.text import MASK, SLOT_MARK, Plain
from intent_assets.records import Fact


@dataclass(frozen=True)
class Hit:
    """A fault in the plain form of a text: `text[start:end]`."""

    start: int
    end: int
    fault: FaultName
    reason: str


_I = re.IGNORECASE
_LEFT = rf"(?<![\w{MASK}])"
_STEP_NOUNS = (
    r"(?:step|call|conversation|contact|look|impression|touch|message|e-?mail|question|point|move|action|thing|glance"
    r"|reply|outreach|name|line|opinion|nature|thought|hand|note|paragraph|sentence)s?"
)
_NO_ARTICLE = r"(?<!the )(?<!its )(?<!ranked )(?<!ranks )(?<!is )(?<!was )(?<!are )"
_BEHIND_FIRST = "about|with|by|to|and|then|before|from|for|on|at|because|so|what|which|who|how|whether"
TERMS = re.compile(r"(?<![\w.-])(?:(?:PK|Pre-?K)-)?K-?12\b|\b(?:P|PK|Pre-?K)-?12\b|\bB2[BCG]\b(?![\w-])")
"""Terms of the field with digits in them."""
_IDIOMS = re.compile(
    "|".join(
        (
            r"\bone of (?:the|its|their|these|those|our|your|his|her|several|many|a kind)\b",
            rf"\b(?:no|any|every|each|some|this|that|which|another|either)[ -]one\b(?!\s+(?:\w+\s+)?{words.COUNTED}\b)",
            (
                r"\b(?:the|any|which|that|no|a)(?: \w+)? one\b(?= (?:to|that|who|which|with|from|in|on|for|you"
                r"|they)\b|\s*[,.;:!?]|\s*$)"
            ),
            (
                r"\bthere (?:is|was) one\b(?=\s*[,.;:!?]|\s*$)|\bone (?:that|who|which|from)\b"
                r"|\bone (?:good |clear |strong |possible |natural )?(?:reason|way|option|hook|angle|question|task"
                r"|example|point|page|sentence|line|slide|idea|reference|screen)\b"
            ),
            r"\bone another\b|\bone at a time\b|\bone[ -](?:on|to|by)[ -]one\b|\bday one\b",
            r"\bone[ -](?:stop|time|off|pager?|way|click|size(?:-fits-all)?)\b",
            r"\bone (?:place|step|way|look|glance|hand|side|thing|roof|conversation|view|point)\b(?! (?:rfp|contract))",
            rf"\b(?:first|second|third|fourth|fifth|next) {_STEP_NOUNS}\b",
            r"\b(?:at|start|comes?) first\b(?=[\s,.])(?!\s+(?:place|in\b))|\bfirst of all\b|\bin the first place\b",
            rf"{_NO_ARTICLE}\bfirst\b(?=\s*[,.;:!?]|\s*$|\s+(?:{_BEHIND_FIRST})\b)",
            r"\b(?:first|second)[- ]hand\b|\bthird[- ]part(?:y|ies)\b|\bsecond[- ]guess\w*|\bfirst[- ]time\b",
            r"\bfirst(?:ly)? and foremost\b|\b(?:firstly|secondly|thirdly)\b",
            r"\btwo[- ](?:way|factor|sided)\b|\bzero[- ]trust\b|\bdouble[- ]check\w*",
        )
    ),
    _I,
)

_MONTH = "|".join(month for month in sorted(words.MONTHS) if month not in {"may", "march"})
_SHORT = "|".join(sorted(words.MONTHS_SHORT))
_IN = r"(?:in|by|since|until|till|of|early|late|mid|last|next|this|through|from|before|after|during|around|every|each)"
_REST = r"(?:\.?\s*\d{1,2}(?:st|nd|rd|th)?\b(?:\s*,?\s*\d{4}\b)?|\.?\s*,?\s*\d{4}\b)?"
_DATES = (
    re.compile(r"\b\d{4}-\d{1,2}-\d{1,2}(?:T[\d:.]+Z?)?\b|\b\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})\b"),
    re.compile(rf"(?:\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?)?\b(?:{_MONTH})\b{_REST}", _I),
    re.compile(rf"(?:\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?)?\b(?:{_SHORT})\b{_REST}"),
    re.compile(rf"\b(?:{_SHORT}|may|march)\b\.?\s*,?\s*\d+(?:st|nd|rd|th)?\b(?:\s*,?\s*\d{{4}})?", _I),
    re.compile(r"\b\d{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:may|march)\b", _I),
    re.compile(rf"\b{_IN}[ -](?:may|march)\b(?!\s+(?:be|have|not|need|want|help|well|also)\b)", _I),
    re.compile(r"(?<=[\w,;)] )(?:May|March)\b"),
    re.compile(r"\b(?:May|March)\b(?=\s+(?:is|was|will|brings?|and|or|has|sees?|board|meeting|deadline)\b)"),
    re.compile(r"\b(?:May|March)\b(?=\s*[,.;:!?)]|\s*$)"),
    re.compile(rf"\b(?:{'|'.join(sorted(words.WEEKDAYS))})s?\b", _I),
    re.compile(r"\b(?:Mon|Tues?|Wed|Thu(?:rs?)?|Fri)\b\.?"),
    re.compile(r"\b(?:FY|SY|AY|CY)\s?'?\d+(?:\s?[-/]\s?\d+)?|\b(?:FY|YTD|EOY|EOM)\b|\b[QH][1-4]\b(?:\s*\d{4})?"),
    re.compile(r"\b\d{1,2}(?::\d{2}){1,2}(?:\s*[ap]\.?m\b\.?)?|\b\d{1,2}\s*[ap]\.?m\b\.?|\bo'?\s?clock\b", _I),
    re.compile(r"(?<![\d.,$€£])\b(?:19|20)\d\d(?:s\b|(?:\s?[-/–]\s?\d{2,4})?\b)(?![\d,]|\.\d|\s?%)"),
    re.compile(r"\b(?:today|tomorrow|yesterday|tonight|midnight|noon|overnight|nowadays)(?:'s)?\b", _I),
    re.compile(r"\b(?:christmas|thanksgiving|easter|new year's|labor day|memorial day|independence day)\b", _I),
    re.compile(
        rf"\b(?:this|next|last|past|previous|coming|prior|following|current|recent|few|several|same|later)"
        rf"(?:\s+(?:few|several|couple of|coming|past))?[ -]{words.PERIODS}\b",
        _I,
    ),
    re.compile(
        rf"\b(?:end|start|beginning|middle|close|turn|rest|eve) of (?:the|this|its|their|next)\s+{words.PERIODS}\b", _I
    ),
    re.compile(rf"\b(?:in|within|for|over|after|under|every few) (?:a |an |a few )?(?:{words.PERIODS})\b(?!-)", _I),
    re.compile(r"\b(?:a|an|per|each|once a) (?:week|month|quarter|semester|year|hour|minute|decade)\b(?!-)", _I),
    re.compile(r"\b(?:mid|year|month|quarter)[ -](?:year|end|month|summer|winter|spring|fall)\b", _I),
    re.compile(
        r"\b(?:close|end|start|opening) of (?:business|play|day|month|quarter|week|year|term)\b|\b(?:EOD|COB|EOB)\b"
        r"|\bthe new year\b|\bmulti-?(?:year|month|week|day|decade)\b",
        _I,
    ),
    re.compile(
        r"\b(?:takes?|took|been|lasts?|lasted|for|within|after|in) (?:days|weeks|months|years|hours|minutes|ages)\b", _I
    ),
    re.compile(r"\b(?:budget|election|buying|bidding|planning) season\b|\b(?:lunch|day|night|bed|dinner)-?time\b", _I),
    re.compile(r"\bsummers?\b|\bautumns?\b|\bwinters?\b", _I),
    re.compile(r"\b(?:spring|fall) (?:semester|term|quarter|session)\b|\b(?:the|by|in) (?:spring|fall)\b", _I),
    re.compile(rf"\b(?:{words.PERIODS}\s+)?ago\b|\bquarters?\b(?!back)|\bdecades?\b|\bfortnights?\b", _I),
)  # fmt: skip
_YEAR_TERM = re.compile(
    r"\b(?:fiscal|budget|financial) year(?:s|'s)?\b|\b(?:school|academic|calendar) year(?:s|'s)?\b", _I
)
_YEAR_FIELDS = {"fiscal_year_start", "budget_year", "budget"}

_EMAILS = (
    re.compile(r"[^\s@]*@[^\s@]*"),
    re.compile(
        r"\b[\w.]+\s*[\[({]\s*(?:at|dot)\s*[\])}]\s*[\w.]+|\b[\w.]+ (?:at \w+ )?dot (?:com|org|net|edu"
        r"|gov|us|example|io|info|ai|co)\b",
        _I,
    ),
)
_TLDS = (
    "com|org|net|edu|gov|mil|int|info|biz|us|uk|ca|au|eu|de|fr|io|ai|co|me|tv|ly|gl|gg|to|app|dev"
    "|page|site|online|cloud"
    "|tech|school|education|academy|university|college|agency|city|example|test|invalid|localhost"
    "|local|xyz|link|live|news"
)
_URLS = (
    re.compile(r"\b(?:h(?:tt|xx)ps?|ftp|file|mailto|tel|javascript|data|sms)\s*:\s*/{0,2}[^\s<>]*", _I),
    re.compile(r"\bwww\b\.?[^\s<>]*|\S*://\S*", _I),
    re.compile(rf"\b(?:[\w-]+\.)+(?:{_TLDS})\b(?:[/?#:][^\s<>]*)?", _I),
)
_PHONES = (
    re.compile(r"(?<![\w.])\+?\(?\d{1,4}\)?(?:[\s.\-/()]{1,2}\d{2,4}){2,5}(?!\d)(?:\s*(?:x|ext\.?)\s*\d+)?", _I),
    re.compile(r"(?<![\w.])\+?1?\d{10}(?![\d,])|(?<![\w.])\d{3}[-.]\d{4}(?!\d)|\+\d{7,}"),
)
_DIGITS = re.compile(
    r"(?:[$€£¥#]\s*|\b(?:USD|EUR|No\.?)\s+)?[\w.,'+~<>=/\-–—−⁄:]*\d[\w.,'+/\-–—−⁄:]*\s*"
    r"(?:%|‰|\b(?:percent|per cent|percentage points?|million|billion|thousand|hundred|dozen|k|m|bn)\b)?",
    _I,
)
_SIGNS = re.compile(r"[$€£¥₹%‰]|\bper ?cent\b|\bpercentage points?\b|\b(?:USD|EUR)\b", _I)
_NUMBER = "|".join(sorted(words.NUMBERS, key=len, reverse=True))
_NUMBER_WORDS = re.compile(
    rf"{_LEFT}(?:an? )?(?:{_NUMBER})(?:[\s-]+(?:and[\s-]+)?(?:an?[\s-]+)?(?:{_NUMBER}))*"
    r"(?:\s+(?:percent|dollars?))?(?!\w)",
    _I,
)
_GLUED_NUMBERS = re.compile(rf"\b(?:{_NUMBER}){{2,}}(?:s|fold)?\b", _I)
_SPACED = re.compile(r"(?<![\w'])[A-Za-z](?:[ ._*\-/][A-Za-z]){2,}(?![\w'])")
_VAGUE_NUMBERS = re.compile(
    rf"\bscores of\b|\ba score of (?:\w+ )?{words.COUNTED}\b|\bumpteen\w*\b|\bmulti-?(?:million"
    rf"|billion|thousand)\w*\b|\b(?:a|an|the|only|any) single (?:\w+ )?{words.COUNTED}\b|\bonce"
    r" (?:a|an|per|every) \w+"
    r"|(?<![\w'])[lI|][O0oQ]{2,}(?![\w'])|\bboth of\b|\bnumber one\b",
    _I,
)

_LONGEST_TEXT = 10_000
_ENDLESS_WORD = re.compile(rf"[^\s{SLOT_MARK}]{{401,}}")
_MARKUP = (
    re.compile(r"!?\[[^\]\n]*\]\s*\([^)\n]*\)|!?\[[^\]\n]*\]\s*\[[^\]\n]*\]|\[\^?[^\]\n]*\]:?"),
    re.compile(r"<[^>\n]{0,200}>|[<>]|&#?\w+;"),
    re.compile(r"\*+|`+|~~+|\|+|(?<!\w)_+(?=\w)|(?<=\w)_+(?!\w)|__+|\\"),
    re.compile(r"(?m)^[ \t]*(?:#+|[-+>=]+(?=\s)|\d+[.)](?=\s))|(?<=\n)\n|^[ \t]*[•·▪◦]|#{2,}"),
)


def overlong(plain: Plain) -> list[Hit]:
    """Return what no reader takes in, and patterns take for ever over: a text or a word of endless length."""
    length = plain.ends[-1] if plain.ends else 0
    if length > _LONGEST_TEXT:
        return [Hit(0, len(plain.text), "markup", f"{length:,} characters in one text; write sentences")]
    return [
        Hit(found.start(), found.end(), "markup", f"{len(found[0]):,} characters without a blank; write words")
        for found in _ENDLESS_WORD.finditer(plain.text)
    ]


def markup(plain: Plain) -> Iterator[Hit]:
    """Yield what a renderer or a reader could take for markup."""
    for pattern in _MARKUP:
        for found in pattern.finditer(plain.text):
            yield Hit(found.start(), found.end(), "markup", "markup in a text that has none; write plain words")


def typed(plain: Plain, cited: Sequence[Fact], own_domains: frozenset[str]) -> list[Hit]:
    """Return the e-mails, addresses, phone numbers, dates and figures that stand outside slots, each once.

    `cited` are the facts of the text's slots; `own_domains` may be written as they are.
    """
    scan = _Scan(plain.text)
    for pattern in _EMAILS:
        scan.take(pattern, "typed_email", "an e-mail address that is typed; only a slot may state one")
    for pattern in _URLS:
        scan.skip(pattern, own_domains)
        scan.take(pattern, "typed_url", "a web address that is typed; only a slot may state one")
    scan.mask(_IDIOMS)
    if any(fact.field in _YEAR_FIELDS for fact in cited):
        scan.mask(_YEAR_TERM)
    scan.take(_DATES[0], "typed_date", "a date that is typed; only a slot may state one")
    for pattern in _PHONES:
        scan.take(pattern, "typed_phone", "a phone number that is typed; only a slot may state one")
    for pattern in (*_DATES[1:], _YEAR_TERM):
        scan.take(pattern, "typed_date", "a date or time that is typed; only a slot may state one")
    for pattern in (_DIGITS, _SIGNS, _VAGUE_NUMBERS, _NUMBER_WORDS, _GLUED_NUMBERS):
        scan.take(pattern, "typed_figure", "a figure that is typed; only a slot may state one")
    scan.take_spaced()
    return scan.hits


class _Scan:
    """Takes faults out of a text one pattern after the other, so that no place is reported twice."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.hits: list[Hit] = []

    def take(self, pattern: re.Pattern[str], fault: FaultName, reason: str) -> None:
        for found in list(pattern.finditer(self._text)):
            self._report(found.start(), found.end(), fault, reason)

    def mask(self, pattern: re.Pattern[str]) -> None:
        self._text = pattern.sub(lambda found: MASK * len(found[0]), self._text)

    def skip(self, pattern: re.Pattern[str], domains: frozenset[str]) -> None:
        def masked(found: re.Match[str]) -> str:
            address = re.sub(r"^https?://|/$", "", found[0].rstrip(".,;:!?)").lower()).removeprefix("www.")
            return MASK * len(found[0]) if address in domains else found[0]

        self._text = pattern.sub(masked, self._text)

    def take_spaced(self) -> None:
        """Find number words whose letters are set apart: `t w o`."""
        for found in list(_SPACED.finditer(self._text)):
            letters = re.sub(r"[^a-z]", "", found[0].lower())
            if any(number in letters for number in words.NUMBERS if len(number) > 2):
                self._report(found.start(), found.end(), "typed_figure", "a number word whose letters are set apart")

    def _report(self, start: int, end: int, fault: FaultName, reason: str) -> None:
        piece = self._text[start:end]
        kept = piece.strip(f" \t\n,;.'{SLOT_MARK}{MASK}") or piece.strip()
        if not kept:
            return
        start += piece.index(kept)
        end = start + len(kept)
        self.hits.append(Hit(start, end, fault, reason))
        self._text = self._text[:start] + MASK * (end - start) + self._text[end:]
