"""Frozen records in the order in which the data flows; what follows the evidence stands in `reports`.

The frames' columns stand in `tables`.
"""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


class Record(BaseModel):
    """Base of all records: frozen, strict about unknown fields, and without NaN, which JSON can't hold."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, defer_build=True)


Source = Literal["smartlead_webhook", "smartlead_poll", "clay", "manual"]
Tier = Literal[1, 2, 3]
Role = Literal["featured", "secondary"]
SelectedRole = Literal["featured", "secondary", "prospect"]
SectionName = Literal[
    "executive_summary", "featured_section", "secondary_cards", "profile_summary", "gameplan", "call_to_action"
]


class CampaignSignal(Record):
    """A signal that an earlier mail of the campaign told the prospect about."""

    position: int | None = None
    signal_id: str | None = None
    title: str | None = None


class Reply(Record):
    """The reply that asked for a report (contracts: replies, The record)."""

    reply_id: str
    domain: str
    company: str | None = None
    prospect_name: str | None = None
    prospect_email: str | None = None
    product_description: str | None = None
    campaign_id: str | None = None
    campaign_name: str | None = None
    sequence_number: int | None = None
    campaign_signals: tuple[CampaignSignal, ...] = ()
    tier: Tier = 2
    reply_text: str | None = None
    received_at: AwareDatetime
    source: Source


class Usage(Record):
    """What one model answer took; `cost_usd` in US dollars, `seconds` of wall time, all tries together."""

    model: str
    input_tokens: int = 0
    output_tokens: int = 0
    cache_creation_input_tokens: int = 0
    cache_read_input_tokens: int = 0
    cost_usd: float = 0.0
    seconds: float = 0.0
    tries: int = 1


class Dropped(Record):
    """A value that was left out, with the reason; nothing is dropped in silence."""

    field: str
    value: str
    reason: str


class SearchStrategy(Record):
    """What to search for, for one product. `states` holds two-letter codes, the rest the contract's words."""

    segments: tuple[str, ...] = ()
    ideal_buyer: str = ""
    primary_keywords: tuple[str, ...] = ()
    alternate_keywords: tuple[str, ...] = ()
    meeting_keywords: tuple[str, ...] = ()
    rfp_keywords: tuple[str, ...] = ()
    buyer_types: tuple[str, ...] = ()
    opportunity_types: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    prompt_version: str = ""
    usage: Usage | None = Field(default=None, description="None where the strategy of an earlier run is reused")
    product: str = Field(default="", description="digest of what it was written for; the same product, the same digest")
    written_at: AwareDatetime | None = None


class PublicBody(Record):
    """The public body to which a prospect's domain belongs, and how that is known."""

    buyer_id: str
    buyer_name: str
    buyer_type: str | None = None
    state: str | None = None
    website: str | None = None
    known_by: Literal["web site", "name", "documents"]


class ToldSignal(CampaignSignal):
    """A signal that the prospect was told about, with its buyer where that is known."""

    buyer_id: str | None = None
    buyer_name: str | None = None


class ProspectContext(Record):
    """What is known of the prospect before buyers are chosen for it.

    `public_body` is set where the domain is a buyer's own. `answered` is the signal of the mail that was replied to,
    `earlier` those of the mails before it, in their order. `problems` says what could not be looked up.
    """

    public_body: PublicBody | None = None
    answered: ToldSignal | None = None
    earlier: tuple[ToldSignal, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def seen(self) -> frozenset[str]:
        """Ids of the signals that the prospect has seen."""
        told = (self.answered, *self.earlier) if self.answered else self.earlier
        return frozenset(signal.signal_id for signal in told if signal.signal_id)


class Address(Record):
    street: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    phone: str | None = None


class Profile(Record):
    """A buyer's profile as it may be told: typed, and known to be this buyer's (`buyer_id`)."""

    buyer_id: str
    name: str
    buyer_type: str | None = None
    state: str | None = None
    url: str | None = None
    parent_name: str | None = None
    common_name: str | None = None
    address: Address = Address()
    enrollment: int | None = None
    population: int | None = None
    employees_fte: int | None = None
    budget_amount: float | None = None
    budget_year: int | None = None
    fiscal_year_start: str | None = Field(default=None, description="MM/DD")
    procurement_difficulty: float | None = Field(default=None, description="0 to 100, higher is harder")
    ai_adoption: float | None = None
    startup_friendliness: float | None = None
    propensity_to_spend: str | None = None
    propensity_to_spend_score: float | None = None
    schools: int | None = None
    lms: tuple[str, ...] = ()
    sis: str | None = None
    main_phone: str | None = None


class Contact(Record):
    """A person at a buyer, or a mailbox.

    `off_domain` says that the address is not on the buyer's own domain, `shared_mailbox` that several people read it.
    """

    contact_id: str
    buyer_id: str
    name: str
    title: str | None = None
    normalized_titles: tuple[str, ...] = ()
    email: str | None = None
    phone: str | None = None
    linkedin_url: str | None = None
    works_at_buyer: bool | None = None
    email_verified: bool | None = None
    email_last_checked: date | None = None
    source: str | None = None
    off_domain: bool = False
    shared_mailbox: bool = False


class BuyerIntel(Record):
    """Profile and contacts of one selected buyer; `problems` says what could not be fetched and why."""

    buyer_id: str
    buyer_name: str
    role: SelectedRole
    profile: Profile | None = None
    contacts: tuple[Contact, ...] = ()
    total_contacts: int = 0
    problems: tuple[str, ...] = ()


class SelectedBuyers(Record):
    """Intel of the featured and the secondary buyers, in rank order; empty without a featured buyer.

    `prospect` is set instead where the prospect is a public body itself: no buyer is selected for it.
    """

    buyers: tuple[BuyerIntel, ...] = ()
    prospect: BuyerIntel | None = None


FactRecord = Literal["opportunity", "profile", "contact", "reply", "run", "buyer"]
FactKind = Literal[
    "money", "date", "count", "percent", "score", "duration", "name", "title", "email", "phone", "url", "status",
    "quote", "text",
]  # fmt: skip
Trust = Literal["record", "model", "reply"]
MOST_CITED_BASES = 3


class Fact(Record):
    """One fact that may be told: a row of the ledger (asset `evidence`).

    `id` is `E` and six digits or more, the same for the same fact over runs. `display` is what a reader sees.
    `state` is the computed state of the record that the fact comes from (contracts: scoring), where it has one.
    `derived_from` holds the ids of the facts that a computed fact rests on.
    """

    id: str = Field(pattern=r"^E\d{6,}$")
    buyer_id: str | None
    buyer_name: str | None
    record: FactRecord
    record_id: str | None
    field: str
    kind: FactKind
    value: str | float | int | bool | None
    unit: str | None = None
    display: str = Field(min_length=1)
    state: str | None = None
    source_title: str | None = None
    source_url: str | None = None
    as_of: date
    trust: Trust = "record"
    derived_from: tuple[str, ...] = ()

    @property
    def cited_bases(self) -> tuple[str, ...]:
        """Those of `derived_from` whose sources a reader is shown beside the fact's own.

        Where there are many, the own source alone: twenty numbers behind a score help nobody.
        """
        few = len(self.derived_from) <= MOST_CITED_BASES or not self.source_title
        return self.derived_from if few else ()


class HistoryEntry(Record):
    """What one run added to the history (DuckDB)."""

    run_id: str
    discoveries: int
    first_seen: int = Field(description="signals that no earlier run of this domain had seen")
