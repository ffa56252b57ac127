"""The calls of the section check: a judge for each sentence, a rewriter, and the budget that bounds both."""

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from typing import Any

from intent_assets.claims import Judgement, Section, SectionSentence
from intent_assets.errors import ClaudeError
from intent_assets.prompts import judging, rewriting
from intent_assets.prompts.base import CHARACTERS_PER_TOKEN, DataBlock, Prompt
from intent_assets.records import Usage
from intent_assets.resources.claude import Answer, ClaudeClient
from intent_assets.section_checks import checked
from intent_assets.section_tasks import SectionTask
from intent_assets.settings import Settings

logger = logging.getLogger(__name__)


class Checks:
    """The check of the sections of one run: they share the tokens and the calls at once.

    A call that the budget does not allow is not made: its sentence counts as not judged, and does not stand.
    """

    def __init__(self, client: ClaudeClient, settings: Settings) -> None:
        self._client = client
        self.settings = settings
        self._tokens_left = settings.check_tokens
        self._at_once = asyncio.Semaphore(settings.judges_at_once)

    async def of(self, section: Section, task: SectionTask) -> Section:
        """Return the section with what of it stands, and what the check took."""
        one = _SectionCalls(self, task, time.monotonic() + self.settings.check_seconds)
        started = time.monotonic()
        kept = await checked(section, task, one.judge, one.rewrite)
        took = round(time.monotonic() - started, 3)
        return kept.model_copy(update={"check_usage": _by_model(one.usages), "check_seconds": took})

    async def ask(self, prompt: Prompt[Any], data: DataBlock, model: str, deadline: float) -> Answer[Any]:
        """Ask within the budget; raises `TimeoutError`, `ClaudeError`, or `BudgetSpent`."""
        estimated = _tokens(prompt, data, self.settings)
        if estimated > self._tokens_left:
            raise BudgetSpent(f"the {self.settings.check_tokens} input tokens for checking (INTENT_CHECK_TOKENS)")
        self._tokens_left -= estimated
        async with asyncio.timeout(max(deadline - time.monotonic(), 0)), self._at_once:
            return await self._client.ask(prompt, data, model=model)


class BudgetSpent(Exception):
    """There is nothing left for another call; the message names what."""


class _SectionCalls:
    """Judge and rewriter of one section. Neither raises for a call that failed."""

    def __init__(self, checks: Checks, task: SectionTask, deadline: float) -> None:
        self._checks = checks
        self._task = task
        self._deadline = deadline
        self.usages: list[Usage] = []

    async def judge(self, sentence: SectionSentence) -> Judgement:
        """Return the verdict over one sentence; an error, silence and a spent budget are `not_judged`."""
        data = judging.data(sentence, self._task.facts, self._task.material.reply.product_description)
        answer = await self._ask(judging.PROMPT, data, self._checks.settings.models.judge)
        if isinstance(answer, str):
            return Judgement(verdict="not_judged", reason=f"it could not be judged: {answer}")
        return Judgement(verdict=answer.value.verdict, reason=answer.value.reason)

    async def rewrite(self, objections: Sequence[rewriting.Objection]) -> Mapping[int, str]:
        """Return new wordings by place; none where the call failed."""
        model = getattr(self._checks.settings.models, self._task.name)
        answer = await self._ask(rewriting.PROMPT, rewriting.data(self._task.data, objections), model)
        if isinstance(answer, str):
            return {}
        return rewriting.texts(answer.value, len(objections))

    async def _ask(self, prompt: Prompt[Any], data: DataBlock, model: str) -> Answer[Any] | str:
        """Return the answer, or why there is none."""
        try:
            answer = await self._checks.ask(prompt, data, model, self._deadline)
        except BudgetSpent as spent:
            why = f"there is no room left in {spent}"
        except TimeoutError:
            why = f"no answer within {self._checks.settings.check_seconds:g} s (INTENT_CHECK_SECONDS)"
        except ClaudeError as problem:
            why = str(problem)
        else:
            self.usages.append(answer.usage)
            return answer
        logger.warning("%s: %s: %s", self._task.name, prompt.name, why)
        return why


def _tokens(prompt: Prompt[Any], data: DataBlock, settings: Settings) -> int:
    rendered = data.render(settings.max_data_tokens).text
    return -(-(len(prompt.instructions) + len(rendered)) // CHARACTERS_PER_TOKEN)


def _by_model(usages: Sequence[Usage]) -> tuple[Usage, ...]:
    """Return one usage a model, added up."""
    models = dict.fromkeys(usage.model for usage in usages)
    return tuple(_sum([usage for usage in usages if usage.model == model]) for model in models)


def _sum(usages: Sequence[Usage]) -> Usage:
    numbers = [name for name in Usage.model_fields if name != "model"]
    added = {name: sum(getattr(usage, name) for usage in usages) for name in numbers}
    return Usage(model=usages[0].model, **added)
