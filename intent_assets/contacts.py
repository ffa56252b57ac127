"""Contacts in order of use, and the one to ask. Pure.

The order of `rank_contacts`, each point deciding only where those before it are equal:

1. use: somebody who can be asked; then shared mailboxes; then people without a say (students, interns); then those
   whom neither an address nor a number reaches; last who has left;
2. fit of the role: leads in the product's own field; buys or decides for the whole body; works in or near the
   product's field; none of these;
3. rank: head, director, manager, officer, staff, clerical, unknown; of one rank, who has such a word in the title;
4. the e-mail address: verified and the person's own on the buyer's domain, then not known to be, then known not to be;
   then the same on another domain; then a shared one, or none;
5. known to work there; 6. how many words of the product the title has; 7. a telephone number; 8. a person's name;
9. the id.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from urllib.parse import urlsplit

from intent_assets.contact_roles import Fit, Rank, Role, has_no_say, product_stems, role_of
from intent_assets.domains import normalise_domain
from intent_assets.errors import InvalidDomain
from intent_assets.records import Contact

_LETTERS = re.compile(r"[^\W\d_]+")
_SHARED = frozenset(
    """
    accounting accounts accountspayable admin administration admissions ap ar bid bidding bids billing board
    boardoffice building career careers careerservices cityclerk cityhall clerk clerks comments communications
    contact contactus contracting contracts council countyclerk customercare customerservice department dept
    development district districtoffice donotreply enquiries enquiry enrollment facilities feedback finance
    financeoffice financialaid foia frontdesk frontoffice general generalinfo hello help helpdesk hr humanresources
    info information informationdesk inquiries inquiry it itsupport jobs library mail mailbox main mainoffice
    maintenance marketing media news noreply office ombudsman parks payables payroll permits permitting planning
    postmaster press procurement proposals publicworks purchase purchasing reception records recordsrequest
    registrar registration rfp rfps sales secretary security service services solicitations studentaffairs
    studentservices support team tech techsupport townclerk townhall transportation treasurer utilities vendor
    vendors web webmaster website
    """.split()  # noqa: SIM905
)
_PLACES = frozenset({"office", "desk", "department", "dept", "division", "mailbox", "inbox", "team"})
_OF_PLACES = (
    _SHARED | _PLACES | {"city", "county", "customer", "front", "hall", "line", "of", "school", "student", "the"}
)
_PLACE_TITLE = re.compile(
    r"((main|front|general|central|district|business|clerk'?s?) )?(office|desk|mailbox|inbox)"
    r"|(general |main )?(info(rmation)?|reception|inquiries)",
    re.IGNORECASE,
)
_FORMER = re.compile(
    r"\b(former|formerly(?! incarcerated)|emeritus|emerita|past(?= \w)(?! due)|ex\b(?!.?officio)|previous(ly)?"
    r"|no longer|retired(?! senior)|deceased)\b",
    re.IGNORECASE,
)
_RANKS = {
    Rank.HEAD: "heads the organisation or one of its branches",
    Rank.DIRECTOR: "directs a department or a school",
    Rank.MANAGER: "manages an area",
    Rank.OFFICER: "holds an office without a team",
    Rank.STAFF: "is staff",
    Rank.CLERICAL: "is clerical staff",
    Rank.UNKNOWN: "has no title on record",
}


def rank_contacts(
    contacts: Iterable[Contact], keywords: Iterable[str], buyer_website: str | None
) -> tuple[Contact, ...]:
    """Return `contacts`, the most useful first, each id once, with `shared_mailbox` and `off_domain` set.

    `keywords` are words of the product and its strategy; phrases are split. Of copies with one id the most useful
    stands. `off_domain` needs the buyer's domain to be known.
    """
    host = _host(buyer_website)
    product = product_stems(keywords)
    pairs = [_with_role(_marked(contact, host), product) for contact in contacts]
    ranked: dict[str, Contact] = {}
    # Copies that are alike in all points stand in the order of what else they say, not of where they came.
    for contact, _ in sorted(pairs, key=lambda pair: (_order(*pair), pair[0].model_dump_json())):
        ranked.setdefault(contact.contact_id, contact)
    return tuple(ranked.values())


def decision_maker(contacts: Sequence[Contact], keywords: Iterable[str]) -> tuple[Contact | None, str]:
    """Return the first of ranked `contacts` who can be asked, and why; or None, and why there is nobody.

    Nobody is somebody who left, who can't be reached, who has no say (students, interns), or a shared mailbox.
    `keywords` are those that the contacts were ranked by.
    """
    if not contacts:
        return None, "no contact is on record"
    there = [contact for contact in contacts if not has_left(contact)]
    if not there:
        return None, "everybody on record has left"
    people = [contact for contact in there if not is_shared_mailbox(contact)]
    if not people:
        return None, "only shared mailboxes are on record"
    reachable = [contact for contact in people if contact.email or contact.phone]
    if not reachable:
        return None, "nobody on record has an e-mail address or a phone number"
    suitable = [contact for contact in reachable if not has_no_say(contact.title)]
    if not suitable:
        return None, "nobody on record has a say in purchases"
    best = suitable[0]
    _, role = _with_role(best, product_stems(keywords))
    return best, ", ".join((_fit_in_words(role), _RANKS[role.rank], *_sure_in_words(best)))


def has_left(contact: Contact) -> bool:
    """Whether the record or the title says that the person is no longer there."""
    return contact.works_at_buyer is False or bool(_FORMER.search(contact.title or ""))


def is_shared_mailbox(contact: Contact) -> bool:
    """Whether no person can be reached by it: an office, or an address that many read and no number beside it."""
    if _is_place(contact.name) or _PLACE_TITLE.fullmatch((contact.title or "").strip()):
        return True
    return _is_shared_address(contact) and not contact.phone


def _with_role(contact: Contact, product: frozenset[str]) -> tuple[Contact, Role]:
    return contact, role_of((contact.title or "", *contact.normalized_titles), product)


def _order(contact: Contact, role: Role) -> tuple[int, int, int, bool, int, bool, int, bool, bool, str]:
    return (
        _use(contact),
        -role.fit,
        -role.rank,
        not role.words,
        _address(contact),
        contact.works_at_buyer is not True,
        -len(role.words),
        contact.phone is None,
        _is_place(contact.name),
        contact.contact_id,
    )


def _use(contact: Contact) -> int:
    if has_left(contact):
        return 4
    if not (contact.email or contact.phone):
        return 3
    if is_shared_mailbox(contact):
        return 1
    return 2 if has_no_say(contact.title) else 0


def _address(contact: Contact) -> int:
    if not contact.email or contact.shared_mailbox:
        return 6
    known = {True: 0, None: 1, False: 2}[contact.email_verified]
    return known + 3 if contact.off_domain else known


def _fit_in_words(role: Role) -> str:
    words = " and ".join(role.words[:3])
    match role.fit:
        case Fit.FIELD:
            return f"the title fits the product ({words})"
        case Fit.BUYS if words:
            return f"the role takes part in purchases ({words})"
        case Fit.BUYS:
            return "the role decides on purchases"
        case Fit.FIELD_NEAR:
            return f"works near the product's field ({words})"
        case _:
            return "nobody on record has a title that fits the product"


def _sure_in_words(contact: Contact) -> list[str]:
    words = ["works there" if contact.works_at_buyer else "said to work there"]
    if not contact.email:
        return [*words, "to be called, since no e-mail address is on record"]
    if contact.shared_mailbox:
        return [*words, "to be called, since others read the mailbox too"]
    words.append("verified e-mail address" if contact.email_verified else "e-mail address not verified")
    return [*words, "on another domain than the buyer's"] if contact.off_domain else words


def _is_place(name: str) -> bool:
    """Whether a name is that of an office rather than a person's."""
    words = _LETTERS.findall(name.lower().replace("'s", ""))
    return not words or "@" in name or words[-1] in _PLACES or all(word in _OF_PLACES for word in words)


