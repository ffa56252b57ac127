"""The durable inbox: what is put in stays, once, in order, whatever else lies there or works there."""

import json
import multiprocessing
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from intent_assets.errors import InvalidDomain, StorageError
from intent_assets.intake.inbox import Inbox
from intent_assets.intake.refusals import summary_of
from intent_assets.records import Reply


def a_reply(number: int = 1, domain: str = "vmock.example") -> Reply:
    return Reply(
        reply_id=f"r_{number:020d}",
        domain=domain,
        prospect_email=f"ana@{domain}",
        reply_text="Send more, bitte schön.",
        received_at=datetime(2026, 11, 23, 9, number % 60, tzinfo=UTC),
        source="clay",
    )


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    return Inbox(tmp_path / "inbox")


def test_a_reply_waits_until_it_is_taken(inbox: Inbox) -> None:
    reply = a_reply()
    assert inbox.put(reply).new
    [entry] = inbox.pending(10)
    assert (entry.reply, entry.revision) == (reply, 1)
    assert inbox.taken(reply.reply_id)
    assert inbox.pending(10) == []
    assert inbox.get(reply.reply_id) == reply
    assert inbox.counts() == {"pending": 0, "taken": 1, "damaged": 0, "refused": 0}


def test_an_empty_inbox_needs_no_folder(inbox: Inbox) -> None:
    assert inbox.pending(10) == []
    assert inbox.latest("vmock.example") is None
    assert not inbox.taken("r_1")
    assert sum(inbox.counts().values()) == 0
    assert not inbox.folder.exists()
    with pytest.raises(StorageError, match="intent reply"):
        inbox.get("r_1")


@pytest.mark.parametrize("taken", [False, True])
def test_the_same_reply_again_changes_nothing(inbox: Inbox, taken: bool) -> None:
    reply = a_reply()
    inbox.put(reply)
    if taken:
        inbox.taken(reply.reply_id)
    before = _files(inbox)
    again = inbox.put(reply.model_copy(update={"received_at": datetime(2027, 1, 1, tzinfo=UTC)}))
    assert (again.reply_id, again.new) == (reply.reply_id, False)
    assert _files(inbox) == before


def test_order_of_arrival_and_going_on_behind_a_name(inbox: Inbox) -> None:
    for number in (5, 3, 9, 1):
        inbox.put(a_reply(number))
    assert [entry.reply.reply_id[-1] for entry in inbox.pending(10)] == ["5", "3", "9", "1"]
    first = inbox.pending(3)
    assert len(first) == 3
    assert [entry.reply.reply_id[-1] for entry in inbox.pending(3, after=first[-1].name)] == ["1"]


def test_garbage_is_moved_aside_and_blocks_nobody(inbox: Inbox) -> None:
    inbox.put(a_reply(1))
    pending = inbox.folder / "pending"
    good = next(pending.iterdir())
    (pending / "0000-note.txt").write_text("hello")
    (pending / "00000000000000000001-r_1.json").write_bytes(b"")
    (pending / "00000000000000000002-r_2.json").write_text('{"arrival": 2, "reply": ')
    (pending / "00000000000000000003-r_3.json").write_text(good.read_text())
    wrong = json.loads(good.read_text())
    wrong["reply"]["domain"] = "../../etc"
    (pending / f"00000000000000000004-{wrong['reply']['reply_id']}.json").write_text(json.dumps(wrong))
    (pending / ".unfinished.tmp").write_text("{")
    inbox.put(a_reply(2))
    assert [entry.reply.reply_id[-1] for entry in inbox.pending(2)] == ["1", "2"]
    assert inbox.counts()["damaged"] == 5
    reasons = {path.name: path.read_text() for path in (inbox.folder / "damaged").glob("*.reason.txt")}
    assert len(reasons) == 5
    assert "another id" in reasons["00000000000000000003-r_3.json.reason.txt"]
    assert all("ana@" not in reason for reason in reasons.values())


def test_names_from_another_time_do_not_break_the_order(inbox: Inbox) -> None:
    inbox.put(a_reply(1))
    pending = inbox.folder / "pending"
    future = a_reply(2)
    stored = {"arrival": 4 * 10**18, "reply": future.model_dump(mode="json")}
    (pending / f"{4 * 10**18:020d}-{future.reply_id}.json").write_text(json.dumps(stored))
    (pending / f"{'9' * 20}-r_x.json").write_text("garbage from the end of time")
    inbox.put(a_reply(3))
    assert [entry.reply.reply_id[-1] for entry in inbox.pending(9)] in (["1", "2", "3"], ["1", "3", "2"])
    inbox.put(a_reply(4))
    assert inbox.pending(9)[-1].reply.reply_id[-1] == "4"


