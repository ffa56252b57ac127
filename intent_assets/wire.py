"""What Starbridge sends, typed (contracts: starbridge, Tools): tolerant of what is absent or unknown, strict in form.

Only the fields that the contract marks "always" are needed. A field of the wrong form is set to None and named in
`unreadable` where the rest of the record is still good; a record without an `always` field fails validation, and
`read_records` sets it aside without losing the others.
"""

import math
from collections.abc import Sequence
from typing import Annotated, Any, Self, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    PrivateAttr,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic.alias_generators import to_camel

Json = dict[str, Any]


LARGEST = 10**15
"""Larger numbers are no counts, dollars or scores of anybody."""


def _text_of_number(value: object) -> object:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _number(value: object) -> object:
    """Take numbers as they are or as people write them (`"12,400"`, `"$1,000.50"`); the rest is left to pydantic."""
    if isinstance(value, str):
        bare = value.strip().lstrip("$").replace(",", "").strip()
        value = float(bare) if bare else None
    if isinstance(value, bool) or (isinstance(value, int | float) and not abs(value) <= LARGEST):
        raise ValueError("not a number that can be used")
    return value


def _whole(value: object) -> object:
    number = _number(value)
    return round(number) if isinstance(number, float) else number


def _joined(value: object) -> object:
    if isinstance(value, list | tuple) and all(isinstance(word, str) for word in value):
        return ", ".join(value)
    return value


def _amount(value: object) -> object:
    if isinstance(value, bool) or (isinstance(value, float) and not math.isfinite(value)):
        raise ValueError("not an amount")
    return value


Needed = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), BeforeValidator(_text_of_number)]
"""A text that the contract marks `always`; a blank one is as good as none."""
Loose = Annotated[str, BeforeValidator(_text_of_number)]
"""A text that a sender may write as a bare number, such as a ZIP code or an epoch."""
Words = Annotated[str, BeforeValidator(_joined)]
Real = Annotated[float, BeforeValidator(_number)]
Whole = Annotated[int, BeforeValidator(_whole)]
Amount = Annotated[int | float | str, BeforeValidator(_amount)]
"""US dollars as sent, a number or a text; `signals` reads it."""


