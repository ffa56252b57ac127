"""What of a written section may stand: gate, judge, write again once, else take out. Pure; the calls are given.

The gate is code. The judge and the writing again are calls that never raise: what could not be judged counts as not
supported, what could not be written again is taken out.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from intent_assets.claims import Claim, Fault, Finding, Judgement, Section, SectionSentence
from intent_assets.prompts.rewriting import Objection
from intent_assets.records import Fact
from intent_assets.rendering.text import bind, in_words
from intent_assets.section_tasks import SectionTask
from intent_assets.slots import slots
from intent_assets.templates import in_place_of

Judge = Callable[[SectionSentence], Awaitable[Judgement]]
"""Says whether a sentence is borne out by the facts that it cites."""
Rewrite = Callable[[Sequence[Objection]], Awaitable[Mapping[int, str]]]
"""Returns new wordings by the place of the objection; those that are missing are left out."""


@dataclass(frozen=True)
class _Wording:
    """One wording of a sentence, and what was found: it stands if nothing was."""

    sentence: SectionSentence
    findings: tuple[Finding, ...] = ()
    judgement: Judgement | None = None

    @property
    def stands(self) -> bool:
        return not self.findings

    @property
    def unheard(self) -> bool:
        """Whether nothing speaks against it but the judge's silence."""
        return self.judgement is not None and self.judgement.verdict == "not_judged"


_Wordings = dict[int, _Wording]
"""Wordings by the place of their sentence."""


async def checked(section: Section, task: SectionTask, judge: Judge, rewrite: Rewrite) -> Section:
    """Return the section with the sentences that stand and all claims; sentences are judged side by side.

    A part of it that lost its last sentence has a template over the ledger instead, where there is one.
    """
    first, second = await _Check(section, task, judge, rewrite).wordings()
    standing: list[SectionSentence] = []
    claims: list[Claim] = []
    for place, wording in first.items():
        last = second.get(place, wording)
        stands = last.stands and last.sentence not in standing
        if stands:
            standing.append(last.sentence)
        claims.append(_claim(section, wording, second.get(place), task.facts, stands=stands))
    kept = in_place_of(section.name, section.sentences, standing, task.material)
    return section.model_copy(
        update={
            "sentences": tuple(kept),
            "claims": tuple(claims),
            "fell_back": any(sentence.author == "code" for sentence in kept),
        }
    )


@dataclass(frozen=True)
class _Check:
    section: Section
    task: SectionTask
    judge: Judge
    rewrite: Rewrite

    async def wordings(self) -> tuple[_Wordings, _Wordings]:
        """Return the first wordings of all sentences, and the second ones of those that were tried again.

        What the gate stops is written again while the rest is still being judged.
        """
        gated = {place: self._gated(sentence) for place, sentence in enumerate(self.section.sentences)}
        stopped = {place: wording for place, wording in gated.items() if not wording.stands}
        passed = {place: wording for place, wording in gated.items() if wording.stands}
        mended, (judged, heard_again) = await asyncio.gather(self._again(stopped), self._judged_and_again(passed))
        return dict(sorted((stopped | judged).items())), mended | heard_again

    async def _judged_and_again(self, passed: _Wordings) -> tuple[_Wordings, _Wordings]:
        judged = await self._judged(passed)
        return judged, await self._again({place: wording for place, wording in judged.items() if not wording.stands})

    async def _again(self, failed: _Wordings) -> _Wordings:
        """Return the second wordings; what was only not heard is tried again as it is, what was left out has none."""
        again = {place: wording.sentence for place, wording in failed.items() if wording.unheard}
        objected = [place for place in failed if place not in again]
        texts = await self.rewrite([_objection(failed[place]) for place in objected]) if objected else {}
        again |= {
            place: failed[place].sentence.model_copy(update={"text": texts[number]})
            for number, place in enumerate(objected)
            if number in texts
        }
        gated = {place: self._gated(sentence) for place, sentence in again.items()}
        return gated | await self._judged({place: wording for place, wording in gated.items() if wording.stands})

    def _gated(self, sentence: SectionSentence) -> _Wording:
        findings = self.task.gate(sentence)
        return _Wording(sentence, tuple(in_words(finding, self.task.facts) for finding in findings))

    async def _judged(self, wordings: _Wordings) -> _Wordings:
        judged = await asyncio.gather(*(self._heard(wording.sentence) for wording in wordings.values()))
        return dict(zip(wordings, judged, strict=True))

    async def _heard(self, sentence: SectionSentence) -> _Wording:
        judgement = await self.judge(sentence)
        if judgement.verdict == "supported":
            return _Wording(sentence, judgement=judgement)
        finding = in_words(_of_judge(sentence, self.task, judgement), self.task.facts)
        return _Wording(sentence, (finding,), judgement)


def _of_judge(sentence: SectionSentence, task: SectionTask, judgement: Judgement) -> Finding:
    said = {"contradicted": "the facts that it cites say otherwise", "not_in_evidence": "no fact that it cites says so"}
    reason = f"{said[judgement.verdict]}: {judgement.reason}" if judgement.verdict in said else judgement.reason
    fault: Fault = "not_judged" if judgement.verdict == "not_judged" else "not_supported"
    return Finding.of_all(sentence.text, fault, reason, section=task.name)


def _objection(wording: _Wording) -> Objection:
    reasons = [f"{finding.quote!r}: {finding.reason}" for finding in wording.findings]
    return Objection(wording.sentence.text, wording.sentence.buyer_id, reasons)


def _claim(
    section: Section, first: _Wording, second: _Wording | None, facts: Mapping[str, Fact], *, stands: bool
) -> Claim:
    last = second or first
    changed = last.sentence.text != first.sentence.text
    return Claim(
        section=section.name,
        buyer_id=last.sentence.buyer_id,
        template=last.sentence.text,
        shown=bind(last.sentence.text, facts, strict=False),
        first_template=first.sentence.text if changed else None,
        fact_ids=tuple(dict.fromkeys(slots(last.sentence.text))),
        outcome=("repaired" if changed else "supported") if stands else "removed",
        judgement=last.judgement,
        findings=tuple(dict.fromkeys(first.findings + (second.findings if second else ()))),
    )