def test_latest_reply_of_a_domain(inbox: Inbox) -> None:
    for number, domain in ((1, "vmock.example"), (2, "vmock.example"), (3, "other.example")):
        inbox.put(a_reply(number, domain))
    inbox.taken(a_reply(2).reply_id)
    latest = inbox.latest("vmock.example")
    assert latest is not None
    assert latest.reply_id == a_reply(2).reply_id
    assert inbox.latest("third.example") is None


def test_only_normalised_domains_come_in(inbox: Inbox) -> None:
    for domain in ("www.vmock.example", "VMock.example", "../vmock", "localhost"):
        with pytest.raises(InvalidDomain):
            inbox.put(a_reply(1, domain))
    assert inbox.pending(9) == []


@pytest.mark.parametrize("reply_id", ["../x", "", "a/b", "a b", "x" * 200])
def test_ids_that_are_no_file_names(inbox: Inbox, reply_id: str) -> None:
    with pytest.raises(StorageError):
        inbox.get(reply_id)
    with pytest.raises(StorageError):
        inbox.put(a_reply().model_copy(update={"reply_id": reply_id}))


def test_a_reply_that_a_command_serves_itself_never_waits(inbox: Inbox) -> None:
    assert inbox.put(a_reply(1), pending=False).new
    inbox.put(a_reply(2))
    assert not inbox.put(a_reply(2), pending=False).new
    assert inbox.pending(9) == []
    assert inbox.get(a_reply(2).reply_id) == a_reply(2)


def test_a_taken_reply_put_back_carries_a_new_revision(inbox: Inbox) -> None:
    inbox.put(a_reply())
    inbox.taken(a_reply().reply_id)
    assert inbox.again(a_reply().reply_id) == 2
    [entry] = inbox.pending(9)
    assert (entry.reply, entry.revision) == (a_reply(), 2)
    assert inbox.counts()["taken"] == 0
    with pytest.raises(StorageError):
        inbox.again("r_unknown")


def test_refusals_are_logged_without_the_person(inbox: Inbox) -> None:
    payload = {"prospect_email": "ana@gmail.com", "prospect_name": "Ana Diaz", "tier": 2}
    inbox.refused({"source": "clay", **summary_of(payload)}, "gmail.com gives mailboxes to anybody")
    inbox.refused({}, "another")
    [log] = (inbox.folder / "refused").iterdir()
    first = json.loads(log.read_text().splitlines()[0])
    assert first["reason"] == "gmail.com gives mailboxes to anybody"
    assert first["fields"] == ["prospect_email", "tier"]
    assert "Ana" not in log.read_text()
    assert "ana@" not in log.read_text()
    assert inbox.counts()["refused"] == 2


def test_everything_is_for_the_owner_only(inbox: Inbox) -> None:
    inbox.put(a_reply())
    inbox.refused({}, "no")
    for path in [inbox.folder, *inbox.folder.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_a_folder_that_can_not_be_written_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="file"):
        Inbox(tmp_path / "file" / "inbox").put(a_reply())


def test_threads_put_each_reply_once(inbox: Inbox) -> None:
    replies = [a_reply(number % 20) for number in range(100)]
    with ThreadPoolExecutor(10) as pool:
        puts = list(pool.map(inbox.put, replies))
    assert sum(put.new for put in puts) == 20
    assert len(inbox.pending(100)) == 20


def test_processes_put_and_take_at_once_and_lose_nothing(inbox: Inbox) -> None:
    spawn = multiprocessing.get_context("spawn")
    with spawn.Pool(3) as pool:
        results = [pool.apply_async(_work, (str(inbox.folder), offset)) for offset in (0, 10, 20)]
        new = sum(result.get(30) for result in results)
    assert new == 40
    counts = inbox.counts()
    assert counts["pending"] + counts["taken"] == 40
    assert {inbox.get(a_reply(number).reply_id).reply_id for number in range(40)} == {
        a_reply(number).reply_id for number in range(40)
    }


def _work(folder: str, offset: int) -> int:
    inbox = Inbox(Path(folder))
    new = 0
    for number in range(offset, offset + 20):
        new += inbox.put(a_reply(number)).new
        for entry in inbox.pending(3):
            inbox.taken(entry.reply.reply_id)
    return new


def _files(inbox: Inbox) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in inbox.folder.rglob("*.json")}
