"""Sections and what was found out about their sentences; frozen like all records."""

from typing import Literal, Self

from pydantic import Field

from intent_assets.records import Record, SectionName, Usage

Fault = Literal[
    "unknown_slot", "other_buyer", "slot_misplaced", "typed_figure", "typed_date", "typed_email", "typed_phone",
    "typed_url", "unknown_name", "state_word", "wrong_role", "contradiction", "altered_quote", "instruction", "markup",
    "altered_fact", "missing_core", "not_supported", "not_judged",
]  # fmt: skip
"""What can be wrong. `wrong_role`: a right fact told as another one; `contradiction`: a comparison, count or negation
that the ledger denies; `instruction`: words of a source that order something; `not_supported`, `not_judged`: the
judge's no, and its silence."""

CHECKS: dict[str, tuple[str, frozenset[Fault]]] = {
    "every_figure_is_bound": (
        "No figure, date, address or name stands in the report that is not a bound fact in its own role.",
        frozenset({
            "unknown_slot", "other_buyer", "slot_misplaced", "typed_figure", "typed_date", "typed_email", "typed_phone",
            "typed_url", "unknown_name", "wrong_role", "altered_quote", "altered_fact", "markup", "instruction",
        }),
    ),
    "every_claim_is_supported": (
        "Each sentence that Claude wrote was judged against the facts that it cites, and is supported by them.",
        frozenset({"not_supported", "not_judged", "contradiction", "missing_core"}),
    ),
    "contacts_are_real": (
        "Whoever is named, and every address, is a contact of the ledger, with title and address of the same person.",
        frozenset({"unknown_name", "typed_email", "typed_phone", "wrong_role", "altered_fact"}),
    ),
    "states_are_current": (
        "Open, closed, expiring and the like stand only where the computed state of the cited record says so.",
        frozenset({"state_word"}),
    ),
}  # fmt: skip
"""The asset checks of a report: name -> what it says, and the faults that break it."""


class Finding(Record):
    """One fault of one text: `quote` is `template[start:end]`, `reason` says what is wrong, for a person.

    `shown` is the quote as a reader would see it, with the facts in their slots.
    """

    section: str | None = None
    template: str
    quote: str
    start: int
    end: int
    fault: Fault
    reason: str
    shown: str = ""

    @classmethod
    def of_all(cls, template: str, fault: Fault, reason: str, section: str | None = None) -> Self:
        """A fault of a text as a whole."""
        whole = {"template": template, "quote": template, "start": 0, "end": len(template)}
        return cls.model_validate({**whole, "section": section, "fault": fault, "reason": reason})

    @property
    def seen(self) -> str:
        """What is quoted, as readable as it is known."""
        return self.shown or self.quote


class Judgement(Record):
    """What the judge says of one sentence, against the facts that it cites and nothing else.

    `not_judged` stands for an error, for silence and for a spent budget; it counts as not supported.
    """

    verdict: Literal["supported", "contradicted", "not_in_evidence", "not_judged"]
    reason: str


class Claim(Record):
    """One sentence that Claude wrote, and what became of it.

    `template` is the last wording, `shown` the same as a reader would see it, `first_template` the one before it was
    written again; `fact_ids` are those of the last wording. `findings` are all faults of both wordings.
    """

    section: SectionName
    buyer_id: str | None = None
    template: str
    shown: str = ""
    first_template: str | None = None
    fact_ids: tuple[str, ...] = ()
    outcome: Literal["supported", "repaired", "removed"]
    judgement: Judgement | None = None
    findings: tuple[Finding, ...] = ()


class SectionSentence(Record):
    """One sentence of a section; `heading` names its step or card, as data of ours or bound text.

    A sentence of `code` is a template over the ledger that stands where none of Claude's could stand.
    """

    text: str = Field(min_length=1)
    buyer_id: str | None = None
    heading: str | None = None
    author: Literal["claude", "code"] = "claude"


class Section(Record):
    """One section: the sentences that stand, and all `claims` that were made for it, also those taken out.

    `sentences` keep the order of the answer; `heading` groups them. A section that was not needed (no featured buyer,
    no secondary buyers) has no sentences and no usage. `usage` is of the writing, `check_usage` of judging and
    writing again, `check_seconds` how long the check took. `fell_back` says that code wrote in Claude's place.
    `made_from` is the hash of all that it was written and checked with.
    """

    name: SectionName
    sentences: tuple[SectionSentence, ...] = ()
    prompt_version: str
    usage: Usage | None = None
    shortened: tuple[str, ...] = Field(default=(), description="what was left out of the model's data, in words")
    claims: tuple[Claim, ...] = ()
    check_usage: tuple[Usage, ...] = ()
    check_seconds: float = 0.0
    fell_back: bool = False
    made_from: str = ""
