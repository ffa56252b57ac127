"""What of a written section stands: sentences are gated, judged, written again once, else taken out."""

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from intent_assets.claims import Judgement, Section, SectionSentence
from intent_assets.evidence import to_frame
from intent_assets.prompts.featured_section import WHY_NOW, WHY_THIS_BUYER
from intent_assets.prompts.gameplan import NOTES, PITCH_ANGLE, RELEVANCY
from intent_assets.prompts.rewriting import Objection
from intent_assets.records import SectionName
from intent_assets.section_checks import checked
from intent_assets.section_tasks import SectionTask, tasks
from tests.builders import FEATURED, a_ledger, a_reply, a_section, selected_buyers, slot_of

FACTS = a_ledger()
NAME = slot_of(FACTS, "name", None, FEATURED)
TITLE = slot_of(FACTS, "title", "s-rfp")
GOOD = f"{NAME} asks for bids on {TITLE}."
TYPED = f"Ask {NAME} about $4 million."
INVENTED = f"{NAME} would rather replace its platform."

YES = Judgement(verdict="supported", reason="the facts say so")
NO = Judgement(verdict="not_in_evidence", reason="no fact names a wish")
NOTHING = Judgement(verdict="not_judged", reason="it could not be judged: 529 overloaded")


class Model:
    """A judge and a rewriter that answer by the text, and remember what they were asked."""

    def __init__(self, verdicts: Mapping[str, Sequence[Judgement]], wordings: Mapping[str, str] | None = None) -> None:
        self._verdicts = {text: list(answers) for text, answers in verdicts.items()}
        self._wordings = wordings or {}
        self.judged: list[str] = []
        self.objections: list[Objection] = []

    async def judge(self, sentence: SectionSentence) -> Judgement:
        self.judged.append(sentence.text)
        answers = self._verdicts.get(sentence.text, [YES])
        return answers.pop(0) if len(answers) > 1 else answers[0]

    async def rewrite(self, objections: Sequence[Objection]) -> Mapping[int, str]:
        self.objections += objections
        return {
            place: self._wordings[each.text] for place, each in enumerate(objections) if each.text in self._wordings
        }


def task(name: SectionName) -> SectionTask:
    return tasks([name], a_reply(), to_frame(FACTS), selected_buyers())[0]


def check(section: Section, model: Model) -> Section:
    return asyncio.run(checked(section, task(section.name), model.judge, model.rewrite))


def texts(section: Section) -> list[str]:
    return [sentence.text for sentence in section.sentences]


def test_what_is_supported_stands_as_it_is() -> None:
    section = check(a_section("profile_summary", GOOD), model := Model({}))

    assert texts(section) == [GOOD]
    assert [(claim.outcome, claim.judgement) for claim in section.claims] == [("supported", YES)]
    assert section.claims[0].fact_ids == tuple(each.strip("{}") for each in (NAME, TITLE))
    assert model.objections == []


def test_a_typed_figure_is_not_judged_but_written_again() -> None:
    section = check(a_section("profile_summary", TYPED, GOOD), model := Model({}, {TYPED: f"Read {TITLE} first."}))

    assert texts(section) == [f"Read {TITLE} first.", GOOD]
    assert TYPED not in model.judged
    assert "$4 million" in model.objections[0].reasons[0]
    (claim, _) = section.claims
    assert (claim.outcome, claim.first_template, claim.template) == ("repaired", TYPED, f"Read {TITLE} first.")
    assert [finding.fault for finding in claim.findings] == ["typed_figure"]


@pytest.mark.parametrize(
    ("again", "faults"),
    [
        (None, ["not_supported"]),
        (TYPED, ["not_supported", "typed_figure"]),
        (INVENTED, ["not_supported"]),
    ],
    ids=["left out", "typed now", "as before"],
)
def test_what_fails_twice_is_taken_out(again: str | None, faults: list[str]) -> None:
    model = Model({INVENTED: [NO]}, {INVENTED: again} if again else {})

    section = check(a_section("profile_summary", INVENTED, GOOD), model)

    assert texts(section) == [GOOD]
    assert section.claims[0].outcome == "removed"
    assert [finding.fault for finding in section.claims[0].findings] == faults
    assert len(model.objections) == 1, "written again once"


def test_silence_is_no_support_and_is_tried_again_as_it_is() -> None:
    heard = check(a_section("profile_summary", GOOD), model := Model({GOOD: [NOTHING, YES]}))
    assert texts(heard) == [GOOD]
    assert (heard.claims[0].outcome, model.objections) == ("supported", [])

    silent = check(a_section("profile_summary", GOOD), Model({GOOD: [NOTHING]}))
    assert texts(silent) == []
    assert {finding.fault for finding in silent.claims[0].findings} == {"not_judged"}


def test_a_sentence_that_becomes_another_one_stands_once() -> None:
    section = check(a_section("profile_summary", GOOD, TYPED), Model({}, {TYPED: GOOD}))

    assert texts(section) == [GOOD]
    assert [claim.outcome for claim in section.claims] == ["supported", "removed"]


@pytest.mark.parametrize(
    ("name", "headings", "written_by_code"),
    [
        ("executive_summary", [None], True),
        ("featured_section", [WHY_THIS_BUYER], True),
        ("featured_section", [WHY_NOW], True),
        ("gameplan", [RELEVANCY, PITCH_ANGLE, "Prepare", "Follow up"], True),
        ("call_to_action", [None], True),
        ("profile_summary", [None], False),
        ("secondary_cards", [NAME], False),
    ],
)
def test_a_part_that_lost_its_last_sentence_has_lines_of_code_over_the_ledger(
    name: SectionName, headings: list[str | None], written_by_code: bool
) -> None:
    section = check(a_section(name, *((INVENTED, heading) for heading in headings)), Model({INVENTED: [NO]}))

    assert bool(section.sentences) is section.fell_back is written_by_code
    assert {sentence.author for sentence in section.sentences} <= {"code"}
    for sentence in section.sentences:
        assert task(name).gate(sentence) == (), sentence.text
    if name == "gameplan":
        assert {*NOTES} < {sentence.heading for sentence in section.sentences}


def test_a_part_that_keeps_a_sentence_has_no_template() -> None:
    written = a_section("featured_section", (GOOD, WHY_THIS_BUYER), (INVENTED, WHY_THIS_BUYER), (INVENTED, WHY_NOW))

    section = check(written, Model({INVENTED: [NO]}))

    assert [(each.heading, each.author) for each in section.sentences] == [
        (WHY_THIS_BUYER, "claude"),
        (WHY_NOW, "code"),
    ]
