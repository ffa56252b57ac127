"""The stand-in as the one who writes again: honest sentences about the same buyer that nobody has written yet."""

import re

import pytest

from intent_assets.prompts import rewriting
from intent_assets.prompts.rewriting import Objection
from intent_assets.prompts.sections import WRITERS
from intent_assets.records import SectionName
from intent_assets.sandbox.server import Sandbox
from intent_assets.slots import SLOT, slots
from tests.prompts.samples import material
from tests.sandbox.claude_requests import ask, judge, rewrite, written


@pytest.mark.parametrize("name", WRITERS)
def test_each_sentence_is_written_again_honestly(claude: Sandbox, name: SectionName) -> None:
    first = written(claude, name)
    again = rewrite(claude, name, [Objection(line.text, line.buyer_id, ["wrong"]) for line in first])
    facts = {fact.id: fact for fact in material().facts}
    assert set(again) == set(range(len(first)))
    assert not set(again.values()) & {line.text for line in first}
    for place, text in again.items():
        assert all(facts[each].buyer_id in {None, first[place].buyer_id} for each in slots(text))
        assert not re.search(r"\d|[{}<>*]", SLOT.sub("", text)), text
        assert judge(claude, text).verdict == "supported"


def test_no_two_are_the_same(claude: Sandbox) -> None:
    again = rewrite(claude, "featured_section", [Objection(f"Wrong {word}.", "b1", []) for word in "abcdefgh"])
    assert len(set(again.values())) == 8


def test_what_can_not_be_written_again_is_left_out(claude: Sandbox) -> None:
    again = rewrite(claude, "call_to_action", [Objection(f"Wrong, number {word}.", "b1", []) for word in range(90)])
    assert 0 < len(again) < 90
    assert sorted(again) == list(range(len(again)))


@pytest.mark.parametrize("data", ["{}", "[]", '{"to_write_again": 5}', '{"to_write_again": [1, {"number": "x"}]}'])
def test_without_sentences_nothing_is_written(claude: Sandbox, data: str) -> None:
    assert ask(claude, rewriting.PROMPT, f"<data>\n{data}\n</data>").sentences == []


def test_two_requests_about_one_section_get_other_words(claude: Sandbox) -> None:
    by_gate = rewrite(claude, "call_to_action", [Objection("It has 4 schools.", "b1", ["'4': a typed figure"])])
    by_judge = rewrite(claude, "call_to_action", [Objection("It wants more.", "b1", ["'It wants more.': no fact"])])
    assert set(by_gate.values()).isdisjoint(by_judge.values())
