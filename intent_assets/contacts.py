"""Contacts in order of use, and the one to ask. Pure.

A contact is worth the more the surer it is that the person works there and can be reached (verified, on the buyer's
own domain), and the better title and product go together. Who left, and mailboxes that many people share, come last.
"""

import re
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from intent_assets.records import Contact

_WORD = re.compile(r"[a-z0-9]+")
_SHARED = {
    "admin", "administration", "boardoffice", "clerk", "communications", "contact", "contactus", "customerservice",
    "district", "districtoffice", "enquiries", "feedback", "frontdesk", "frontoffice", "general", "hello", "help",
    "helpdesk", "hr", "humanresources", "info", "information", "inquiries", "inquiry", "it", "itsupport", "mail",
    "mailbox", "main", "mainoffice", "media", "noreply", "donotreply", "office", "postmaster", "procurement",
    "purchasing", "bids", "rfp", "reception", "registrar", "secretary", "services", "support", "team", "webmaster",
}  # fmt: skip
_FORMER = re.compile(r"\b(former|formerly|retired|emeritus|emerita|past|ex|previous(ly)?)\b", re.IGNORECASE)
_JUNIOR = re.compile(r"\b(student|intern|interns|internship|volunteer|trainee|apprentice|substitute)\b", re.IGNORECASE)
_SENIORITY: tuple[tuple[int, re.Pattern[str]], ...] = (
    (-3, re.compile(r"\b(assistant to|secretary|receptionist|clerk|aide)\b")),
    (4, re.compile(r"\b(assistant|associate|deputy|vice) (superintendent|chancellor|president|provost|principal)\b")),
    (
        5,
        re.compile(
            r"\b(chief|superintendent|president|chancellor|provost|c[iteof]o|commissioner|executive director)\b"
        ),
    ),
    (5, re.compile(r"\b(city|county|town) (manager|administrator)\b")),
    (4, re.compile(r"\b(director|vice president|vp|dean|head)\b")),
    (3, re.compile(r"\b(manager|principal|chair|chairman|chairwoman|chairperson|lead|supervisor|mayor|sheriff)\b")),
    (2, re.compile(r"\b(coordinator|administrator|officer|buyer|registrar|librarian)\b")),
    (1, re.compile(r"\b(analyst|specialist|engineer|technician|counselor|teacher|professor|assistant)\b")),
)
_BUYS = re.compile(r"\b(procurement|purchasing|contracts?|technology|information|operations|business|innovation)\b")
_STOPWORDS = {"and", "for", "the", "with", "that", "from", "into", "our", "your", "their", "services", "service"}


def rank_contacts(
    contacts: Iterable[Contact], keywords: Iterable[str], buyer_website: str | None
) -> tuple[Contact, ...]:
    """Return `contacts`, the most useful first, each once, with `off_domain` set where the buyer's domain is known.

    `keywords` are words of the product and its strategy; phrases are split. Equal ones stand in order of their ids.
    """
    host = _host(buyer_website)
    wanted = _stems(" ".join(keywords))
    marked = {contact.contact_id: _marked(contact, host) for contact in contacts}
    return tuple(sorted(marked.values(), key=lambda contact: _order(contact, wanted)))


def decision_maker(contacts: Sequence[Contact]) -> tuple[Contact | None, str]:
    """Return the first of ranked `contacts` who can be asked, and why; or None, and why there is nobody.

    Nobody is somebody who left, who can't be reached, who has no say (students, interns), or a shared mailbox.
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
    suitable = [contact for contact in reachable if not _JUNIOR.search(contact.title or "")]
    if not suitable:
        return None, "nobody on record has a say in purchases"
    best = suitable[0]
    reasons = ["works there" if best.works_at_buyer else "said to work there"]
    if best.email:
        reasons.append("verified e-mail address" if best.email_verified else "e-mail address not verified")
        reasons += ["on another domain than the buyer's"] if best.off_domain else []
    return best, ", ".join(reasons)


def has_left(contact: Contact) -> bool:
    """Whether the record or the title says that the person is no longer there."""
    return contact.works_at_buyer is False or bool(_FORMER.search(contact.title or ""))


def is_shared_mailbox(contact: Contact) -> bool:
    """Whether there is no person behind the contact: a shared mailbox without a person's name or phone number."""
    local = re.sub(r"[^a-z]", "", (contact.email or "").partition("@")[0].lower())
    name = re.sub(r"[^a-z]", "", contact.name.lower())
    words = _WORD.findall(contact.name.lower())
    nameless = (
        not name or name in _SHARED or "@" in contact.name or words[-1:] in (["office"], ["desk"], ["department"])
    )
    return nameless or (local in _SHARED and not contact.phone)


def _order(contact: Contact, wanted: set[str]) -> tuple[bool, bool, bool, float, str]:
    title = (contact.title or "").lower()
    seniority = next((points for points, pattern in _SENIORITY if pattern.search(title)), 0)
    fit = 2.0 * min(2, len(_stems(title) & wanted)) + (1.5 if _BUYS.search(title) else 0.0)
    sure = 3.0 * bool(contact.works_at_buyer) + 2.0 * bool(contact.email_verified) - 3.0 * contact.off_domain
    reach = 2.0 * bool(contact.email) + 1.0 * bool(contact.phone)
    junior = -6.0 if _JUNIOR.search(title) else 0.0
    unreachable = not (contact.email or contact.phone)
    points = seniority + fit + sure + reach + junior
    return has_left(contact), is_shared_mailbox(contact), unreachable, -points, contact.contact_id


def _marked(contact: Contact, host: str | None) -> Contact:
    mail = (contact.email or "").rpartition("@")[2].strip().lower()
    if not host or not mail:
        return contact
    own = mail == host or host.endswith(f".{mail}") or mail.endswith(f".{host}")
    return contact.model_copy(update={"off_domain": not own})


def _host(website: str | None) -> str | None:
    if not website or not website.strip():
        return None
    text = website.strip() if "://" in website else f"https://{website.strip()}"
    try:
        host = urlsplit(text).hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host and "." in host else None


def _stems(text: str) -> set[str]:
    words = (word for word in _WORD.findall(text.lower()) if len(word) > 3 and word not in _STOPWORDS)
    return {word[:6] for word in words}
