"""Every tunable and every variable of the environment, in one place, validated when a run starts.

Nothing is read at import: call `load_settings()` and `load_services()` where a run begins.
"""

import json
import os
from collections.abc import Hashable
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    AnyHttpUrl,
    BaseModel,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict, SettingsError

from intent_assets.errors import IntentError, MissingSettings
from intent_assets.masking import keep_out

Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=1)]
Seconds = Annotated[float, Field(gt=0)]


def _listed(value: object) -> object:
    """Read a list as people write it in a variable (`Interested, Meeting Request`), or as JSON."""
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("["):
        try:
            return json.loads(value)
        except json.JSONDecodeError as problem:
            raise ValueError(f"is no JSON list ({problem.msg})") from None
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _absolute(path: Path) -> Path:
    if not path.is_absolute():
        raise ValueError(f"{path} means another folder in each working directory; give it from / on")
    return path


class InvalidSettings(IntentError):
    """A setting has a value that can't be used; the message names the variable."""


class Weights(BaseModel, frozen=True, extra="forbid"):
    """Weights of the six factors of the buyer score; each at least 0, together 1 (contracts: scoring)."""

    type_match: Share = 0.25
    signal_count: Share = 0.20
    recency: Share = 0.20
    urgency: Share = 0.15
    dollar_value: Share = 0.10
    keyword_hits: Share = 0.10

    @model_validator(mode="after")
    def _sum_to_one(self) -> Self:
        total = sum(self.model_dump().values())
        if abs(total - 1) > 1e-9:
            raise ValueError(f"the six weights have to sum to 1, these sum to {total:g}")
        return self


class Models(BaseModel, frozen=True, extra="forbid"):
    """Which Claude model serves which piece of writing."""

    strategy: str = "claude-sonnet-5-5"
    executive_summary: str = "claude-sonnet-5-5"
    featured_section: str = "claude-sonnet-5-5"
    secondary_cards: str = "claude-sonnet-5-5"
    profile_summary: str = "claude-haiku-5-5"
    gameplan: str = "claude-sonnet-5-5"
    call_to_action: str = "claude-haiku-5-5"
    judge: str = "claude-haiku-5-5"


_FILTER_WORDS = frozenset(
    {"select", "order", "limit", "offset", "and", "or", "not", "columns", "on_conflict", "apikey"}
)


def _no_filter_word(name: str) -> str:
    if name.lower() in _FILTER_WORDS:
        raise ValueError(f"{name} is a word of Supabase's own queries, so it can't be filtered by")
    return name


def _table_or_none(value: object) -> object:
    return "" if isinstance(value, str) and value.strip().lower() == "off" else value


# Names stand in URLs: nothing but letters, digits and `_` (in a table's also `-`).
Column = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,62}$")]
FilterColumn = Annotated[Column, AfterValidator(_no_filter_word)]
Table = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_-]{0,62}$")]
OptionalTable = Annotated[
    str, Field(pattern=r"^([A-Za-z_][A-Za-z0-9_-]{0,62})?$"), BeforeValidator(_table_or_none)
]  # fmt: skip


class SignalColumns(BaseModel, frozen=True, extra="forbid"):
    """The columns of Supabase's table of signals; those from `title` on are used where a row has them."""

    id: Column = "id"
    domain: FilterColumn = "domain"
    signal_type: Column = "signal_type"
    summary: Column = "summary"
    source: Column = "source"
    date: Column = "date"
    relevance_score: Column = "relevance_score"
    title: Column = "title"
    buyer_id: Column = "buyer_id"
    buyer_name: Column = "buyer_name"
    buyer_type: Column = "buyer_type"
    buyer_state: Column = "buyer_state"
    buyer_website: Column = "buyer_website"
    status: Column = "status"
    due_date: Column = "due_date"
    until_date: Column = "until_date"
    amount: Column = "amount"


