"""Words for the licences: what states nothing by itself, what is said to the salesperson, and words of time and state.

A phrase is a small regular expression; phrases are parted by commas.
"""

import re
from functools import cache

from intent_assets.grounding.advice import ADVICE

_I = re.IGNORECASE


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


def phrases(text: str) -> re.Pattern[str] | None:
    """Return one pattern whose group 1 is a phrase of the text, wherever one starts; None for an empty text."""
    found = sorted({" ".join(each.split()) for each in text.split(",")} - {""}, key=lambda each: (-len(each), each))
    return re.compile(rf"(?<![\w'-])(?=((?:{'|'.join(found)})(?![\w'-])))", _I) if found else None


NEUTRAL = word_set(
    """
    a an the its their this that these those it they there here your you yours his her our us we of in on at for to
    from by with under through into as within inside along is are be being been has have and or also too then which
    who whose whom what per s record records document documents text page pages title name names own entry file next
    both buyer body note please indeed namely again while because since so but although though even when where kind
    way than point view side part matter case itself respectively plus via work already particular among will can
    must do does such like toward towards around across besides alongside beside near rather people folks help helps
    helpful wording language words phrase phrases phone moment shows show making prefer preferred having seen order
    basis sort type level group field day-to-day daily everyday routine duty duties wish aim goal goals purpose
    practice manner style tone form format shape theme content heading label instance e.g i.e area line lines
    sentence paragraph passage read reads glance sight turn themselves together colleague salesperson team person
    """
)
"""Words that state nothing by themselves."""

