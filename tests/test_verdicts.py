"""The verdict over a report: nothing that nobody judged can pass, and a lost core is held with the reasons."""

import pytest

from intent_assets.claims import Claim, Finding, Judgement, Section
from intent_assets.rendering.markdown import text_hash
from intent_assets.reports import Verdict
from intent_assets.verdicts import verdict_of
from tests.assembled import a_report, some_sections
from tests.builders import FEATURED, a_ledger

NOT_HEARD = Judgement(verdict="not_judged", reason="it could not be judged: 529")


def judged_by(sections: tuple[Section, ...], name: str, **changes: object) -> tuple[Section, ...]:
    """The sections with changed claims in one of them."""
    return tuple(
        section
        if section.name != name
        else section.model_copy(update={"claims": tuple(claim.model_copy(update=changes) for claim in section.claims)})
        for section in sections
    )


def verdict(sections: tuple[Section, ...]) -> Verdict:
    report, facts = a_report(sections=sections)
    return verdict_of(report, facts, text_hash(report))


def test_a_report_whose_claims_are_all_supported_passes() -> None:
    passed = verdict(some_sections(a_ledger()))

    assert (passed.outcome, passed.findings) == ("passed", ())
    assert (passed.claims, passed.supported, passed.repaired, passed.removed) == (9, 9, 0, 0)


@pytest.mark.parametrize("name", [section.name for section in some_sections(a_ledger())])
@pytest.mark.parametrize(
    "changes",
    [{"template": "Something else."}, {"judgement": None}, {"judgement": NOT_HEARD}, {"outcome": "removed"},
     {"section": "strategy"}, {"buyer_id": "somebody else"}],
    ids=["another text", "no judgement", "not heard", "taken out", "another section", "another buyer"],
)  # fmt: skip
def test_a_sentence_that_nobody_judged_holds_the_report(name: str, changes: dict[str, object]) -> None:
    held = verdict(judged_by(some_sections(a_ledger()), name, **changes))

    assert held.outcome == "held"
    assert "not_judged" in {finding.fault for finding in held.findings if finding.section == name}


def test_a_lost_core_is_told_with_what_was_found_against_it() -> None:
    found = Finding(template="It has $4.", quote="$4", start=7, end=9, fault="typed_figure", reason="typed")
    removed = Claim(
        section="featured_section", buyer_id=FEATURED, template="It has $4.", outcome="removed", findings=(found,)
    )
    sections = tuple(
        section.model_copy(update={"sentences": (), "claims": (removed,)})
        if section.name == "featured_section"
        else section
        for section in some_sections(a_ledger())
    )

    held = verdict(sections)

    assert held.outcome == "held"
    assert [finding.fault for finding in held.findings] == ["missing_core", "typed_figure"]
    assert (held.claims, held.supported, held.removed) == (8, 7, 1)