class Wire(BaseModel):
    """Base of the wire records: camelCase on the wire, snake_case here, unknown fields ignored, frozen."""

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        alias_generator=to_camel,
        populate_by_name=True,
        validate_default=False,
        defer_build=True,
    )

    _unreadable: tuple[str, ...] = PrivateAttr(default=())

    @property
    def unreadable(self) -> tuple[str, ...]:
        """Names of what was left out for its form, as on the wire: `population`, `files[2]`, `files[0].name`."""
        names = list(self._unreadable)
        for field, info in type(self).model_fields.items():
            value = getattr(self, field)
            alias = info.alias or field
            if isinstance(value, Wire):
                names += [f"{alias}.{name}" for name in value.unreadable]
            elif isinstance(value, tuple):
                for at, item in enumerate(value):
                    if isinstance(item, Wire):
                        names += [f"{alias}[{at}].{name}" for name in item.unreadable]
        return tuple(names)

    @model_validator(mode="wrap")
    @classmethod
    def _keep_what_is_good(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return handler(value)
        except ValidationError as problem:
            if not isinstance(value, dict):
                raise
            faults = [error["loc"] for error in problem.errors(include_input=False, include_url=False)]
        mended, left_out = _without(value, {tuple(fault[:2]) for fault in faults})
        record = handler(mended)
        record._unreadable = left_out
        return record


def _without(value: Json, faults: set[tuple[int | str, ...]]) -> tuple[Json, tuple[str, ...]]:
    """Take the faulty fields out; of a list only its faulty items. Returns the rest and the names of what is out."""
    mended, left_out = dict(value), []
    for field in sorted({str(fault[0]) for fault in faults}):
        whole = value.get(field)
        at = sorted(fault[1] for fault in faults if fault[0] == field and len(fault) > 1 and isinstance(fault[1], int))
        if isinstance(whole, list) and at:
            mended[field] = [item for place, item in enumerate(whole) if place not in at]
            left_out += [f"{field}[{place}]" for place in at]
        else:
            mended[field] = None
            left_out.append(field)
    return mended, tuple(left_out)


class File(Wire):
    name: str | None = None
    url: str | None = None
    source_url: str | None = None
    content_type: str | None = None


class Highlight(Wire):
    highlight: str | None = None


class Highlights(Wire):
    content: tuple[Highlight, ...] | None = None


class LinkedRfp(Wire):
    id: Loose | None = None
    title: str | None = None
    due_date: Loose | None = None
    status: str | None = None


class LinkedPurchaseOrder(Wire):
    id: Loose | None = None
    title: str | None = None
    purchase_amount: Amount | None = None
    vendor_name: str | None = None
    from_date: Loose | None = None
    until_date: Loose | None = None


class Opportunity(Wire):
    """One procurement record; dates and amounts as sent, `signals` reads them."""

    id: Needed
    title: Needed
    type: Needed
    buyer_id: Needed
    buyer_name: Needed
    summary: str | None = None
    status: str | None = None
    posted_date: Loose | None = None
    due_date: Loose | None = None
    until_date: Loose | None = None
    created_at: Loose | None = None
    purchase_amount: Amount | None = None
    buyer_type: Words | None = None
    buyer_state: str | None = None
    buyer_website: str | None = None
    buyer_tags: tuple[str, ...] | str | None = None
    buyer_logo_url: str | None = None
    parent_buyer_id: Loose | None = None
    parent_buyer_name: str | None = None
    parent_buyer_type: Words | None = None
    document_type: str | None = None
    file_count: Whole | None = None
    files: tuple[File, ...] | None = None
    highlights: Highlights | None = None
    rfps: tuple[LinkedRfp, ...] | None = None
    purchase_orders: tuple[LinkedPurchaseOrder, ...] | None = None


class Buyer(Wire):
    """One buyer as `buyer_search` lists it."""

    buyer_id: Needed
    name: Needed
    type: Words | None = None
    state_code: str | None = None
    website: str | None = None
    city: str | None = None
    county: str | None = None
    zip: Loose | None = None
    street: str | None = None
    population: Whole | None = None
    parent_name: str | None = None
    foia_request_method: str | None = None


class Contact(Wire):
    """One contact as listed; it may lack everything, its name included."""

    contact_id: Loose | None = None
    name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    title: str | None = None
    normalized_titles: tuple[str, ...] | None = None
    email: str | None = None
    phone: Loose | None = None
    linked_in_url: str | None = None
    works_at_buyer: bool | None = None
    email_verified: bool | None = None
    email_last_checked: Loose | None = None
    source: str | None = None


class Address(Wire):
    street1: str | None = None
    city: str | None = None
    state: str | None = None
    zip: Loose | None = None
    phone: Loose | None = None


class ProfileFields(Wire):
    """The fields that stand under `extraData`, in some answers under `metadata`."""

    address: Address | None = None
    common_name: str | None = None
    parent_name: str | None = None
    total_enrollment: Whole | None = None
    population: Whole | None = None
    employee_fte: Whole | None = None
    budget_amount: Real | None = None
    budget_latest_year: Whole | None = None
    budget_confidence: Loose | None = None
    fiscal_year_start_date: str | None = None
    procurement_hell_score: Real | None = None
    ai_adoption_score: Real | None = None
    startup_friendliness_score: Real | None = None
    propensity_to_spend: Loose | None = None
    propensity_to_spend_score: Real | None = None
    lms_array: tuple[str, ...] | str | None = None
    sis: Words | None = None
    school_district_number_of_schools: Whole | None = None
    main_phone_number: Loose | None = None


class Profile(Wire):
    id: Loose | None = None
    name: str | None = None
    type: Words | None = None
    state_code: str | None = None
    url: str | None = None
    tags: tuple[str, ...] | str | None = None
    parent_id: Loose | None = None
    metadata: ProfileFields | None = None
    extra_data: ProfileFields | None = None


class ProfileAnswer(Wire):
    resolved_buyer_id: Loose | None = Field(default=None, alias="resolved_buyer_id")
    profile: Profile | None = None


class ChatAnswer(Wire):
    resolved_buyer_id: Loose | None = Field(default=None, alias="resolved_buyer_id")
    resolved_buyer_name: str | None = Field(default=None, alias="resolved_buyer_name")
    question: str | None = None
    ai_response: str | None = Field(default=None, alias="ai_response")
    chat_id: Loose | None = None
    message_id: Loose | None = None


class PageCounts(Wire):
    """What a page says about itself and the whole; `totalContacts` is the total of a page of contacts."""

    total_items: Whole | None = None
    total_contacts: Whole | None = None
    page_number: Whole | None = None
    page_size: Whole | None = None
    result_count: Whole | None = None
    resolved_buyer_id: Loose | None = Field(default=None, alias="resolved_buyer_id")


W = TypeVar("W", bound=Wire)


def read_records(kind: type[W], items: Sequence[object]) -> tuple[tuple[W, ...], tuple[str, ...]]:
    """Read a list of wire records; returns the good ones, in order, and what was set aside, each with its fault."""
    good: list[W] = []
    set_aside: list[str] = []
    for place, item in enumerate(items):
        try:
            good.append(kind.model_validate(item))
        except ValidationError as problem:
            faults = sorted({".".join(map(str, error["loc"])) or "record" for error in problem.errors()})
            name = item.get("id") or item.get("buyerId") or item.get("contactId") if isinstance(item, dict) else None
            label = f"{kind.__name__} {str(name)[:80]}" if name else f"{kind.__name__} number {place + 1}"
            set_aside.append(f"{label}: missing or unreadable: {', '.join(faults)}")
    return tuple(good), tuple(set_aside)