_ADJECTIVE = (
    r"(?:good|strong(?:er|est)?|best|better|useful|clear(?:er|est)?|sensible|natural|obvious|right|solid|eas(?:y|ier"
    r"|iest)"
    r"|fair|promising|relevant|clos(?:e|er|est)|careful|concrete|simple|quick|first|next|short|likely|practical|direct"
    r"|safe"
    r"|helpful|great|early|main|second|real|logical|fitting|suitable|ideal|friendly|brief|attractive|interesting|nice"
    r"|telling"
    r"|familiar|common|important|central|key|particular|specific|different|possible|plausible|reasonable|fresh pair of"
    r"|wrong"
    r"|warm|credible|certain|detailed|full|plain|formal|polite|personal|worthwhile|sound|handy|convenient|reliable"
    r"|valuable)"
)
_NOUN = (
    r"(?:hook|opening|opener|start|lead|example|reason|option|place|argument|candidate|choice|fit|step|contact|person"
    r"|look"
    r"|read|call|conversation|question|angle|point|starting point|topic|subject|match|target|bet|way in|record|one|pick"
    r"|reference|illustration|prospect|buyer|sign|clue|idea|sense|picture|case|line|mail|note|message|time|moment"
    r"|opportunity"
    r"|prompt|thing|body|hint|pointer|bridge|introduction|source|document|interest|attention|priority|focus|effort"
    r"|basis"
    r"|occasion|chance|door|entry point|door opener|talking point|anchor|backdrop|background|context|guide|summary"
    r"|overview"
    r"|desk|office|colleague|name|address|process|list|homework|way|route|path|approach|detail|help|use|value|story"
    r"|map|version|description|brief|feel|shape|size|impression|foundation|ground|evidence|proof)"
)
_IDIOMS = (
    r"the (?:more|less) \w+ the \w+, what (?:counts|matters)(?: most)?, the better, in short, in brief, in other words,"
    r"time matters, good news for, good news, for scale, for context, some context, for example, as an example,"
    r"of course,"
    r"for your (?:call|mail|note|first call|first mail), your list, this list, for you, by name, at a glance,"
    r"by itself,"
    r"(?:gives?|tells?|shows?|helps?|lets?|saves?|leaves?|offers?|brings?|makes?) you, you asked about, at the top of,"
    r"what you (?:sell|offer|do|make|need),"
    r"your (?:product|offer|pitch|call|mail|note|team|message|list|attention|time),"
    r"you (?:can|will|want to|need to|have to) (?:still )?(?:find|reach|see|call|visit|read|ask|quote|mention|use"
    r"|download"
    r"|write to|e-?mail|phone|point to|look up|know|hear|start|begin|open|talk to|raise|build on|learn|show"
    r"|recogni[sz]e),"
    r"(?:can|to) be (?:found|read|seen|reached|quoted|asked), recommend(?:ed|ation)?s?, suggest(?:ion|ed)?s?, advise,"
    r"advice,"
    r"bottom line, in sum, in practice, at least, as well, instead, likewise, similarly, moreover, together,"
    r"taken together,"
    r"on top of that, on top, besides, for now, for a start, to begin with, above all, in particular, especially,"
    r"perhaps,"
    r"probably, likely, simply, directly, easily, clearly, closely, exactly, precisely, well, very, quite, rather,"
    r"enough,"
    r"interest, attention, much, some, a little, a lot, a bit, something, somebody, someone, things?, reader, sales,"
    r"conversation, talk, talking,"
    r"questions?, in full, in detail, at length, same, the same, come from, in this (?:search|report),"
    r"of this (?:search|report),"
    r"it helps, serves? as, works? as, acts? as, known as, draws? on, rests? on, calls? for patience, patience,"
    r"highlights?,"
    r"for instance, in order, in terms of, line of work, for some, pick up, picking up, right now, to have, had a look,"
    r"to know, to hear, to hear from, to discuss, to explain, to learn from, to compare notes, to size up, to cover,"
    r"makes sense, good sense, right away, up front, straight away, without delay, early on, colleagues?,"
    r"together with,"
    r"next steps?, planning, ahead, whole, answer, detail, details, overall, generally, mainly, mostly, largely,"
    r"partly,"
    r"starting, looking, reading, calling, asking, quoting, mentioning, on hand, at hand, in hand, in mind, in view,"
    r"somebody who, someone who, thanks(?: in part)? to, in part, judging by, going by, based on, according to,"
    r"(?:caught|got) our (?:eye|attention), what (?:the buyer|the board|they|it) (?:expects?|wants?|needs?|asks? for),"
    r"the rest, one of the (?:buyers|bodies|districts|candidates|records), one line, stop, overall picture, list,"
    r"homework, pages?, story, picture, meanwhile, hence, thus"
)
_ANYWHERE = (
    rf"{_IDIOMS}, (?:(?:a|an|the|your|one|another|any|as a|as an|as your) )?(?:(?:very|most|more|really|quite"
    rf"|fairly) )?"
    rf"(?:{_ADJECTIVE}(?: and)? )+{_NOUN}s?,"
    rf"(?:a|an|the|your|another|any|no better) {_NOUN}(?= (?:to|for|about|in|at|when|that|who|of)\b),"
    rf"worth (?:a|an|another|your|the|some)(?: \w+)? (?:{_NOUN}|try|visit|mention|while)s?,"
    rf"worth (?:your )?(?:time|attention|while),"
    r"worth (?:reading|knowing|calling|quoting|mentioning|asking(?: about)?|citing|raising|studying|reviewing|noting"
    r"|exploring|following(?: up)?|keeping|\w+ing|a \w+)(?: back| up| early| first| about)?, worth it, well worth,"
    rf"(?:deserves?|merits?|warrants?|invites?|earns?) (?:a|your|another)(?: \w+)? {_NOUN},"
    rf"to (?:[a-z]+ly )?{ADVICE}(?: (?:with|from|at|to|first|back|next|up|on|about|for|into|through))?"
)
"""What is said to the salesperson of any fact, and states nothing of the buyer: worth, use, what to do with it."""

STATES = (
    "open, still open, closed, still, closed business, was closed, by the time of this search, expired, expiring,"
    "running,"
    "at the moment, at present, right now, presently, as things stand, upcoming, past, recent, new, active, current,"
    "currently, in force, in effect, in place, over, is over, ended, live,"
    "stays?, remains?, pending, ongoing, too late, out for bids?, latest, will be held, closes, ends, expires, now,"
    "today"
)
"""Words of state; each is held against the record's state as well (`states`)."""

