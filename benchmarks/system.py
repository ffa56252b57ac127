"""The whole system as people run it, `intent up`, on one machine that processes are killed on."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import dagster as dg

import intent_assets
from benchmarks.door_posts import SECRET, TOKEN
from benchmarks.environment import at_home, cleaned
from benchmarks.processes import HOST, Process, answers, descendants, free_port, stopped_in_the_end, wait_until
from intent_assets.instance import open_instance
from intent_assets.intake.inbox import Inbox
from intent_assets.outbox import Outbox
from intent_assets.sandbox.server import Sandbox
from intent_assets.settings import load_settings

HURRY: Mapping[str, str] = {
    "INTENT_STARBRIDGE_TIMEOUT": "4", "INTENT_CLAUDE_TIMEOUT": "6", "INTENT_NOTION_TIMEOUT": "5",
    "INTENT_CLAY_TIMEOUT": "4", "INTENT_RETRY_PAUSE": "0.2", "INTENT_RETRY_PAUSE_MAX": "2",
    "INTENT_CHAT_POLL_EVERY": "0.2", "INTENT_CHAT_TIMEOUT": "30", "INTENT_DOOR__REQUESTS_A_MINUTE": "100000",
}  # fmt: skip
_OPEN = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]
_PID = re.compile(r"pid:? (\d+)")


@dataclass
class System:
    """`intent up` and the sandbox that it works against; `kills` and `restarts` count what was done to it."""

    sandbox: Sandbox
    process: Process
    url: str
    folder: Path
    instance: dg.DagsterInstance
    variables: dict[str, str] = field(repr=False)
    kills: int = 0
    restarts: int = 0

    @property
    def inbox(self) -> Inbox:
        """The inbox of replies."""
        return Inbox(load_settings().inbox)

    @property
    def outbox(self) -> Outbox:
        """The outbox of notices."""
        return Outbox.of(load_settings())

    def restart(self) -> None:
        """Kill all of it at once, and start it again."""
        self.process.kill()
        self.restarts += 1
        self.start_again()

    def start_again(self) -> None:
        """Start it and wait until its door is open."""
        self.process.start()
        wait_until(lambda: answers(f"{self.url}/healthz"), 180, "the door")

    def kill_a_run(self, dice: Random) -> bool:
        """Kill the process of a run that is under way, if there is one."""
        pids = self._pids_of_runs()
        if not pids:
            return False
        with suppress(ProcessLookupError):
            os.kill(dice.choice(pids), signal.SIGKILL)
            self.kills += 1
        return True

    def open_runs(self) -> list[dg.DagsterRun]:
        """Return the runs that have not ended."""
        return list(self.instance.get_runs(dg.RunsFilter(statuses=_OPEN)))

    def is_settled(self) -> bool:
        """Return whether no reply, no run and no notice waits for anything."""
        waiting = self.inbox.counts()["pending"] + self.outbox.counts()["waiting"]
        return not waiting and not self.open_runs() and not self._about_to_be_retried()

    def failed_for_good(self) -> list[dg.DagsterRun]:
        """Return the last try of each reply that has not come to its end."""
        last: dict[str, dg.DagsterRun] = {}
        for run in self.instance.get_runs():  # the newest first
            reply_id = run.tags.get("intent/reply")
            if reply_id is not None and (run.is_success or reply_id not in last):
                last[reply_id] = run
        return [run for run in last.values() if not run.is_success]

    def retry(self, run: dg.DagsterRun) -> str:
        """Resume a run as a person would; return how that ended."""
        command = [sys.executable, "-m", "intent_assets.cli", "retry", run.run_id, "--json"]
        ran = subprocess.run(  # noqa: S603 -- words of our own
            command, env=self.variables, cwd=self.folder, capture_output=True, text=True, check=False
        )
        try:
            return str(json.loads(ran.stdout)["status"])
        except (ValueError, KeyError):
            return ran.stderr.strip()[-200:]

    def _pids_of_runs(self) -> list[int]:
        alive = set(descendants(self.process.pid)) if self.process.pid is not None else set()
        found = []
        for run in self.open_runs():
            for entry in self.instance.all_logs(run.run_id, of_type=dg.DagsterEventType.ENGINE_EVENT):
                match = _PID.search(entry.user_message or entry.message or "")
                if match and int(match[1]) in alive:
                    found.append(int(match[1]))
        return found

    def _about_to_be_retried(self) -> bool:
        failed = self.instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.FAILURE]))
        return any(
            run.tags.get("dagster/will_retry") == "true" and "dagster/auto_retry_run_id" not in run.tags
            for run in failed
        )


@contextmanager
def running(folder: Path, sandbox: Sandbox, more: Mapping[str, str]) -> Iterator[System]:
    """Run the sandbox in this process and `intent up` beside it, with `more` variables, until the block ends."""
    shutil.copy(Path(intent_assets.__file__).parents[1] / "workspace.yaml", folder)
    port, ui_port = free_port(), free_port()
    command = [sys.executable, "-m", "intent_assets.cli", "up", "--port", str(port), "--ui-port", str(ui_port)]
    with ExitStack() as stack:
        stack.enter_context(sandbox)
        secrets = {"INTAKE_TOKEN": TOKEN, "SMARTLEAD_SECRET": SECRET}
        variables = {
            name: value for name, value in sandbox.variables().items() if not name.startswith(("SUPABASE", "SMARTLEAD"))
        }
        variables |= {**secrets, **more}
        environment = cleaned(folder / "home", variables)
        stack.enter_context(at_home(folder, variables))
        instance = stack.enter_context(open_instance(load_settings()))
        process = Process(command, environment, folder / "up.log", folder)
        stack.enter_context(stopped_in_the_end(process))
        system = System(sandbox, process, f"http://{HOST}:{port}", folder, instance, environment)
        wait_until(lambda: answers(f"{system.url}/healthz"), 180, "the door")
        yield system
