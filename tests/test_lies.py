"""Claude lies in each way that a report can be wrong: nothing of it leaves the house, and the verdict tells of it."""

from collections.abc import Iterator
from typing import get_args

import pytest

from intent_assets.claims import Claim, Fault
from intent_assets.prompts.sections import WRITERS
from intent_assets.records import SectionName
from intent_assets.sandbox.claude_lies import LIES, lies
from intent_assets.sandbox.server import Sandbox
from intent_assets.sandbox.world import World
from tests.whole_runs import ROOMY, Outcome, change_world, fields_of, run, sandboxed

JUDGED: set[Fault] = {"not_supported"}
CAUGHT_BY: dict[str, set[Fault]] = {
    "lie:figure": {"typed_figure"},
    "lie:figure_in_words": {"typed_figure"},
    "lie:date": {"typed_date"},
    "lie:name": {"unknown_name"},
    "lie:email": {"typed_email"},
    "lie:status": {"state_word"},
    "lie:unknown_slot": {"unknown_slot"},
    "lie:invention": JUDGED,
    "lie:other_buyer": {"other_buyer", "unknown_name"},
    "lie:other_number": {"wrong_role"},
    "lie:digits": {"typed_figure"},
    "lie:unit": {"slot_misplaced"},
    "lie:shifted_date": {"typed_date"},
    "lie:closed_as_open": {"state_word"},
    "lie:other_contact": {"other_buyer", "unknown_name", "typed_email"},
    "lie:other_title": {"wrong_role", "unknown_name"},
    "lie:count": {"typed_figure"},
    "lie:exchanged": {"wrong_role", "slot_misplaced"},
    "lie:parent": {"wrong_role", *JUDGED},
    "lie:award": {"wrong_role", "state_word"},
    "lie:comparative": {"contradiction"},
    "lie:negation": {"contradiction"},
    "lie:quote": {"altered_quote"},
    "lie:markup": {"markup"},
    "lie:instruction": {"instruction"},
}
"""How each way is caught: by the gate, or (`JUDGED`) by the judge alone."""

SECTIONS: tuple[SectionName, ...] = get_args(SectionName)
ONCE: tuple[SectionName, ...] = tuple(name for name in SECTIONS if name != "gameplan")


def give_everybody_a_parent(world: World) -> World:
    for buyer in world.buyers:
        fields_of(buyer.profile)["parentName"] = f"Board of Regents of {buyer.place}"
    return world


@pytest.fixture(scope="module")
def always(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcome]:
    """A run in which every lie is told in every section, and again where it is to be mended."""
    with sandboxed(tmp_path_factory.mktemp("always")) as sandbox:
        change_world(sandbox, give_everybody_a_parent)
        for kind in LIES:
            sandbox.service("claude").behave(kind)
        yield run(sandbox, "vmock.example", "--tier", "3")


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcome]:
    """A run in which every lie is told in one section at the first writing, and not again.

    The judge is silent twice, too: it is asked once more, and nothing is lost.
    """
    with sandboxed(tmp_path_factory.mktemp("once")) as sandbox:
        change_world(sandbox, give_everybody_a_parent)
        sandbox.service("claude").behave("judge:silent", times=2)
        for place, kind in enumerate(LIES):
            sandbox.service("claude").behave(kind, prompt=ONCE[place % len(ONCE)], times=1)
        yield run(sandbox)


