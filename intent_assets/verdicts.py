"""The verdict over an assembled report: the gate over every text, and that nothing unjudged is in it. Pure."""

from collections.abc import Iterator, Sequence

from intent_assets.claims import Claim, Finding
from intent_assets.grounding import check_report, texts_of
from intent_assets.prompts.gameplan import HEADINGS, OTHER_HEADING
from intent_assets.records import Fact, SectionName
from intent_assets.rendering.text import in_words
from intent_assets.reports import Heading, Report, Text, Verdict

_AROUND = " \n:"
_LABELS = {"", OTHER_HEADING, *HEADINGS.values()}
"""What code may put before the sentences of one text."""


def verdict_of(report: Report, ledger: Sequence[Fact], text_hash: str) -> Verdict:
    """Return the verdict over a report, for the text of `text_hash` only; held with the findings, empty or passed.

    What Claude wrote has to be a claim that was judged and stands. Where the report has lost its core, what was found
    against the sentences of the featured section is told with it.
    """
    gate = check_report(report, ledger, text_hash)
    findings = [*gate.findings, *_unjudged(report)]
    if any(finding.fault == "missing_core" for finding in findings):
        findings += _against_the_core(report.claims)
    facts = {fact.id: fact for fact in ledger}
    findings = [in_words(finding, facts) for finding in findings]
    kept = [claim for claim in report.claims if claim.outcome != "removed"]
    outcome = "held" if findings else gate.outcome
    return gate.model_copy(
        update={
            "outcome": outcome,
            "claims": len(report.claims),
            "supported": len(kept),
            "repaired": sum(claim.outcome == "repaired" for claim in kept),
            "removed": len(report.claims) - len(kept),
            "findings": tuple(findings),
        }
    )


def _unjudged(report: Report) -> Iterator[Finding]:
    """What stands in Claude's name and is no claim of this section and buyer that was judged and supported."""
    supported = {
        (claim.section, claim.buyer_id or report.featured_buyer_id, claim.template)
        for claim in report.claims
        if claim.outcome != "removed" and claim.judgement is not None and claim.judgement.verdict == "supported"
    }
    headings = {block.text for block in report.blocks if isinstance(block, Heading)}
    for text in texts_of(report):
        if text.author == "claude" and text not in headings and _rest(text, supported) not in _LABELS:
            reason = "nobody has judged this text against its facts"
            yield Finding.of_all(text.template, "not_judged", reason, section=text.section)


def _rest(text: Text, supported: set[tuple[SectionName, str | None, str]]) -> str:
    """Return what is left of a text without its supported sentences: nothing, or the label that code gave it."""
    own = {template for section, buyer, template in supported if (section, buyer) == (text.section, text.buyer_id)}
    rest = text.template
    for template in sorted(own, key=len, reverse=True):
        rest = rest.replace(template, "")
    return rest.strip(_AROUND)


def _against_the_core(claims: Sequence[Claim]) -> Iterator[Finding]:
    for claim in claims:
        if claim.section == "featured_section" and claim.outcome == "removed":
            yield from claim.findings
