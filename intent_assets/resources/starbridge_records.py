"""From Starbridge's profiles and contacts as sent (`wire`) to the records that the report is made of."""

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from intent_assets import wire
from intent_assets.errors import StarbridgeError
from intent_assets.records import Address, Contact, Profile

_MAIL = re.compile(r"[^@\s<>\"',;:()]+@[^@\s<>\"',;:()]+\.[^@\s<>\"',;:().]+")
_MONTH_AND_DAY = re.compile(r"(1[0-2]|0?[1-9])/(3[01]|[12]\d|0?[1-9])")


def profile_record(buyer_id: str, profile: wire.Profile) -> Profile:
    """Return the profile of `buyer_id`; each field is looked for under `extraData`, then under `metadata`."""
    fields = _merged(profile.extra_data, profile.metadata)
    name = _text(profile.name) or _text(fields.common_name)
    if name is None:
        raise StarbridgeError("starbridge", "buyer_profile", f"the profile of buyer {buyer_id} has no name", status=200)
    return Profile(
        buyer_id=buyer_id,
        name=name,
        buyer_type=_text(profile.type),
        state=_text(profile.state_code),
        url=_text(profile.url),
        parent_name=_text(fields.parent_name),
        common_name=_text(fields.common_name),
        address=_address(fields.address),
        enrollment=_not_negative(fields.total_enrollment),
        population=_not_negative(fields.population),
        employees_fte=_not_negative(fields.employee_fte),
        budget_amount=fields.budget_amount if (fields.budget_amount or 0) > 0 else None,
        budget_year=fields.budget_latest_year if 1900 <= (fields.budget_latest_year or 0) <= 2200 else None,
        fiscal_year_start=_month_and_day(fields.fiscal_year_start_date),
        procurement_difficulty=fields.procurement_hell_score,
        ai_adoption=fields.ai_adoption_score,
        startup_friendliness=fields.startup_friendliness_score,
        propensity_to_spend=_text(fields.propensity_to_spend),
        propensity_to_spend_score=fields.propensity_to_spend_score,
        schools=_not_negative(fields.school_district_number_of_schools),
        lms=_names(fields.lms_array),
        sis=_text(fields.sis),
        main_phone=_phone(fields.main_phone_number),
    )


def contact_records(buyer_id: str, contacts: Iterable[wire.Contact]) -> tuple[tuple[Contact, ...], tuple[str, ...]]:
    """Return the contacts that have a name, each once, and what was set aside or left out, in words."""
    records: dict[str, Contact] = {}
    left_out: list[str] = []
    for contact in contacts:
        name = _text(contact.name) or _text(" ".join(filter(None, (contact.first_name, contact.last_name))))
        if name is None:
            left_out.append(f"Contact {contact.contact_id or 'without an id'}: has no name")
            continue
        contact_id = _text(contact.contact_id) or _stable_id(buyer_id, name, contact)
        record = Contact(
            contact_id=contact_id,
            buyer_id=buyer_id,
            name=name,
            title=_text(contact.title) or next(iter(_names(contact.normalized_titles)), None),
            normalized_titles=_names(contact.normalized_titles),
            email=_email(contact.email),
            phone=_phone(contact.phone),
            linkedin_url=_link(contact.linked_in_url),
            works_at_buyer=contact.works_at_buyer,
            email_verified=contact.email_verified,
            email_last_checked=_date(contact.email_last_checked),
            source=_text(contact.source),
        )
        unreadable = [
            *contact.unreadable,
            *(["email"] if record.email is None and _text(contact.email) else []),
            *(["phone"] if record.phone is None and _text(contact.phone) else []),
            *(["emailLastChecked"] if record.email_last_checked is None and _text(contact.email_last_checked) else []),
        ]
        if unreadable:
            left_out.append(f"Contact {contact_id}: unreadable: {', '.join(unreadable)}")
        records.setdefault(contact_id, record)
    return tuple(records.values()), tuple(left_out)


def _merged(*places: wire.ProfileFields | None) -> wire.ProfileFields:
    values: wire.Json = {}
    for place in places:
        sent = place.model_dump(exclude_none=True) if place is not None else {}
        values = {name: value for name, value in sent.items() if value not in ("", (), {})} | values
    return wire.ProfileFields.model_validate(values)


def _stable_id(buyer_id: str, name: str, contact: wire.Contact) -> str:
    parts = (buyer_id, name, contact.title, contact.email, contact.phone)
    return "c-" + hashlib.sha256(json.dumps(parts).casefold().encode()).hexdigest()[:20]


def _text(value: str | None) -> str | None:
    return " ".join(value.split()) or None if value else None


def _address(sent: wire.Address | None) -> Address:
    if sent is None:
        return Address()
    code = _text(sent.zip)
    # A ZIP code that was sent as a number has lost its leading zeros.
    code = code.zfill(5) if code and re.fullmatch(r"\d{3,4}", code) else code
    return Address(
        street=_text(sent.street1), city=_text(sent.city), state=_text(sent.state), zip=code, phone=_phone(sent.phone)
    )


def _not_negative(value: int | None) -> int | None:
    return value if value is not None and value >= 0 else None


def _month_and_day(value: str | None) -> str | None:
    match = _MONTH_AND_DAY.fullmatch((value or "").strip())
    return f"{int(match[1]):02d}/{int(match[2]):02d}" if match else None


def _names(value: Sequence[str] | str | None) -> tuple[str, ...]:
    if isinstance(value, str):
        value = re.split(r"[,;|]", value.strip().strip("[]").replace('"', ""))
    names = (_text(name) for name in value or ())
    return tuple(dict.fromkeys(name for name in names if name))


def _email(value: str | None) -> str | None:
    text = (value or "").strip().removeprefix("mailto:")
    return text if _MAIL.fullmatch(text) else None


def _phone(value: str | None) -> str | None:
    text = _text(value)
    return text if text and 7 <= len(re.findall(r"\d", text)) <= 20 else None


def _link(value: str | None) -> str | None:
    text = (value or "").strip()
    if re.match(r"(www\.)?linkedin\.", text):
        text = f"https://{text}"
    return text if re.fullmatch(r"https?://\S+", text) else None


def _date(value: str | None) -> date | None:
    text = (value or "").strip()
    try:
        return datetime.fromisoformat(text).date() if len(text) > 10 else date.fromisoformat(text)
    except ValueError:
        return None
