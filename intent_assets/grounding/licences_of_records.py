"""Licences for what is told of procurement records, and of the reply."""

from collections.abc import Mapping

from intent_assets.grounding.licence import Licence
from intent_assets.grounding.licence_words import DUE, END, EVENT, LEFT, STATES

OF_RECORDS: Mapping[str, Licence] = {
    "title": Licence(
        usual="<name> has <title> on record",
        around=f"{STATES}, rfps?, rfis?, rfqs?, contracts?, agreements?, purchases?, purchase orders?, orders?,"
        f"meetings?,"
        "sessions?, plans?, solicitations?, tenders?, opportunity, opportunities, projects?, on record, on file,"
        "is known,"
        "strategic plan, background, background only, examples?, reason to call, reasons?, context,"
        "belongs? to the same buyer,"
        "belong to, way in, money is on record, money, opening, lead, hook, same way, point the same way, read both,"
        "hand,"
        "(?:nearest|earliest|soonest) (?:deadline|due date|end|end date), first on record, titled, called, named,"
        " is about, are about,"
        "puts? it this way, in front of you, the words of, the angle, stands? out, comes closest,"
        "the kind of thing, is the kind, requirements?, tasks?, needs?, deals?, requests?, questions?, come from,"
        "comes from, same, bid",
        before="behind, about, covers?, fits?, matches, touches, shows?, see, needs? done, needs it done, supplies,"
        "words,"
        "mean by, for its part, describes? in, in the words of, the summary of, summary of, document of, minutes of,"
        "put on record, files?, filed, filed under, documents? of, knows?, seen from, compare, look, starts? with,"
        "starts?,"
        "start, begins?, stands? out for, speaks for, wrote, nothing in, worth a look for, next to, beside, close to,"
        "text,"
        "because of, thanks to, explains, example of, comes from, points? to, point to, led to, brings,"
        "on the strength of",
        behind="shows?, shows what, describes?, says?, reads, names?, covers?, fits?, fit, touches, touch, matches,"
        "match, suits?,"
        "relates to, concerns, asks? for, tells?, gives?, adds(?: to)?, deserves?, matters?, counts?,"
        "overlaps?(?: with)?,"
        "mentions?, explains?, carries, lists, is filed, are filed, filed, belong, costs?, spending, uses?,"
        "is the record,"
        "has to be, is where, of all, it is, adds context to, calls? for, speaks? of, deals? with, similar to,"
        "related to,"
        "in line with, close to, resembles?, aligns? with, linked to, sounds?, helps?, serves? as, works? as, makes?,"
        "stands?,"
        "is why, contains?, includes?, holds?, sets? out, spells? out, outlines?, lays? out, reflects?, illustrates?,"
        "lines up with, ties in(?:to)?(?: with)?, speaks to, has to do with, revolves around, centers on, centres on,"
        "focus(?:es)? on,"
        "comes down to, refers to, points toward, raises, brings up, offers?, presents, provides, remains?, involves?,"
        "requires?, needs?,"
        "wants?, expects?, looks for, specifies, details, defines, discusses, address(?:es)?, notes, cites, echoes,"
        "mirrors, shares,"
        "in common, lends itself, comes up, come up, leads to, counts, opens up, sums up, suggests?, hints at,"
        "goes into, talks about,"
        "best, demonstrates?, comes with, sits (?:next to|beside), goes with, done",
    ),
    "quote": Licence(
        usual="the document puts it this way: <quote>",
        around="puts? it(?: best| this way| like this| so| plainly)?, says?(?: it best)?, reads?, states?,"
        "the words(?: of)?,"
        "in the words of, own words, plain, summary, describes?, the need, like this, put on record,"
        "what it needs(?: done)?,"
        "needs?, quoting, quotes?, lines?, put, passages?, sentences?, highlights?, description, short, brief, clear,"
        "to the point, asks? for(?: this)?, back, explains, plain,"
        "wants?, excerpts?, minutes, agenda, worth repeating, how, key, wording, runs",
    ),
    "document": Licence(
        usual="read <document>",
        around="source, link, available, found, points?, at hand, details, forms, full, terms, download, is at,"
        "online, original,"
        "behind, describes?, more, information, see, kept, stands?, pdf",
    ),
    "status": Licence(
        usual="<title> is <status>",
        around="status, stays?, remains?, currently, still, now, today, listed, marked, filed, even though, stands,"
        "is given",
    ),
    "deadline": Licence(usual="<title> is <deadline>", around=DUE, behind="background only, it is background"),
    "due_date": Licence(usual="bids for <title> are due on <due date>", around=DUE),
    "days_to_due": Licence(
        usual="<days to due> are left to answer <title>",
        around=f"{DUE}, {LEFT}, to answer, gives?, leaves?, leaving, from the day of this report, the due date of,"
        "the deadline of, prepare, that leaves, to prepare, write",
    ),
    "until_date": Licence(usual="<title> runs until <until date>", around=END),
    "days_left": Licence(
        usual="<days left> are left on <title>", around=f"{END}, {LEFT}, to run, before, expires in, on it, leaves?"
    ),
    "from_date": Licence(
        usual="<title> starts on <from date>", around="starts?, started, begins?, began, from, since, runs?, ran"
    ),
    "event_date": Licence(
        usual="<title> is dated <event date>; the meeting <title> was held on <event date>", around=EVENT
    ),
    "new_since": Licence(usual="<title> is <new since>", around="is, new"),
    "kind": Licence(
        usual="<title> is filed as <kind>",
        around="filed as, is filed as, are filed as, filed, listed as, recorded as, classed as, kind, puts,"
        "entered as, type",
    ),
    "vendor": Licence(
        usual="the vendor of <title> is <vendor>",
        around="was, vendors?, current, currently, now, today, incumbent, supplier, provider, contractor, seller,"
        "on record, known,"
        "existing, the name",
        before="done by, in the hands of, taken care of by, looked after by, paid for, went to, go(?:es)? to, got,"
        "it was, held by, supplied by, sold by, bought from, provided by, delivered by, run by,"
        "paid, pays, names?, paid to, business goes to, lists?, handled by, was, with, purchased from, buys from,"
        "made by, won by",
        behind="is the vendor, was the vendor, is the current vendor, is the incumbent, that got, got, holds?, held,"
        "supplies,"
        "supplied, sold, received, was paid, were paid, provides?, provided, delivers?, delivered, won, sits behind,"
        "stands behind, is behind, behind, paid, what, covers, does, did, handles?, handled, performs?, performed,"
        "takes? care of, took care of, looks? after, works? on, worked on",
    ),
    "prospect": Licence(
        usual="<prospect> of <company> asked", around="of, asked, asks, wrote, replied, answered, about, details"
    ),
    "company": Licence(
        usual="what <company> does fits <title>",
        around="works? on, to use, has the",
        before="work of, work that, what, that, of, job for, fit for, for",
        behind="sells?, offers?, does, do, makes?, handles?, builds?, helps?, can(?: help| do| offer| handle)?, fits?,"
        "overlaps?,"
        "answers?, supports?, meets?, already does, is for, covers?, comes in, best",
    ),
    "said": Licence(
        usual="the reply says: <said>",
        around="reply, replied, said, says?, wrote, writes, reads, message, mail, answer, answered, asked, asks,"
        "own words, sells?,"
        "offers?, describes?, product, description, put it this way, puts it this way, text, in the words of",
    ),
    "campaign": Licence(
        usual="the campaign <campaign>", around="campaign, mails?, came, answered, answers?, reply, of, sent"
    ),
    "amount": Licence(
        usual="<title> is on record at <amount>",
        around="contracts?, purchases?, orders?, purchase orders?, agreements?, amounts?, on record, on file, worth,"
        "value, valued, costs?, costing, price, prices, priced, paid, pays, received,"
        "receives?, spent, spends?, sum, totals?, carries, money, spending, comes? to, shows?, scale, size,"
        "what this work costs,"
        "this work costs, this kind of work, contract of, purchase of, purchase order of, went to, gives, figures?,"
        "sense of scale,"
        "has put, put, listed, lists, recorded, stands? at, is given, given, order of magnitude, dollars?, business,"
        "behind,"
        "was, were, comes? in at, came to, price tag, recorded, booked, a total of, in the amount of, spent on,"
        "amounts? to, bought, was bought, purchased",
    ),
}
