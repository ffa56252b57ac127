"""Whole runs that several tests look at: what was asked of Claude, what came out, and all that left the house."""

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from intent_assets.claims import Claim
from intent_assets.records import SectionName
from intent_assets.reports import FactCheckedReport
from intent_assets.sandbox.claude_request import Fact, Request
from intent_assets.sandbox.server import Sandbox
from intent_assets.sandbox.world import World
from intent_assets.slots import SLOT
from tests.conftest import clean
from tests.running import intent, make_report

ROOMY = {"INTENT_CHECK_TOKENS": "5000000", "INTENT_CHECK_SECONDS": "900"}
"""Budgets that no number of lies uses up."""


@dataclass(frozen=True)
class Outcome:
    """One run as everybody outside sees it.

    `asked` are the requests to Claude; `nodes` the values of all that stands on Notion, page titles included.
    """

    answer: Mapping[str, Any]
    checked: FactCheckedReport
    asked: Sequence[Request]
    nodes: Sequence[Mapping[str, Any]]
    notices: Sequence[Mapping[str, Any]]

    @property
    def claims(self) -> Sequence[Claim]:
        return self.checked.report.claims

    @cached_property
    def outside(self) -> str:
        """All texts on Notion and in the notices, one a line."""
        return "\n".join((*map(plain_text, self.nodes), *_strings(self.notices)))

    @cached_property
    def page(self) -> str:
        """All texts on Notion, one block a line."""
        return "\n".join(map(plain_text, self.nodes))

    @cached_property
    def links(self) -> set[str]:
        """Every address that a click on the page or on a notice leads to."""
        runs = [run for node in self.nodes for run in rich_text(node)]
        linked = {(run["text"].get("link") or {}).get("url") for run in runs if "text" in run}
        return {url for url in linked if url}

    def read(self, template: str) -> str:
        """A text with slots as a reader would have it."""
        return SLOT.sub(lambda found: self._facts[found[1]].display if found[1] in self._facts else found[0], template)

    def shows(self, template: str) -> bool:
        """Whether the page has this sentence; behind a fact with a full stop of its own there is no second one."""
        return self.read(template).rstrip(".") in self.page

    def requests(self, prompt: str) -> list[Request]:
        """The requests that ask for one form of answer."""
        return [each for each in self.asked if each.prompt == prompt]

    def claims_of(self, texts: Sequence[str], section: SectionName | None = None) -> list[Claim]:
        """The claims one of whose wordings is one of `texts`."""
        found = [claim for claim in self.claims if {claim.template, claim.first_template} & set(texts)]
        return [claim for claim in found if section in {None, claim.section}]

    @cached_property
    def _facts(self) -> dict[str, Fact]:
        groups = [group for asked in self.asked for buyer in asked.buyers for group in buyer.groups]
        groups += [group for asked in self.asked for group in asked.run]
        return {fact.id: fact for group in groups for fact in group.facts}


@contextmanager
def sandboxed(folder: Path) -> Iterator[Sandbox]:
    """A running sandbox and an environment that knows only it, as the fixture `environment` makes it."""
    with pytest.MonkeyPatch.context() as patch, Sandbox(state_dir=folder / "sandbox") as sandbox:
        clean(patch, folder)
        for name, value in (sandbox.variables() | ROOMY).items():
            patch.setenv(name, value)
        yield sandbox


def run(sandbox: Sandbox, domain: str = "vmock.example", *more: str) -> Outcome:
    """Make a report and look at all that came of it."""
    answer = make_report(domain, *more)
    return looked_at(sandbox, domain, answer)


def looked_at(sandbox: Sandbox, domain: str, answer: Mapping[str, Any]) -> Outcome:
    """What came of a run that printed `answer`."""
    shown = intent("show", domain, "--json").json
    checked = FactCheckedReport.model_validate({name: shown[name] for name in ("report", "verdict")})
    store = sandbox.service("notion").store
    nodes: list[Mapping[str, Any]] = []
    waiting = list(store.pages())
    while waiting:
        node = waiting.pop(0)
        nodes.append(node.value)
        waiting[:0] = store.children(node.id)
    asked = tuple(map(Request.of, sandbox.service("claude").requests))
    return Outcome(answer, checked, asked, tuple(nodes), tuple(sandbox.service("clay").notices))


def plain_text(value: Mapping[str, Any]) -> str:
    """The words of a block or page title, table cells included."""
    return "".join(run.get("plain_text") or run["text"]["content"] for run in rich_text(value))


def rich_text(value: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The runs of rich text of a block or page title."""
    return [
        *(value.get("rich_text") or value.get("title") or []),
        *(r for cell in value.get("cells") or [] for r in cell),
    ]


def change_world(sandbox: Sandbox, change: Callable[[World], World]) -> None:
    """Let the sandbox answer from what `change` makes of a copy of its world from now on."""
    starbridge = sandbox.service("starbridge")
    starbridge.world = change(copy.deepcopy(starbridge.world))


def fields_of(profile: dict[str, Any]) -> dict[str, Any]:
    """Where a profile of the world keeps its figures."""
    fields: dict[str, Any] = profile.get("extraData") or profile["metadata"]
    return fields


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, Sequence):
        for inner in value:
            yield from _strings(inner)
