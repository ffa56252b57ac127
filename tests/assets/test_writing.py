"""The sections: what was written and paid for is not written again when a failed run is resumed."""

from typing import get_args

import pytest

from intent_assets.records import SectionName
from intent_assets.sandbox.faults import Fault
from intent_assets.sandbox.server import Sandbox
from tests.running import intent, make_report

pytestmark = pytest.mark.usefixtures("environment")


def asked(sandbox: Sandbox) -> int:
    """How many sections Claude was asked to write; what judges its sentences is not counted."""
    return sum(call.service == "claude" and call.operation in get_args(SectionName) for call in sandbox.calls)


def resume(failed: dict[str, str]) -> str:
    status: str = intent(*failed["retry"].split()[1:], "--json").json["status"]
    return status


def test_only_the_section_that_failed_is_written_again(sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(service="claude", operation="*", kind="status", status=400, after=1, times=1))
    failed = make_report()
    assert failed["failed_step"] == "sections"

    before = asked(sandbox)
    assert resume(failed) == "published"
    assert asked(sandbox) == before + 1


def test_a_second_resume_keeps_what_both_tries_before_it_wrote(sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(service="claude", operation="*", kind="status", status=400, after=1, times=3))
    first = make_report()
    sandbox.faults.clear()
    sandbox.faults.add(Fault(service="claude", operation="*", kind="status", status=400, times=1))
    second = intent(*first["retry"].split()[1:], "--json").json
    assert second["failed_step"] == "sections"

    before = asked(sandbox)
    assert resume(second) == "published"
    assert asked(sandbox) == before + 1


def test_a_new_run_writes_all_sections_anew(sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(service="claude", operation="*", kind="status", status=400, after=1, times=1))
    assert make_report()["status"] == "failed"

    before = asked(sandbox)
    assert make_report()["status"] == "published"
    # The five sections of tier 2.
    assert asked(sandbox) == before + 5