class AllocationColumns(BaseModel, frozen=True, extra="forbid"):
    """The columns of Supabase's table of what each prospect was sent."""

    signal_id: Column = "signal_id"
    prospect_email: FilterColumn = "prospect_email"
    campaign_id: Column = "campaign_id"
    sequence_position: Column = "sequence_position"
    sent: Column = "sent"


class SupabaseSettings(BaseModel, frozen=True, extra="forbid"):
    """Where Supabase keeps what, and how much of it is read (contracts: supabase)."""

    signals_table: Table = "signals"
    columns: SignalColumns = SignalColumns()
    allocations_table: OptionalTable = Field(default="signal_allocations", description="`off`: there is none")
    allocation_columns: AllocationColumns = AllocationColumns()
    page_size: Annotated[int, Field(ge=1, le=10_000)] = 1000
    most_rows: Count = Field(default=5000, description="rows of one question that are read, the latest first")
    timeout: Seconds = Field(default=20, description="one call, answer included; also all of the look at start-up")
    longest_answer: Count = Field(default=20_000_000, description="bytes of one page")


class DoorSettings(BaseModel, frozen=True, extra="forbid"):
    """The HTTP door (`intent serve`). Shares are of one client: an address, or the /64 network of an IPv6 one."""

    host: str = Field(default="127.0.0.1", description="address to listen on; without the secrets loopback only")
    port: Annotated[int, Field(ge=1, le=65535)] = 8080
    requests_a_minute: Count = Field(default=3000, description="share of those who may come in; bursts may use it up")
    refusals_a_minute: Count = Field(default=60, description="share of requests whose secret is wrong or missing")
    connections: Count = Field(default=512, description="open at once; then those that let the door wait are closed")
    header_seconds: Seconds = Field(default=10, description="until a request's headers have to be there")
    body_seconds: Seconds = Field(default=15, description="until a request's body has to be there")
    keep_alive_seconds: Count = Field(default=15, description="until an idle connection is closed")
    batch_items: Count = Field(default=1000, description="replies of one batch")
    trusted_proxies: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)] = Field(
        default=(), description="addresses or networks whose X-Forwarded-For is believed"
    )


