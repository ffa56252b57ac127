"""The benchmark of the gate: clean reports are clean, mutations are what they are called, and all are counted."""

import random
from functools import cache
from itertools import islice

from benchmarks.grounding import of_case
from benchmarks.grounding_facts import Known, Sentence
from benchmarks.grounding_lies import BOUND_LIES, JUDGE_LIES
from benchmarks.grounding_mutation import Draw, Mutation
from benchmarks.grounding_mutations import mutations
from benchmarks.grounding_patterns import PATTERNS
from benchmarks.grounding_reports import CONDITIONS, clean_sentences, report_of
from benchmarks.grounding_tally import Tally
from benchmarks.grounding_world import PRODUCTS, cases
from intent_assets.slots import slots

REPORTS = 10


@cache
def some() -> tuple[tuple[Known, list[Sentence]], ...]:
    """Ten cases of one world, of five products, each with its sentences."""
    found = (Known.of(case) for product in PRODUCTS[:5] for case in islice(cases(1, product, 4), 2))
    return tuple((known, clean_sentences(known, random.Random("clean"))) for known in found)


@cache
def made() -> tuple[Mutation, ...]:
    """Two mutations of each kind of each of the cases."""
    return tuple(
        each
        for known, sentences in some()
        for each in mutations(Draw(sentences, known, random.Random("false")), of_each=2)
    )


def test_a_report_has_sentences_of_every_section_over_facts_of_its_ledger() -> None:
    assert len(some()) == REPORTS
    for known, sentences in some():
        assert {"executive_summary", "featured_section", "profile_summary", "gameplan", "call_to_action"} <= {
            sentence.section for sentence in sentences
        }
        report = report_of(known, sentences)
        assert report.outcome == "report"
        assert set(known.by_id) >= {each for sentence in sentences for each in slots(sentence.template)}


def test_most_patterns_are_used_and_their_conditions_exist() -> None:
    used = {sentence.pattern for _, sentences in some() for sentence in sentences}
    assert len(PATTERNS) >= 150
    assert len(used) >= 100
    assert {name for pattern in PATTERNS for name in pattern.when.split()} <= set(CONDITIONS)


def test_every_kind_makes_mutations_and_none_leaves_the_sentence_as_it_was() -> None:
    kinds = {mutation.kind for mutation in made()}
    assert set(BOUND_LIES) | set(JUDGE_LIES) <= kinds
    assert len(kinds) >= 50
    assert len(made()) > 60
    assert all(mutation.text.template != mutation.clean for mutation in made())


def test_the_same_dice_make_the_same_mutations() -> None:
    known, sentences = some()[0]
    first, again = (
        [each.text.template for each in mutations(Draw(sentences, known, random.Random("dice")))] for _ in range(2)
    )
    assert first == again


def test_a_case_is_counted_with_what_got_through() -> None:
    known, _ = some()[0]
    tally = of_case(known.case)
    assert tally.reports == 1
    made, caught = tally.slots.made, tally.slots.caught
    assert made.total() >= 40
    assert made.total() - caught.total() == len(tally.slots.misses)
    assert caught["bound", "slot that does not exist"] == made["bound", "slot that does not exist"] > 0
    assert tally.read == 1
    lies = [key for key in tally.unseen.tried if key[1] in BOUND_LIES]
    assert {key[0] for key in lies} == {"first", "second"}
    assert all(tally.unseen.objected[key] for key in lies if key[0] == "first")
    assert tally.rendered.made.total() > 0


def test_the_tables_have_a_row_for_each_kind_and_say_what_got_through() -> None:
    tally = Tally(reports=1, sentences=40)
    tally.slots.tell("prose", "date shifted", None)
    tally.slots.tell("prose", "date shifted", {"shown": "in | May"})
    (name, _, header, rows, note), _, unseen = tally.tables()
    assert name == "Grounding"
    assert {len(row) for row in rows} == {len(header)}
    assert rows[-1] == ["prose", "date shifted", "2", "1", "50.00 %", "`in / May`"]
    assert "1 clean reports with 40 sentences" in note
    assert {row[0] for row in unseen[3]} >= {"**first**", "**second**"}


def test_the_gate_objects_to_less_than_one_clean_sentence_in_two_hundred() -> None:
    tallies = [of_case(known.case, of_each=0, read=False) for known, _ in some()]
    alarms = [(row["shown"], row["findings"]) for tally in tallies for row in tally.alarms]
    sentences = sum(tally.sentences for tally in tallies)
    assert sentences > 300
    assert 200 * len(alarms) <= sentences, alarms
