"""`intent backup` while everything runs, and `intent restore`: nothing accepted is missing, and every run ends."""

import io
import os
import subprocess
import sys
import tarfile
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from intent_assets.intake.inbox import Inbox
from intent_assets.notices import reply_accepted
from intent_assets.outbox import Outbox
from intent_assets.resources.warehouse import Warehouse
from intent_assets.resources.warehouse_rows import RunRow
from intent_assets.sandbox.server import Sandbox
from intent_assets.settings import load_settings
from tests.outgoing import a_reply
from tests.running import Ran, intent
from tests.test_killed_runs import DOMAIN, a_report_that_hangs, notices

FILE = "elsewhere/intent.tar.gz"

KILLED_AT_A_RENAME = """
import os, sys
left = int(sys.argv.pop(1))
def count(event, arguments):
    global left
    if event == "os.rename":
        left -= 1
        if left < 0:
            os._exit(137)
sys.addaudithook(count)
from intent_assets.cli import main
main()
"""


@pytest.fixture(autouse=True)
def elsewhere(clean_environment: None) -> None:
    Path("elsewhere").mkdir()


@pytest.fixture
def state(dagster_home: Path) -> Inbox:
    """A home with a bit of everything."""
    settings = load_settings()
    inbox, outbox = Inbox(settings.inbox), Outbox.of(settings)
    for number in range(4):
        inbox.put(a_reply(number))
        outbox.put(reply_accepted(a_reply(number)))
    inbox.taken(a_reply(0).reply_id)
    Warehouse().record_run([RunRow(run_id="r1", domain=DOMAIN, status="success")], [])
    intent("domains", "--add", DOMAIN)
    Path("home/.env").write_text("NOTION_TOKEN=ntn_of_a_person")
    return inbox


def restored_to(monkeypatch: pytest.MonkeyPatch, home: str, *more: str) -> Ran:
    monkeypatch.setenv("INTENT_HOME", str(Path(home).absolute()))
    monkeypatch.delenv("DAGSTER_HOME", raising=False)  # an instance that was opened in this process has set it
    return intent("restore", FILE, *more)


def content(folder: str) -> dict[str, bytes]:
    """What stands in a folder of state, but for locks and for SQLite's and DuckDB's own bytes."""
    return {
        str(path.relative_to(folder)): b"" if path.suffix in (".db", ".duckdb") else path.read_bytes()
        for path in Path(folder).rglob("*")
        if path.is_file() and not path.name.endswith((".lock", ".wal", "-wal", "-shm"))
    }