class Settings(BaseSettings):
    """The tunables. A variable is `INTENT_` and the name, parts of a group after `__`: `INTENT_WEIGHTS__RECENCY`."""

    model_config = SettingsConfigDict(
        env_prefix="INTENT_",
        env_nested_delimiter="__",
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
    )

    home: Path = Field(default=Path(".intent"), description="where all state lives")
    weights: Weights = Weights()
    recency_days: Count = Field(default=365, description="age at which a signal is worth nothing for recency")
    open_without_due_days: Count = Field(default=180, description="how long an RFP without a due date counts as open")
    expiring_days: Count = Field(default=365, description="how long before its end a contract or plan is expiring")
    secondary_buyers: Annotated[int, Field(ge=0, le=20)] = 4
    strategy_fresh_days: Annotated[float, Field(ge=0)] = Field(
        default=7, description="how long the strategy for the same product is reused; 0 asks anew for every run"
    )
    diversify: bool = Field(default=True, description="whether a new strategy avoids what earlier runs searched for")
    diversify_runs: Count = Field(default=3, description="how many earlier runs of the domain that looks back at")
    models: Models = Models()
    supabase: SupabaseSettings = SupabaseSettings()
    max_output_tokens: Count = 8000
    max_data_tokens: Annotated[int, Field(ge=1000)] = Field(
        default=9000, description="data of one prompt, estimated at four characters a token; whole records are left out"
    )
    check_seconds: Seconds = Field(
        default=60, description="judging and writing again of one section; what was not judged by then does not stand"
    )
    check_tokens: Annotated[int, Field(ge=0)] = Field(
        default=150_000, description="input of judging and writing again of one report, estimated as above"
    )
    judges_at_once: Count = Field(default=16, description="calls of the check that are made at the same time")
    search_page_size: Annotated[int, Field(ge=1, le=100)] = 100
    search_pages: Count = Field(default=2, description="pages of each search that are read at the most")
    contact_pages: Count = Field(default=40, description="pages of contacts of one buyer that are read at the most")
    contacts_shown: Count = 5
    signals_shown: Count = 8
    starbridge_calls_at_once: Count = Field(
        default=10, description="Starbridge calls in flight with one key, over all processes of the machine"
    )
    notion_calls_per_second: Count = Field(
        default=3, description="Notion calls that begin in any second with one token, over all processes of the machine"
    )
    limits_folder: Annotated[Path, AfterValidator(_absolute)] = Field(
        default=Path("/tmp"),  # noqa: S108 -- what lies in it is for the user only, and checked (limits_folder.py)
        description="where processes meet to share these two limits: the same folder for all of them",
    )
    connect_timeout: Seconds = 10
    starbridge_timeout: Seconds = Field(default=90, description="one call, answer included")
    claude_timeout: Seconds = 180
    notion_timeout: Seconds = 60
    clay_timeout: Seconds = 15
    chat_poll_every: Seconds = Field(default=2, description="pause between two polls of the buyer chat")
    chat_timeout: Seconds = Field(default=240, description="the buyer chat, polls included")
    tries: Count = Field(default=4, description="tries of a call that another try can help")
    retry_pause: Annotated[float, Field(ge=0)] = Field(default=1.0, description="first pause, doubled each time")
    retry_seconds: Seconds = Field(default=300, description="no further try of a call begins later after its first one")
    retry_pause_max: Annotated[float, Field(ge=0)] = Field(default=60.0, description="longest pause that is waited")
    step_tries: Count = Field(default=3, description="tries of a step whose calls failed by what another try can help")
    step_pause: Annotated[float, Field(ge=0)] = Field(
        default=30, description="seconds before the second try of a step, doubled for the third; the run waits for it"
    )
    domain_wait: Seconds = Field(default=900, description="how long a run waits for another one of its domain to end")
    keep_days: Count = Field(
        default=365, description="how long old runs, logs, notices, replies and values of domains not seen are kept"
    )
    replies_per_tick: Annotated[int, Field(ge=1, le=1000)] = 200
    sensor_wait: Annotated[float, Field(ge=0, le=40)] = Field(
        default=20, description="seconds that a tick of the reply sensor watches an empty inbox; a tick may take 60"
    )
    smartlead_poll_every: Seconds = Field(default=60, description="pause between two polls of Smartlead's inbox")
    positive_categories: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)] = Field(
        default=("Interested", "Meeting Request", "Information Request"), validation_alias="POSITIVE_CATEGORIES"
    )
    accept_uncategorised: bool = Field(default=True, validation_alias="ACCEPT_UNCATEGORISED")
    door: DoorSettings = DoorSettings()
    sandbox_port_base: Annotated[int, Field(ge=1024, le=65000)] = Field(
        default=4350, description="first port of the local stand-ins"
    )
    brand_name: str = "Starbridge Intent Reports"
    dagster_url: AnyHttpUrl = Field(default=AnyHttpUrl("http://127.0.0.1:3000"), description="of the Dagster UI")

    @property
    def values(self) -> Path:
        """Folder of the assets' values."""
        return self.home / "values"

    @property
    def history(self) -> Path:
        """File of the history (DuckDB)."""
        return self.home / "history.duckdb"

    @property
    def inbox(self) -> Path:
        """Folder of the durable inbox of replies."""
        return self.home / "inbox"

    @property
    def outbox(self) -> Path:
        """Folder of the notices that Clay is to get."""
        return self.home / "outbox"

    @property
    def runs_url(self) -> str:
        """Where the Dagster UI lists runs; a run's own page is at its id below."""
        return f"{str(self.dagster_url).rstrip('/')}/runs"

    @property
    def chat_wait(self) -> timedelta:
        """How long the buyer chat is waited for."""
        return timedelta(seconds=self.chat_timeout)


