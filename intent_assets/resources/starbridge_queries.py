"""What may be asked of Starbridge (contracts: starbridge, Tools): checked here, so that no refusal is paid for."""

from typing import Annotated, Any, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, ModelWrapValidatorHandler, ValidationError, model_validator

from intent_assets.errors import InvalidQuery
from intent_assets.wire import Json

OpportunityType = Literal["Meeting", "StrategicPlan", "RFP", "Purchase", "Contract"]
BuyerType = Literal[
    "StateAgency", "PoliceDepartment", "FireDepartment", "Library", "City", "County", "HigherEducation", "School",
    "SchoolDistrict", "SpecialDistrict", "State", "IndigenousGovernment", "Federal", "Other",
]  # fmt: skip
FromPeriod = Literal["LastThirtyDays", "LastThreeMonths", "LastSixMonths", "LastYear"]
UntilPeriod = Literal["Future"]
SortField = Literal["SearchRelevancy", "OpportunityFromDate", "OpportunityUntilDate", "OpportunityPurchaseAmount"]

OPPORTUNITY_TYPES: tuple[OpportunityType, ...] = get_args(OpportunityType)
BUYER_TYPES: tuple[BuyerType, ...] = get_args(BuyerType)

MAX_BUYER_IDS = 20
MAX_PAGE_SIZE = 100

StateCode = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
NonBlank = Annotated[str, Field(pattern=r"\S")]


class Query(BaseModel):
    """Base of the queries: frozen, no unknown field; what does not fit raises `InvalidQuery`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="wrap")
    @classmethod
    def _refuse(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return handler(value)
        except ValidationError as problem:
            faults = [
                f"{'.'.join(map(str, error['loc']))} = {str(error['input'])[:80]!r}: {error['msg']}"
                for error in problem.errors(include_url=False)
            ]
        raise InvalidQuery(f"{cls.__name__} can't be sent to Starbridge: " + "; ".join(faults))

    def input_vars(self, *, page_number: int | None = None) -> Json:
        """The `input_vars` of the call: what is set, with the page's number."""
        values = self.model_dump(mode="json", exclude_none=True)
        sent = {name: value for name, value in values.items() if value not in ([], "")}
        return sent | ({"page_number": page_number} if page_number is not None else {})


class OpportunityQuery(Query):
    """A search for procurement records. `types` is always sent: the service's own default is meetings alone."""

    search_query: str | None = Field(default=None, description="words; `OR` between phrases is understood")
    types: tuple[OpportunityType, ...] = Field(default=OPPORTUNITY_TYPES, min_length=1)
    buyer_types: tuple[BuyerType, ...] = ()
    states: tuple[StateCode, ...] = ()
    buyer_ids: tuple[NonBlank, ...] = Field(default=(), max_length=MAX_BUYER_IDS)
    content_search: Literal[0, 1] | None = None
    ai_pruned: Literal[0, 1] | None = None
    from_date_relative_period: FromPeriod | None = None
    until_date_relative_period: UntilPeriod | None = None
    sort_field: SortField | None = None
    sort_direction: Annotated[str, Field(pattern=r"^[A-Za-z]+$")] | None = None
    page_size: int = Field(default=40, ge=1, le=MAX_PAGE_SIZE)
    page_number: int = Field(default=1, ge=1)


class BuyerQuery(Query):
    """A search for buyers; `query` is contained in the buyer's name (domains and abbreviations find nothing)."""

    query: str | None = None
    buyer_types: tuple[BuyerType, ...] = ()
    states: tuple[StateCode, ...] = ()
    city: str | None = None
    county: str | None = None
    parent_name: str | None = None
    min_population: int | None = Field(default=None, ge=0)
    max_population: int | None = Field(default=None, ge=0)
    page_size: int = Field(default=25, ge=1, le=MAX_PAGE_SIZE)
    page_number: int = Field(default=1, ge=1)


class ContactQuery(Query):
    """One buyer's contacts."""

    buyer_id: NonBlank
    page_size: int = Field(default=MAX_PAGE_SIZE, ge=1, le=MAX_PAGE_SIZE)
    page_number: int = Field(default=1, ge=1)
