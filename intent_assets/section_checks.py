"""What of a written section may stand: gate, judge, write again once, else take out. Pure; the calls are given.

The gate is code. The judge and the writing again are calls that never raise: what could not be judged counts as not
supported, what could not be written again is taken out.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from intent_assets.claims import Claim, Finding, Judgement, Section, SectionSentence
from intent_assets.prompts.rewriting import Objection
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


async def checked(section: Section, task: SectionTask, judge: Judge, rewrite: Rewrite) -> Section:
    """Return the section with the sentences that stand and all claims; sentences are judged side by side.

    A part of it that lost its last sentence has a template over the ledger instead, where there is one.
    """
    first = await _tried(section.sentences, task, judge)
    failed = [place for place, wording in enumerate(first) if not wording.stands]
    reworded = await _reworded([first[place] for place in failed], rewrite)
    new = await _tried([reworded[place] for place in sorted(reworded)], task, judge)
    second = dict(zip((failed[place] for place in sorted(reworded)), new, strict=True))
    standing: list[SectionSentence] = []
    claims: list[Claim] = []
    for place, wording in enumerate(first):
        last = second.get(place, wording)
        twice = any(last.sentence == each for each in standing)
        if last.stands and not twice:
            standing.append(last.sentence)
        claims.append(_claim(section, wording, second.get(place), stands=last.stands and not twice))
    kept = in_place_of(section.name, section.sentences, standing, task.material)
    return section.model_copy(
        update={
            "sentences": tuple(kept),
            "claims": tuple(claims),
            "fell_back": any(sentence.author == "code" for sentence in kept),
        }
    )


async def _tried(sentences: Sequence[SectionSentence], task: SectionTask, judge: Judge) -> list[_Wording]:
    return list(await asyncio.gather(*(_one(sentence, task, judge) for sentence in sentences)))


async def _one(sentence: SectionSentence, task: SectionTask, judge: Judge) -> _Wording:
    findings = task.gate(sentence)
    if findings:
        return _Wording(sentence, findings)
    judgement = await judge(sentence)
    if judgement.verdict == "supported":
        return _Wording(sentence, judgement=judgement)
    return _Wording(sentence, (_of_judge(sentence, task, judgement),), judgement)


def _of_judge(sentence: SectionSentence, task: SectionTask, judgement: Judgement) -> Finding:
    said = {"contradicted": "the facts that it cites say otherwise", "not_in_evidence": "no fact that it cites says so"}
    reason = f"{said[judgement.verdict]}: {judgement.reason}" if judgement.verdict in said else judgement.reason
    return Finding(
        section=task.name,
        template=sentence.text,
        quote=sentence.text,
        start=0,
        end=len(sentence.text),
        fault="not_judged" if judgement.verdict == "not_judged" else "not_supported",
        reason=reason,
    )


async def _reworded(failed: Sequence[_Wording], rewrite: Rewrite) -> dict[int, SectionSentence]:
    """Return the second wordings by their place in `failed`; what was only not heard is tried again as it is."""
    again = {place: wording.sentence for place, wording in enumerate(failed) if wording.unheard}
    objected = [place for place in range(len(failed)) if place not in again]
    if objected:
        texts = await rewrite([_objection(failed[place]) for place in objected])
        for number, place in enumerate(objected):
            if text := texts.get(number):
                again[place] = failed[place].sentence.model_copy(update={"text": text})
    return again


def _objection(wording: _Wording) -> Objection:
    reasons = [f"{finding.quote!r}: {finding.reason}" for finding in wording.findings]
    return Objection(wording.sentence.text, wording.sentence.buyer_id, reasons)


def _claim(section: Section, first: _Wording, second: _Wording | None, *, stands: bool) -> Claim:
    last = second or first
    changed = last.sentence.text != first.sentence.text
    return Claim(
        section=section.name,
        buyer_id=last.sentence.buyer_id,
        template=last.sentence.text,
        first_template=first.sentence.text if changed else None,
        fact_ids=tuple(dict.fromkeys(slots(last.sentence.text))),
        outcome=("repaired" if changed else "supported") if stands else "removed",
        judgement=last.judgement,
        findings=first.findings + (second.findings if second else ()),
    )
