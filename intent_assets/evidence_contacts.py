"""Facts of contacts."""

from collections.abc import Mapping, Sequence
from typing import Any

from intent_assets.contacts import has_left
from intent_assets.evidence_display import count, day, host_of, one_line, web_link
from intent_assets.evidence_drafts import Drafts, Origin
from intent_assets.evidence_profile import buyer_origin
from intent_assets.records import BuyerIntel, Contact

MOST_OF_FEATURED = 25
MOST_OF_SECONDARY = 2


def add_contacts(drafts: Drafts, intel: BuyerIntel, scored: Mapping[str, Any], told: Sequence[Contact]) -> None:
    """Add the facts of the contacts `told`, and how many contacts of the buyer there are in all."""
    for contact in told:
        _add_contact(drafts, intel, scored, contact)
    buyer = buyer_origin(intel, scored, title=f"Starbridge contacts of {one_line(intel.buyer_name)}")
    total = max(intel.total_contacts, len(intel.contacts))
    if total:
        drafts.add(buyer, "contacts", "count", total, count(total), unit="contacts")


def _add_contact(drafts: Drafts, intel: BuyerIntel, scored: Mapping[str, Any], contact: Contact) -> None:
    site = scored.get("buyer_website") or (intel.profile.url if intel.profile else None)
    origin = Origin(
        record="contact",
        record_id=contact.contact_id,
        source_title=f"Starbridge contact {one_line(contact.name)}",
        source_url=web_link(site),
        buyer_id=intel.buyer_id,
        buyer_name=intel.buyer_name,
        state="left" if has_left(contact) else None,
    )
    drafts.add(origin, "name", "name", contact.name, contact.name)
    drafts.add(origin, "title", "title", contact.title, contact.title)
    drafts.add(origin, "email", "email", contact.email, contact.email)
    drafts.add(origin, "phone", "phone", contact.phone, contact.phone)
    link = web_link(contact.linkedin_url)
    if link:
        drafts.add(origin, "linkedin_url", "url", link, host_of(link))
    if contact.email and contact.email_verified is not None:
        shown = "verified" if contact.email_verified else "not verified"
        drafts.add(origin, "email_verified", "status", contact.email_verified, shown)
    if contact.off_domain:
        drafts.add(origin, "email_domain", "status", contact.off_domain, "on another domain")
    if contact.shared_mailbox:
        drafts.add(origin, "mailbox", "status", contact.shared_mailbox, "shared mailbox")
    if contact.email and contact.email_last_checked is not None:
        checked = contact.email_last_checked
        drafts.add(origin, "email_last_checked", "date", checked.isoformat(), day(checked))