def test_all_of_it_comes_back_but_for_keys(state: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    made = intent("backup", FILE)
    assert made.exit_code == 0, made.stderr
    assert "3 replies waiting, 1 replies taken, 4 notices waiting" in made.stdout
    assert [path.name for path in Path("elsewhere").iterdir()] == ["intent.tar.gz"]
    assert Path(FILE).stat().st_mode & 0o077 == 0

    assert restored_to(monkeypatch, "new").exit_code == 0

    expected = content("home")
    del expected[".env"]
    assert content("new") == expected
    assert not [path for path in Path("new").rglob("*") if path.stat().st_mode & 0o077]
    assert Warehouse().runs()["run_id"].tolist() == ["r1"]
    assert intent("domains", "--json").json == [DOMAIN]


def test_every_reply_that_was_accepted_before_is_there_once(state: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    accepted: list[str] = []
    stop = threading.Event()

    def put_and_take() -> None:
        number = 100
        while not stop.is_set():
            number += 1
            accepted.append(state.put(a_reply(number)).reply_id)
            if number % 3:
                state.taken(accepted[-1])
            elif number % 2:
                state.again(accepted[-2])

    at_work = threading.Thread(target=put_and_take)
    at_work.start()
    try:
        for _ in range(3):
            before = [*accepted]
            assert intent("backup", FILE, "--replace").exit_code == 0
    finally:
        stop.set()
        at_work.join()
    restored_to(monkeypatch, "new")

    there = Counter(path.stem[-22:] for kind in ("pending", "taken") for path in Path("new/inbox", kind).iterdir())
    assert before
    assert set(before) <= there.keys() <= {*accepted, *(a_reply(number).reply_id for number in range(4))}
    assert set(there.values()) == {1}
    assert Inbox(Path("new/inbox")).damaged() == []


def test_a_run_that_was_at_work_ends_after_the_restoration(
    environment: dict[str, str], sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_report_that_hangs(sandbox) as process:
        assert intent("backup", FILE).exit_code == 0
        process.kill()
        process.wait(20)
    paid = sum(call.service == "claude" for call in sandbox.calls)

    restored_to(monkeypatch, "new")
    resumed = intent("retry", DOMAIN, "--json")

    assert resumed.json["status"] == "published", resumed.json
    assert notices(sandbox) == ["reply.accepted", "run.failed", "report.ready"]
    strategies = [call for call in sandbox.calls if call.service == "claude"][:paid]
    assert len(strategies) == paid == 1
    assert len(sandbox.service("notion").store.pages()) == 1


def test_a_home_that_is_not_empty_or_in_use_is_left_alone(state: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    intent("backup", FILE)
    state.put(a_reply(9))
    before = content("home")

    refused = restored_to(monkeypatch, "home")
    assert refused.exit_code == 1
    assert "is not empty" in str(refused.error)
    assert "--replace" in str(refused.error)
    with subprocess.Popen([sys.executable, "-m", "intent_assets.cli", "sandbox"], stderr=subprocess.DEVNULL) as user:
        refused = restored_to(monkeypatch, "home", "--replace")
        user.kill()
    assert f"process {user.pid}" in str(refused.error)
    assert content("home") == before

    told = restored_to(monkeypatch, "home", "--replace")
    aside = next(Path("home").glob(".replaced-*"))
    assert str(aside) in told.stdout
    assert content(str(aside)) == before
    assert Inbox(Path("home/inbox")).counts()["pending"] == 3
    assert intent("backup", FILE).exit_code == 1
    assert intent("backup", FILE, "--replace").exit_code == 0
    with tarfile.open(FILE) as archive:
        assert not [name for name in archive.getnames() if "replaced" in name]


def test_a_restoration_that_is_killed_goes_on(state: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    intent("backup", FILE)
    state.put(a_reply(9))
    monkeypatch.setenv("DAGSTER_HOME", str(Path("dagster-of-its-own").absolute()))
    intent("domains", "--add", "other.example")
    before = content("home")
    for renames in (0, 1, 2, 4, 7):
        command = [sys.executable, "-c", KILLED_AT_A_RENAME, str(renames), "restore", FILE, "--replace"]
        killed = subprocess.run(command, capture_output=True, text=True, check=False)
        assert killed.returncode == 137, killed.stderr

    told = intent("restore", FILE, "--replace")

    assert told.exit_code == 0, told.error
    assert Inbox(Path("home/inbox")).counts()["pending"] == 3
    assert intent("domains", "--json").json == [DOMAIN]
    assert not list(Path().glob("*/.restoring"))
    aside = {name: text for folder in Path("home").glob(".replaced-*") for name, text in content(str(folder)).items()}
    assert aside == before
    assert next(Path("dagster-of-its-own").glob(".replaced-*/history/runs.db")).exists()


def cut_off(archive: Path) -> None:
    archive.write_bytes(archive.read_bytes()[:-200])


def change_a_byte(archive: Path) -> None:
    whole = bytearray(archive.read_bytes())
    whole[len(whole) // 2] ^= 1
    archive.write_bytes(whole)


def no_archive(archive: Path) -> None:
    archive.write_bytes(b"this is a letter " * 100)


def with_member(member: tarfile.TarInfo) -> Callable[[Path], None]:
    def change(archive: Path) -> None:
        with tarfile.open(archive) as old:
            members = [(info, (old.extractfile(info) or io.BytesIO()).read()) for info in old.getmembers()]
        with tarfile.open(archive, "w:gz") as new:
            new.addfile(member)
            for info, text in members:
                new.addfile(info, io.BytesIO(text))

    return change


def member(name: str, kind: bytes = tarfile.REGTYPE, linkname: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, linkname
    return info


REFUSED: list[tuple[Callable[[Path], None], str]] = [
    (cut_off, "cut off"),
    (change_a_byte, "use another one"),
    (no_archive, "no backup"),
    (with_member(member("home/more")), "not what was backed up"),
    (with_member(member("home/../../out")), "outside"),
    (with_member(member("/home/out")), "outside"),
    (with_member(member("home/link", tarfile.SYMTYPE, "/etc")), "a link"),
    (with_member(member("home/link", tarfile.LNKTYPE, "/etc/passwd")), "a link"),
    (with_member(member("home/pipe", tarfile.FIFOTYPE)), "a link"),
]


def test_what_is_no_whole_backup_of_ours_is_refused_and_nothing_of_it_used(
    state: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    intent("backup", FILE)
    whole = Path(FILE).read_bytes()
    for change, said in REFUSED:
        Path(FILE).write_bytes(whole)
        change(Path(FILE))

        refused = restored_to(monkeypatch, "new")

        assert refused.exit_code == 1
        assert said in str(refused.error)
        assert content("new") == {}


def test_what_is_damaged_already_is_taken_as_it_is_and_told(state: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("home/history.duckdb").write_bytes(b"no database " * 1000)
    runs = Path("home/dagster/history/runs.db")
    runs.write_bytes(b"SQLite format 3\x00" + os.urandom(8192))

    made = intent("backup", FILE)

    assert made.exit_code == 4
    assert "history.duckdb" in made.stderr
    assert str(runs) in made.stderr
    restored_to(monkeypatch, "new")
    assert Path("new/history.duckdb").read_bytes() == Path("home/history.duckdb").read_bytes()
    assert Path("new/dagster/history/runs.db").read_bytes() == runs.read_bytes()


def test_a_place_that_can_not_be_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for file, said in (("home/b.tar.gz", "inside"), ("elsewhere", "is a folder"), ("nowhere/b.tar.gz", "no folder")):
        assert said in str(intent("backup", file).error)
    monkeypatch.setenv("INTENT_HOME", "nowhere")
    assert "no state" in str(intent("backup", FILE).error)