@pytest.fixture
def roomy(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The usual environment, in which no budget ends before the judge has spoken."""
    for name, value in ROOMY.items():
        monkeypatch.setenv(name, value)


def told(outcome: Outcome, kind: str, section: SectionName) -> list[str]:
    """All wordings of a lie over the data of a section, about each of its buyers."""
    asked = outcome.requests(section)[0]
    buyers = [buyer.id for buyer in asked.buyers] if section == "secondary_cards" else [None]
    return list(dict.fromkeys(line for buyer in buyers for line in lies(kind, asked, buyer)))


def faults(claim: Claim, template: str) -> set[Fault]:
    return {finding.fault for finding in claim.findings if finding.template == template}


@pytest.mark.parametrize("kind", LIES)
def test_nothing_of_a_lie_leaves_the_house(always: Outcome, kind: str) -> None:
    for section in SECTIONS:
        for lie in told(always, kind, section):
            assert always.read(lie) not in always.outside
            assert lie not in always.checked.report.model_dump_json(include={"blocks", "summary", "title"})


@pytest.mark.parametrize("kind", LIES)
def test_the_verdict_tells_what_became_of_it(always: Outcome, kind: str) -> None:
    for section in SECTIONS:
        for lie in told(always, kind, section):
            claims = always.claims_of([lie], section)
            assert claims, f"{lie!r} was not told in {section}"
            assert {claim.outcome for claim in claims} == {"removed"}
            for claim in claims:
                assert faults(claim, lie) & CAUGHT_BY[kind], f"{lie!r} in {section}: {claim.findings}"


def test_the_report_is_published_with_what_was_true(always: Outcome) -> None:
    verdict = always.checked.verdict
    lied = {lie for section in SECTIONS for kind in LIES for lie in told(always, kind, section)}
    standing = [claim for claim in always.claims if claim.outcome != "removed"]

    assert always.answer["status"] == "published"
    assert {claim.section for claim in standing} == set(SECTIONS)
    assert {claim.outcome for claim in standing} == {"supported"}
    assert not lied & {claim.template for claim in standing}
    assert [claim.template for claim in standing if not always.shows(claim.template)] == []
    assert (verdict.claims, verdict.supported) == (len(always.claims), len(standing))
    assert (verdict.repaired, verdict.removed) == (0, len(always.claims) - len(standing))
    assert [notice["event"] for notice in always.notices] == ["reply.accepted", "report.ready"]


@pytest.mark.parametrize(("place", "kind"), list(enumerate(LIES)))
def test_a_lie_that_is_mended_stands_as_repaired(once: Outcome, place: int, kind: str) -> None:
    section = ONCE[place % len(ONCE)]
    for lie in told(once, kind, section):
        claims = once.claims_of([lie], section)
        assert claims
        for claim in claims:
            assert (claim.outcome, claim.first_template) == ("repaired", lie)
            assert faults(claim, lie) & CAUGHT_BY[kind]
            assert claim.judgement is not None
            assert claim.judgement.verdict == "supported"
            assert once.shows(claim.template)
        assert once.read(lie) not in once.outside


def test_what_was_repaired_is_counted(once: Outcome) -> None:
    repaired = [claim for claim in once.claims if claim.outcome == "repaired"]
    assert once.answer["status"] == "published"
    assert once.checked.verdict.repaired == len(repaired) >= len(LIES)
    assert once.checked.verdict.removed == 0


@pytest.mark.usefixtures("roomy")
@pytest.mark.parametrize("how", ["judge:silent", "judge:no"])
def test_without_a_judge_that_says_yes_nothing_of_claude_is_published(sandbox: Sandbox, how: str) -> None:
    sandbox.service("claude").behave(how)

    outcome = run(sandbox)

    expected = "not_in_evidence" if how == "judge:no" else "not_judged"
    assert (outcome.answer["status"], outcome.answer["exit_code"]) == ("held", 3)
    assert outcome.checked.verdict.outcome == "held"
    assert outcome.nodes == ()
    assert {claim.outcome for claim in outcome.claims} == {"removed"}
    assert {claim.judgement.verdict for claim in outcome.claims if claim.judgement} == {expected}
    assert [notice["event"] for notice in outcome.notices] == ["reply.accepted", "report.held"]
    assert '"author":"claude"' not in outcome.checked.report.model_dump_json(include={"blocks"})


def test_every_way_has_its_test() -> None:
    assert set(CAUGHT_BY) == set(LIES)
    assert set(WRITERS) == set(SECTIONS)
