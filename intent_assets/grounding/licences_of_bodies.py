"""Licences for what is told of buyers, of their profiles and people, and of the search."""

from collections.abc import Mapping

from intent_assets.grounding.licence import Licence

_SAYS = (
    "says?, shows?, gives?, lists?, has, states?, names?, puts?(?: it| them)?, given, is given, given as, listed,"
    "reported"
)
_PROFILE = (
    f"{_SAYS}, profile, current, currently, on record, on file, figures?, stands? at, comes? to, at, as, size, is, are,"
    "number"
)
_SCORED = (
    f"{_PROFILE}, scores?, scored, score of, rated, rating, rates, scale, graded, a scale, is scored, points, measure,"
    "means, suggests?, gets?, got, calls? for, out at, comes out at"
)
OF_BODIES: Mapping[str, Licence] = {
    "body": Licence(
        usual="<name> comes first",
        around="buyers, district, county, city, town, village, agency, department, university, college, schools?,"
        "library,"
        "comes? first, comes? next, stands? out, your time, the one to call,"
        "the buyer to (?:call|begin with|start with),"
        "call about, next calls?, among, of the buyers, speaks for, where you end up, turned up, turns up, came out,"
        "candidate,"
        "makes, lead, because of, ahead of the other candidates, ranked, call, start, first, leads?, led, brought up",
        before="behind, near, area, people live, to call is, works for, known at, on record at, decides? at, there is,"
        "surfaced,"
        "points? to, from, belong to, belongs? to, starting with, starts? with, begins? with",
        behind="files?, filed, put, puts, asks? for(?: bids| proposals)?, is asking for(?: bids| proposals)?,"
        "takes? (?:bids|proposals), wants? (?:bids|proposals), describes?, bought, buys, purchased, paid, pays, spent,"
        "uses?,"
        "runs?, serves?, employs?, teaches, educates?, enrols?, enrolls?, counts?, begins?, lists?, shows?, belongs to,"
        "is part of, part of, is filed, is where, is the buyer, is a, the kind of work, comes, scored, is ranked,"
        "stands,"
        "is the one, is home to, operates?, is asking, reports?, publishes, gives?, posted, published, looks? for,"
        "has set, sets, lies in, sits in, is located, is based, works? with, is one of, keeps, expects?, works on,"
        "also has,"
        "is looking for (?:bids|proposals), tells?, writes?, wrote, says?, looks",
    ),
    "type": Licence(
        usual="<name> is filed as <type>",
        around="filed as, filed under, filed, of type, classed as, listed as, kind of body, type of body, type",
    ),
    "place": Licence(usual="in <place>", around="lies, sits, based, located, state"),
    "reason": Licence(usual="what speaks for <name>: <reason>", around="speaks for, reasons?, because, why"),
    "website": Licence(
        usual="the website is <website>",
        around="website, web site, site, online, find, found, can be found, more, information, details, visit,"
        "home page, web,"
        "learn more, see",
    ),
    "parent_name": Licence(
        usual="<name> is part of <parent name>",
        around="operates? under, belongs? to, part of, parent(?: body| organi[sz]ation| system| agency)?, above it,"
        "above, over it, comes under,"
        "(?:sits|falls) (?:under|within), unit of, division of, overseen by, governed by, run by, reports to,"
        "affiliated with",
    ),
    "lms": Licence(
        usual="it runs <lms> as its learning system",
        around="runs?, uses?, used, relies on, learning(?: management)? (?:systems?|platforms?), lms, for learning,"
        "systems?,"
        "in use, is what it uses, for courses?, courses?, classes, platforms?, learning, for student records,"
        "works? with,"
        "teachers, staff, students, faculty, teaching, software, current, currently, today, now, online,"
        "is what they use, offered, taught, hosted, lessons, class, coursework, log in to, learn",
    ),
    "sis": Licence(
        usual="its student system is <sis>",
        around="student(?: information)? (?:systems?|platforms?), sis, student (?:records|data|information), runs?,"
        "uses?, keeps?,"
        "kept, holds?, held, in use, handles, handled, stores?, stored, systems?, platforms?, records?, data,"
        "software, relies on,"
        "current, currently, today, now, lives?, sits?, stay, go into, registration, grades, managed, manages, in",
    ),
    "address": Licence(
        usual="its office stands at <address>",
        around="address, offices?, stands?, located, find, found, mail goes to, goes to, main, lies",
    ),
    "person": Licence(
        usual="<person>, <title>, at <email>",
        around="contacts?, persons?, whose title is, address, e-?mail address, e-?mail, mail, phone, number,"
        "phone number, line,"
        "direct line, calls?, desk, somebody, someone, reach, reached, on record, known, by mail, by phone,"
        "by e-?mail, mailbox,"
        "message, start, short, can, names?, there, best, right, first, listed, sits at, introduction, goes to,"
        "reaches",
        before="of, ask, call, to, reach, is, for",
        behind="works?, works? there, works? there as, works? at, serves? as, holds the title(?: of)?,"
        "holds the (?:office|post),"
        "picks? up, takes calls, fields calls, is your contact,"
        "can be (?:reached|e-?mailed|called|asked|found|contacted|phoned), is reached, is reachable, answers,"
        "is listed, is on record, knows?",
    ),
    "job": Licence(
        usual="<name> is <job>",
        around="job title, on record, works? there as, serves? as, serving as, holds the title of, whose title is,"
        "the post of,"
        "listed as, the job of, job, role of, in the role of, office of, with the title",
    ),
    "mark": Licence(usual="the address <email> is <mark>", around="address, mailbox, marked, e-?mail"),
    "email": Licence(
        usual="reach <name> at <email>",
        around="address, e-?mails?(?: address)?, mail, by mail, reach, reached, reaches, write to, write, mailbox,"
        "desk, line,"
        "verified, unverified, not verified, inbox, answers, contact, get in touch, in touch, goes to, listed,"
        "message, use, using",
    ),
    "phone": Licence(
        usual="call <name> on <phone>",
        around="number, phone(?: number)?, telephone, line, direct line, by phone, call, calls, dial, ring, reach,"
        "reached, answers,"
        "main (?:number|line|phone|office|desk), switchboard, offices?, front desk, main, can be reached, desk,"
        "contact, using, listed,"
        "reaches, goes to, try, in touch",
    ),
    "budget": Licence(
        usual="its budget for <year> is <budget>",
        around=f"budgets?, annual, yearly, total, overall, {_PROFILE}, operating, operates, fiscal year, budget year,"
        f"reports?,"
        "is that of, of, published, publishes, amounts to, whole, works with, runs on, set at, set, set for, spends?,"
        "was, to work with, to spend, sits at, reaches, finances, money",
    ),
    "budget_year": Licence(
        usual="its budget for <budget year> is <budget>",
        around="fiscal years?, budget years?, budgets?, financial years?, years?, comes to",
    ),
    "fiscal_year_start": Licence(
        usual="the fiscal year begins on <fiscal year start>",
        around="(?:new )?(?:fiscal|budget|financial) years?, starts?, starting, begins?, beginning, opens?,"
        "the start of, start,"
        "runs from, each, every, always, new, before, ahead of, funding, budget, money, talks?",
    ),
    "as_of": Licence(usual="as of <as of>", around="as of, today, report"),
    "last_report": Licence(
        usual="since the report of <last report>",
        around="since, (?:last |previous |earlier )?report, came in, were added, new",
    ),
    "enrollment": Licence(
        usual="it has <enrollment> students",
        around=f"{_PROFILE}, students?, pupils?, learners?, enrol(?:l)?ments?, enrol(?:l)?ed, enrols?, enrolls?,"
        f"student body,"
        "study, go there, attend, in all, around campus, teaches, educates?, serves?, counts?, undergraduates,"
        "home to, learn,"
        "total, altogether, are taught, student population, strong, go to school, headcount of students, you will find",
    ),
    "population": Licence(
        usual="it serves <population> residents",
        around=f"{_PROFILE}, residents?, people, inhabitants?, populations?, citizens, live, lives?, home to, area,"
        f"serves?,"
        "served, counts?, in all, total, community, call it home, calls it home, within its borders, to serve, living",
    ),
    "employees_fte": Licence(
        usual="it has <employees fte> employees",
        around=f"{_PROFILE}, employees?, staff(?: members)?, full-time(?:-equivalent)?, full-time equivalents?, fte,"
        f"ftes,"
        "workforce, headcount, employs?, people, work there, works? for, personnel, counts?, in all, total, workers,"
        "on staff, on the payroll, make up the staff, strong, keeps? it running,"
        "employed",
    ),
    "schools": Licence(
        usual="the district runs <schools> schools",
        around=f"{_PROFILE}, schools, runs?, counts?, operates?, district, in all, has",
    ),
    "rank": Licence(
        usual="<name> ranks <rank>",
        around="ranks?, ranked, ranking, positions?, places?, placed, puts? it, goes to, came out, came in, comes?,"
        "comes in, among,"
        "behind that, stands?, of the buyers, candidates?, lands?, landed, checked, compared, looked at, searched,"
        "scored, reviewed, weighed, holds?, sits, search, list, in the list, of the list",
    ),
    "score": Licence(
        usual="<name> scored <score>",
        around="scores?, scored, scoring, came out, comes out, overall, got, gets, reached, reaches, puts? it at,"
        "stands at,"
        "came out at, leads, earned, with, tally, mark, rating, comes in, total, behind that, comes to, points",
    ),
    "signals": Licence(
        usual="<signals> signals of <name> were found",
        around="was, were, signals?, found, stands?, behind, rank, of which, of them, shows?, counts?, came up,"
        "belongs? to, come from,"
        "came from, turned up, in all, total, on record, on file, there are, speak for",
    ),
    "actionable_signals": Licence(
        usual="<actionable signals> of them to act on",
        around="was, were, signals?, actionable, can be acted on, to act on, you can act on, of which, of them,"
        "can act on, are ones,"
        "found, stand behind, stand, rank, acted on, can, action, ready for action, still",
    ),
    "open_rfps": Licence(
        usual="<name> has <open rfps> open RFPs",
        around="counts?, shows?, lists?, open, rfps?, are open, solicitations, out for bids, currently, now, in all,"
        "on record",
    ),
    "contacts": Licence(
        usual="<contacts> contacts of <name> are on record",
        around="contacts?, known, are known, on record, on file, in all, in our files, people, listed, are listed,"
        "names?, total",
    ),
    "run": Licence(
        usual="the search looked through <signals found> signals and <buyers scored> buyers",
        around="was, were, search(?:es)?, looked (?:through|at), looking (?:through|at), look through, went through,"
        "going through,"
        "read, covered, covers, turned up, turns up, scored, compared, found, signals?, buyers?, came in, came back,"
        "set aside,"
        "no buyer, name no buyer, could not be read, since, report, among, after, out of, ran to the end, ran, ended,"
        "complete,"
        "completed, finished, to the end, new, in all, in total, candidates, through, weighed, reviewed, sifted,"
        "scanned, checked,"
        "returned, brought up, brought, yielded, produced, gave, screened, went into, considered, examined, all told,"
        "overall,"
        "worked through, made it into, scoring, this report, rests on, based on, across",
    ),
    "procurement_difficulty": Licence(
        usual="procurement difficulty is <procurement difficulty>",
        around=f"{_SCORED}, procurement, purchasing, buying, difficulty, difficult, paperwork, hard, process",
    ),
    "ai_adoption": Licence(
        usual="adoption of AI is given as <ai adoption>",
        around=f"{_SCORED}, adoption(?: of)?, AI, artificial intelligence, for, readiness",
    ),
    "startup_friendliness": Licence(
        usual="friendliness to startups is given as <startup friendliness>",
        around=f"{_SCORED}, start-?ups?, friendliness, friendly, openness, open",
    ),
    "propensity_to_spend": Licence(
        usual="propensity to spend is given as <propensity to spend>",
        around=f"{_SCORED}, propensity, spend(?:ing)?, ready, how ready it is, readiness, to spend",
    ),
}
