"""The outbox: a notice is stored first, then delivered in order, once for its id, whatever Clay does."""

import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from intent_assets.durable import private_folder
from intent_assets.errors import StorageError
from intent_assets.notices import ReplyAccepted, RunFailed, reply_accepted, run_failed
from intent_assets.outbox import Outbox
from intent_assets.resources.outbox import OutboxResource
from intent_assets.sandbox.faults import Fault
from intent_assets.sandbox.server import Sandbox
from intent_assets.settings import load_settings
from tests.outgoing import a_reply, outgoing_sandbox

# Dagster asks a resource that has no fields for pydantic's old `__fields__`.
pytestmark = pytest.mark.filterwarnings("ignore:The `__fields__` attribute is deprecated")


@pytest.fixture
def outside(clean_environment: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    with outgoing_sandbox(monkeypatch) as running:
        yield running


@pytest.fixture
def outbox(clean_environment: None) -> Outbox:
    return OutboxResource().open()


def accepted(number: int = 1) -> ReplyAccepted:
    return reply_accepted(a_reply(number))


def failed(run_id: str = "run-1") -> RunFailed:
    return run_failed(
        root_run_id=run_id, run_id=run_id, domain="vmock.example", reply=None, failed_step="report", error="gone",
        run_url=f"http://127.0.0.1:3000/runs/{run_id}",
    )  # fmt: skip


def got(outside: Sandbox) -> list[str]:
    return [notice["notice_id"] for notice in outside.service("clay").notices]


def test_a_notice_is_delivered_once_for_ever(outside: Sandbox, outbox: Outbox) -> None:
    assert outbox.send(accepted())
    assert outbox.send(accepted())
    assert not outbox.put(accepted())
    assert got(outside) == [accepted().notice_id]
    [stored] = outbox.notices()
    assert (stored.state, stored.tries, stored.problem) == ("delivered", 1, None)
    assert outbox.counts() == {"waiting": 0, "delivered": 1, "damaged": 0}


def test_what_clay_does_not_take_waits_and_is_delivered_later_in_order(outside: Sandbox, outbox: Outbox) -> None:
    outside.faults.add(Fault(service="clay", kind="status", status=500))
    assert not outbox.send(accepted(2))
    assert not outbox.send(accepted(1))
    assert [stored.notice_id for stored in outbox.notices()] == [accepted(2).notice_id, accepted(1).notice_id]
    assert outbox.notices()[0].problem is not None
    outside.faults.clear()
    assert outbox.send(accepted(3))
    assert got(outside) == [accepted(number).notice_id for number in (2, 1, 3)]
    assert outbox.drain() == (0, 0, None)


def test_the_first_that_fails_holds_up_those_behind_it(outside: Sandbox, outbox: Outbox) -> None:
    for number in range(4):
        outbox.put(accepted(number))
    outside.faults.add(Fault(service="clay", kind="status", status=500, after=2))
    done = outbox.drain()
    assert (done.delivered, done.waiting) == (2, 2)
    assert done.problem is not None
    assert "HTTP 500" in done.problem
    outside.faults.clear()
    assert outbox.drain() == (2, 0, None)
    assert got(outside) == [accepted(number).notice_id for number in range(4)]


def test_each_address_has_a_queue_of_its_own(outside: Sandbox, outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAY_FAILURE_WEBHOOK_URL", f"{outside.url('clay')}/failures")
    outside.faults.add(Fault(service="clay", operation="failures", kind="status", status=500))
    assert not outbox.send(failed())
    assert outbox.send(accepted())
    assert outbox.counts()["waiting"] == 1


def test_without_an_address_notices_are_kept(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not outbox.send(accepted())
    done = outbox.drain()
    assert (done.delivered, done.waiting) == (0, 1)
    assert "CLAY_WEBHOOK_URL" in str(done.problem)
    with outgoing_sandbox(monkeypatch) as outside:
        assert outbox.drain() == (1, 0, None)
        assert got(outside) == [accepted().notice_id]


def test_a_clay_that_is_down_takes_no_longer_than_the_patience(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAY_WEBHOOK_URL", "http://127.0.0.1:9/hook")
    assert not outbox.send(accepted(), patience=0.5)


def test_a_process_that_died_after_delivery_does_not_deliver_again(outside: Sandbox, outbox: Outbox) -> None:
    outbox.put(accepted())
    [waiting] = (outbox.folder / "waiting").iterdir()
    content = waiting.read_bytes()
    outbox.drain()
    waiting.write_bytes(content)
    assert outbox.drain() == (0, 0, None)
    assert len(got(outside)) == 1
    assert len(outbox.notices()) == 1


def test_damaged_files_are_moved_aside(outside: Sandbox, outbox: Outbox) -> None:
    outbox.put(accepted(1))
    waiting = outbox.folder / "waiting"
    (waiting / "00000000000000000001-n_x.json").write_text("{")
    (waiting / "note.txt").write_text("hello")
    assert outbox.send(accepted(2))
    assert outbox.counts() == {"waiting": 0, "delivered": 2, "damaged": 2}


def test_many_at_once_deliver_each_notice_once(outside: Sandbox, outbox: Outbox) -> None:
    def send(number: int) -> bool:
        return Outbox.of(load_settings()).send(accepted(number % 6))

    with ThreadPoolExecutor(6) as pool:
        assert all(pool.map(send, range(18)))
    assert sorted(got(outside)) == sorted(accepted(number).notice_id for number in range(6))


def test_everything_is_for_the_owner_only(outside: Sandbox, outbox: Outbox) -> None:
    outbox.send(accepted())
    for path in [outbox.folder, *outbox.folder.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_a_disk_that_fails_while_delivering_does_not_fail_who_stored_the_notice(
    outside: Sandbox, outbox: Outbox
) -> None:
    outbox.put(accepted(1))
    (outbox.folder / ".drain.lock").mkdir()
    with pytest.raises(StorageError, match="drain"):
        outbox.drain()
    assert not outbox.send(accepted(2))
    (outbox.folder / ".drain.lock").rmdir()
    assert outbox.drain() == (2, 0, None)


def test_folders_above_are_for_the_owner_as_well(tmp_path: Path) -> None:
    private_folder(tmp_path / "a" / "b" / "c")
    assert {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("a", "a/b", "a/b/c")} == {0o700}
