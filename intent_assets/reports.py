"""The report, layout-neutral, and the records of what becomes of it; frozen like all records.

Text that a reader will see is a template: evidence stands in it only as slots such as `{{E123456}}`,
which code replaces by the fact's display text (see `records.Fact.id`).
"""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from intent_assets.claims import Claim, Finding
from intent_assets.records import Contact, Fact, Record, Reply, SectionName, Usage


class Text(Record):
    """A piece of text with slots, and who wrote it. `buyer_id` limits whose facts may stand in it."""

    template: str
    author: Literal["code", "claude"] = "code"
    section: SectionName | None = None
    buyer_id: str | None = None


class Heading(Record):
    block: Literal["heading"] = "heading"
    level: Literal[1, 2, 3]
    text: Text


class Paragraph(Record):
    block: Literal["paragraph"] = "paragraph"
    sentences: tuple[Text, ...]


class Callout(Record):
    block: Literal["callout"] = "callout"
    icon: str
    tone: Literal["info", "good", "warning", "neutral"] = "info"
    lines: tuple[Text, ...]


class Table(Record):
    block: Literal["table"] = "table"
    header: tuple[str, ...]
    rows: tuple[tuple[Text, ...], ...]


class Items(Record):
    block: Literal["items"] = "items"
    ordered: bool = False
    items: tuple[Text, ...]


class Toggle(Record):
    block: Literal["toggle"] = "toggle"
    summary: Text
    items: tuple[Text, ...]


class Divider(Record):
    block: Literal["divider"] = "divider"


Block = Annotated[
    Heading | Paragraph | Callout | Table | Items | Toggle | Divider, Field(discriminator="block")
]  # fmt: skip


class SourceNote(Record):
    """A footnote: the source that the facts `fact_ids` come from; `looked_up` says that it has no date of its own."""

    number: int
    title: str
    url: str | None
    date: date | None
    looked_up: bool = False
    fact_ids: tuple[str, ...]


class Report(Record):
    """The assembled report: layout-neutral blocks over the facts that they use.

    `outcome` is `empty` when no buyer with a signal was found; then there are no blocks. It is `public_body` when the
    prospect is a buyer itself (`featured_buyer_name`): the report says so and selects nobody.
    `facts` are all facts whose ids stand in a slot; `ledger_size` counts those of the whole ledger. `claims` are all
    sentences that Claude wrote for it, also those that were taken out, with what the check found.
    """

    domain: str
    reply: Reply
    as_of: date
    outcome: Literal["report", "empty", "public_body"]
    title: str
    summary: str = Field(default="", description="one line, with slots, for the notice")
    featured_buyer_id: str | None = None
    featured_buyer_name: str | None = None
    decision_maker: Contact | None = None
    blocks: tuple[Block, ...] = ()
    facts: tuple[Fact, ...] = ()
    sources: tuple[SourceNote, ...] = ()
    signal_ids: tuple[str, ...] = ()
    new_signal_ids: tuple[str, ...] = Field(default=(), description="of `signal_ids`, those the last report had not")
    signals_scanned: int = 0
    buyers_scored: int = 0
    ledger_size: int = 0
    claims: tuple[Claim, ...] = ()
    usage: tuple[Usage, ...] = ()
    check_usage: tuple[Usage, ...] = Field(default=(), description="of `usage`, what judging and writing again took")
    check_seconds: float = Field(default=0.0, description="of the section whose check took longest; they run at once")


class Verdict(Record):
    """The verdict over a report. `text_hash` is of the text that was checked, and only that may go out.

    `claims` counts the sentences that Claude wrote (`Report.claims` tells of each), `supported` those that stand;
    `repaired` counts those of them that were written again after a finding, `removed` those that were taken out.
    `findings` are the reasons why a report is held.
    """

    outcome: Literal["passed", "held", "empty"]
    text_hash: str
    claims: int = 0
    supported: int = 0
    repaired: int = 0
    removed: int = 0
    findings: tuple[Finding, ...] = ()


class FactCheckedReport(Record):
    """The report after the gate; the only thing that can be published."""

    report: Report
    verdict: Verdict


class Release(Record):
    """A person's word that a held report goes out, for the text of `text_hash` and no other."""

    text_hash: str
    because: str = Field(min_length=1)
    by: str = Field(min_length=1)
    at: datetime

    def covers(self, checked: FactCheckedReport) -> bool:
        """Whether this is the word for this very report."""
        return checked.verdict.outcome == "held" and checked.verdict.text_hash == self.text_hash


class LastReport(Record):
    """What the last published report of a domain had: the signals of its buyers, and when it was published."""

    published_at: datetime
    signal_ids: tuple[str, ...] = ()


class NotionPage(Record):
    """The page of a domain. `text_hash` is of what stands there, None while nothing was ever published.

    `status` tells of the last materialization: `created`, `updated`, `not_published` (held or empty; a page of
    an earlier report stays as it is), or `kept` (the report of a later reply stands there, and stays). `reply_id` is
    the reply whose report stands on the page, `before` the report that stood there for an earlier reply.
    """

    status: Literal["created", "updated", "not_published", "kept"]
    reason: str | None = None
    page_id: str | None = None
    url: str | None = None
    text_hash: str | None = None
    reply_id: str | None = None
    first_report: bool = False
    signal_ids: tuple[str, ...] = ()
    new_signals: int = 0
    published_at: datetime | None = None
    before: LastReport | None = None
    release: Release | None = Field(default=None, description="set where a held report stands there on a person's word")


def last_report(page: NotionPage | None, reply: Reply) -> LastReport | None:
    """Return the report before the one that `reply` asks for, None if there is none.

    A report that is made again for the same reply is measured against the same one as at first.
    """
    if page is None or page.published_at is None:
        return None
    if page.reply_id == reply.reply_id:
        return page.before
    return LastReport(published_at=page.published_at, signal_ids=page.signal_ids)


class ReportNotice(Record):
    """The ending that Clay is told for a reply; `delivered` is False while it waits in the outbox."""

    notice_id: str
    event: Literal["report.ready", "report.updated", "report.held", "report.empty"]
    reply_id: str
    delivered: bool
    text: str


class StrategicContext(Record):
    """What the buyer chat said; a model's text, never a source of figures."""

    status: Literal["answered", "unavailable", "not_needed"]
    buyer_id: str | None = None
    buyer_name: str | None = None
    question: str | None = None
    answer: str | None = None
    error: str | None = None


class StrategicAddendum(Record):
    """What of the chat was added to the page: `sentences` as quoted, `left_out` those that state figures or names."""

    status: Literal["added", "nothing_to_add", "not_published"]
    page_id: str | None = None
    sentences: tuple[str, ...] = ()
    left_out: tuple[Finding, ...] = ()