DUE = (
    "due, due dates?, due (?:on|by), was due, were due, deadlines?, closing dates?, closes?, will close, closed,"
    "closing,"
    "until, till, no later than, by, before, ahead of, bids?, bidders?, proposals?, responses?, submissions?, answers?,"
    "answering, offers?, applications?, quotes, submit, submitted, respond, responding, reply, replies, sent, send,"
    "must (?:be|reach|arrive|come|go)(?: in)?, ha(?:s|ve) to (?:be|reach|arrive|come|go)(?: in)?,"
    "needs? to be(?: in)?, to be sent,"
    "arrive, received, is open, are open, open, still open, takes?(?: bids?)?, taking bids, wants? bids, wanted,"
    "accepts?, accepted,"
    "asks? for (?:bids|proposals), is asking for bids, out for bids?, in time, time, window, bidding, to bid,"
    "anyone who,"
    "wants? to bid, submission deadline, bid deadline, anyone, turned in, handed in, hand in, turn in, apply,"
    "applicants, reaches,"
    "runs? until, runs? to, runs? through, stays? open, remains? open, lasts? until, set, as the deadline, delivered,"
    "whoever, vendors?, needs?, currently, still, now, today, closed business, too late, it was, in, forms, final,"
    "cut-?off, last day, final day, go in, day, the day, the date, dates?,"
    "for (?:bids|proposals|responses|submissions), deadline passed, passed,"
    "stops?, falls? on, set for, is set, given as, is given, listed as, calls? for, looks? for bids, responders"
)
END = (
    "ends?, will end, ended, ending, end dates?, the end, an end, expires?, will expire, expired, expiring,"
    "expiration(?: date)?,"
    "expiry(?: date)?, dates?, runs?(?: until| through| to| out)?, running, ran(?: until| through| to| out)?, until,"
    "till, through,"
    "to, by, in force, in effect, stays, remains?, will run(?: out)?, comes? to (?:its|an|the) (?:end|close),"
    "came to (?:its|an) end, is over, are over, over, terms?, in place, active, still, current, currently, time,"
    "period,"
    "set to (?:expire|end|run out), due to (?:expire|end|run out), about to expire, lasts?(?: until)?,"
    "valid(?: until| through)?,"
    "reaches its end, lapsed, lapses, runs its course, up for renewal, extends? (?:to|through), renewal, contracts?,"
    "reaches,"
    "since, up to, covers?, finish(?:es)?, last day, the day, contract end, falls? on, given as, is given, now, today"
)
LEFT = (
    "left, remain, remains, remaining, to go, there (?:is|are), still, days, only, just, time, in, more, until, away,"
    "from now, ahead, about, now, today"
)
EVENT = (
    "dated, dates?, dates? from, dates? back to, goes back to, dating from, was held, were held, held, is held,"
    "will be held,"
    "took place, takes? place, will take place, met, meets?, will meet, meetings?, sessions?, minutes, comes? up,"
    "comes?,"
    "coming up, is coming up, came up, was discussed, was on the agenda, was heard, posted, published, issued,"
    "released,"
    "appeared, came out, went out, agenda, board, council, committee, commission, scheduled for, is scheduled for,"
    "on the calendar, calendar, hearing, was, were, took up, takes up, took the matter up, takes the matter up,"
    "occurred, happened, is when, when, will discuss, discusses, discussed, slated for, planned for, on the schedule,"
    "recorded,"
    "logged, entered, added, filed on, registered, first, went up, the day, as its date, is set for, set for, from,"
    "since, entered, on record since"
)


@cache
def said_of_any() -> re.Pattern[str] | None:
    """Return the pattern of what may be said to the salesperson of any fact; made when it is asked for first."""
    return phrases(_ANYWHERE)