class Services(BaseSettings):
    """Addresses and keys of the outside services, by the names of the environment. Keys never show in `repr`."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True)

    starbridge_url: AnyHttpUrl = AnyHttpUrl("https://api.datagen.dev")
    datagen_api_key: SecretStr | None = None
    anthropic_base_url: AnyHttpUrl = AnyHttpUrl("https://api.anthropic.com")
    anthropic_api_key: SecretStr | None = None
    notion_base_url: AnyHttpUrl = AnyHttpUrl("https://api.notion.com")
    notion_token: SecretStr | None = None
    notion_parent_id: str | None = None
    clay_webhook_url: SecretStr | None = None
    clay_webhook_auth: SecretStr | None = None
    clay_failure_webhook_url: SecretStr | None = None
    smartlead_url: AnyHttpUrl = AnyHttpUrl("https://server.smartlead.ai")
    smartlead_api_key: SecretStr | None = None
    smartlead_secret: SecretStr | None = None
    supabase_url: AnyHttpUrl | None = None
    supabase_key: SecretStr | None = None
    intake_token: SecretStr | None = None

    def secrets(self) -> list[str]:
        """Return the keys themselves, to keep them out of messages."""
        values = (getattr(self, name) for name in type(self).model_fields)
        return [value.get_secret_value() for value in values if isinstance(value, SecretStr)]

    def require(self, *names: str) -> Self:
        """Return self if each of the variables `names` (upper case) is set, else raise `MissingSettings`."""
        missing = tuple(name for name in names if not getattr(self, name.lower()))
        if missing:
            raise MissingSettings(missing)
        return self


REQUIRED = ("DATAGEN_API_KEY", "ANTHROPIC_API_KEY", "NOTION_TOKEN", "NOTION_PARENT_ID", "CLAY_WEBHOOK_URL")
"""Variables without which no report can be made, published and told."""


_UNPREFIXED = ("POSITIVE_CATEGORIES", "ACCEPT_UNCATEGORISED")


def _explain(problem: ValidationError, prefix: str) -> InvalidSettings:
    lines = []
    for error in problem.errors(include_input=False, include_url=False, include_context=False):
        path = "__".join(str(part) for part in error["loc"]).upper()
        known = path.startswith((prefix, *_UNPREFIXED))
        lines.append(f"{path if known else prefix + path}: {error['msg']}")
    return InvalidSettings("settings can't be used: " + "; ".join(lines))


def load_settings() -> Settings:
    """Read the tunables from the environment and `.env`; raise `InvalidSettings` that names the variable."""
    return _settings(_environment())


def load_services() -> Services:
    """Read the services' addresses and keys; raise `InvalidSettings` without showing a value."""
    return _services(_environment())


def _environment() -> Hashable:
    """Return what the settings depend on: they are read anew when any of it has changed."""
    file = Path(".env").absolute()
    try:
        stat = file.stat()
        written = (stat.st_ino, stat.st_size, stat.st_mtime_ns)
    except OSError:
        written = None
    return frozenset(os.environ.items()), file, written


@lru_cache(maxsize=4)
def _settings(_environment: Hashable) -> Settings:
    try:
        return Settings()
    except ValidationError as problem:
        raise _explain(problem, "INTENT_") from None
    except SettingsError as problem:  # a group of settings that is not JSON
        group = str(problem).partition('"')[2].partition('"')[0].upper()
        raise InvalidSettings(
            f"settings can't be used: INTENT_{group}: is no JSON object; set one member by INTENT_{group}__NAME"
        ) from None


@lru_cache(maxsize=4)
def _services(_environment: Hashable) -> Services:
    try:
        services = Services()
    except ValidationError as problem:
        raise _explain(problem, "") from None
    keep_out(services.secrets())
    return services