def _is_shared_address(contact: Contact) -> bool:
    local = (contact.email or "").partition("@")[0].lower()
    parts = _LETTERS.findall(local)
    if not parts or local in _LETTERS.findall(contact.name.lower()):
        return False  # the address of somebody whose name happens to be such a word
    return "".join(parts) in _SHARED or all(part in _SHARED for part in parts)


def _marked(contact: Contact, host: str | None) -> Contact:
    mail = (contact.email or "").rpartition("@")[2].strip().lower()
    shared = bool(contact.email) and (_is_shared_address(contact) or _is_place(contact.name))
    off = bool(host and mail) and not _is_own(mail, host or "")
    return contact.model_copy(update={"off_domain": off, "shared_mailbox": shared})


def _is_own(mail: str, host: str) -> bool:
    return mail == host or host.endswith(f".{mail}") or mail.endswith(f".{host}") or _domain(mail) == _domain(host)


@lru_cache(maxsize=4096)
def _domain(host: str) -> str:
    try:
        return normalise_domain(host)
    except InvalidDomain:
        return host


def _host(website: str | None) -> str | None:
    if not website or not website.strip():
        return None
    text = website.strip() if "://" in website else f"https://{website.strip()}"
    try:
        host = urlsplit(text).hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host and "." in host else None
