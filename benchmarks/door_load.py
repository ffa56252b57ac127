"""The door under load: many clients at once, garbage and repetitions between their replies, and a kill in the middle.

`python -m benchmarks.door_load [--posts N] [--clients N] [--seed N] [--examples N]`. Exit code 1 if a reply was lost,
stored twice or answered in another way than it should be, or if schemathesis found something.
"""

import argparse
import re
import subprocess
import sys
import tempfile
import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from random import Random
from statistics import quantiles
from urllib.parse import urljoin

import httpx

from benchmarks.door_posts import EXPECTED, SECRET, TOKEN, Answered, Post, posts, sent
from benchmarks.environment import cleaned
from benchmarks.processes import HOST, Process, answers, end_by_signal, free_port, stopped_in_the_end, wait_until
from benchmarks.results import table, write
from intent_assets.intake.inbox import Inbox

POSTS, CLIENTS, SEED, EXAMPLES = 1000, 20, 7, 300
_LIMITS = {
    "INTENT_DOOR__REQUESTS_A_MINUTE": "1000000",
    "INTENT_DOOR__REFUSALS_A_MINUTE": "1000000",
    "INTENT_DOOR__BODY_SECONDS": "2",
}


@dataclass
class Load:
    """What became of the posts; `lost_by_kill` are ids that were answered with 202 and not on disk after the kill."""

    answered: list[Answered] = field(default_factory=list)
    before_kill: int = 0
    lost_by_kill: list[str] = field(default_factory=list)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--posts", type=int, default=POSTS)
    asked.add_argument("--clients", type=int, default=CLIENTS)
    asked.add_argument("--seed", type=int, default=SEED)
    asked.add_argument("--examples", type=int, default=EXAMPLES, help="of schemathesis, for each operation; 0: none")
    given = asked.parse_args()
    end_by_signal()
    with tempfile.TemporaryDirectory() as folder, door(Path(folder)) as (process, url):
        inbox = Inbox(Path(folder) / "home" / "inbox")
        load = loaded(process, url, inbox, posts(given.posts, Random(given.seed)), given.clients)
        problems = [*lost(load, inbox), *unexpected(load.answered)]
        found = schemathesis(url, given.examples, given.seed) if given.examples else "not asked"
    problems += [] if found in ("nothing", "not asked") else [f"schemathesis: {found}"]
    note = (
        f"{given.clients} clients at once. The door was killed (SIGKILL) after {load.before_kill} answers of 202, all "
        f"of which were on disk, and started again; {sum(each.unanswered for each in load.answered)} posts that it "
        f"left without an answer were sent once more. schemathesis, {given.examples} examples for each operation, "
        f"found {found}. Problems: {len(problems)}."
    )
    command = f"python -m benchmarks.door_load --seed {given.seed}"
    result = ("The door under load", command, ("post", "posts", "answers", "p50, ms", "p99, ms"),
              list(rows(load.answered)), note)  # fmt: skip
    if (given.posts, given.clients) == (POSTS, CLIENTS) and not problems:
        write(*result)
    else:
        print(table(*result))
    for problem in problems:
        print(f"PROBLEM {problem}")
    sys.exit(1 if problems else 0)


@contextmanager
def door(folder: Path) -> Iterator[tuple[Process, str]]:
    """Run `intent serve` with its state in `folder/home`; gives the process and its URL."""
    port = free_port()
    command = [sys.executable, "-m", "intent_assets.cli", "serve", "--host", HOST, "--port", str(port)]
    secrets = {"INTAKE_TOKEN": TOKEN, "SMARTLEAD_SECRET": SECRET}
    process = Process(command, cleaned(folder / "home", _LIMITS | secrets), folder / "door.log", folder)
    with stopped_in_the_end(process):
        url = f"http://{HOST}:{port}"
        wait_until(lambda: answers(f"{url}/healthz"), 60, "the door")
        yield process, url


def loaded(process: Process, url: str, inbox: Inbox, wanted: Sequence[Post], clients: int) -> Load:
    """Send all posts; kill the door after about half of them, look at once what is on disk, and start it again."""
    load, lock, own = Load(), threading.Lock(), threading.local()
    half, killing = len(wanted) // 2, threading.Event()

    def send(post: Post) -> None:
        if not hasattr(own, "client"):
            own.client = httpx.Client(base_url=url, timeout=30)
        answered = sent(own.client, post)
        with lock:
            load.answered.append(answered)
            if len(load.answered) >= half:
                killing.set()

    with ThreadPoolExecutor(clients) as pool:
        sending = [pool.submit(send, post) for post in wanted]
        killing.wait(600)
        process.kill()
        with lock:
            known = [each.reply_id for each in load.answered if each.reply_id]
        stored = Counter(stored_ids(inbox))
        load.before_kill = len(known)
        load.lost_by_kill = [reply_id for reply_id in set(known) if stored[reply_id] != 1]
        process.start()
        for future in sending:
            future.result()
    return load


def stored_ids(inbox: Inbox) -> list[str]:
    """Return the reply id of every file of the inbox that holds a reply."""
    found = [*(inbox.folder / "pending").glob("*.json"), *(inbox.folder / "taken").glob("*.json")]
    return [path.stem.rpartition("-")[2] for path in found]


def lost(load: Load, inbox: Inbox) -> Iterator[str]:
    """Yield what is wrong with what is stored: each reply has to be there once, and nothing else."""
    yield from (f"{reply_id} was answered with 202 and was gone after the kill" for reply_id in load.lost_by_kill)
    ids: dict[str, set[str]] = defaultdict(set)
    for each in load.answered:
        if each.post.about is not None and each.reply_id:
            ids[each.post.about].add(each.reply_id)
    yield from (f"{about} has {len(given)} ids" for about, given in ids.items() if len(given) != 1)
    known = {reply_id for given in ids.values() for reply_id in given}
    stored = Counter(stored_ids(inbox))
    yield from (f"{reply_id} is stored {stored[reply_id]} times" for reply_id in known if stored[reply_id] != 1)
    yield from (f"{reply_id} is stored and was never answered" for reply_id in stored if reply_id not in known)
    yield from inbox.damaged()
    for reply_id in known:
        inbox.get(reply_id)


def unexpected(answered: Iterable[Answered]) -> Iterator[str]:
    """Yield the answers that are not what the post deserves."""
    for each in answered:
        if each.status != EXPECTED[each.post.kind]:
            yield f"{each.post.kind}: answered with {each.status}, not {EXPECTED[each.post.kind]}"


def rows(answered: Sequence[Answered]) -> Iterator[list[str]]:
    """Yield a row for each kind of post, those that were accepted together first."""
    accepted = [each for each in answered if each.status == 202]
    yield _row("accepted", accepted)
    by_kind = sorted(answered, key=lambda each: list(EXPECTED).index(each.post.kind))
    for kind, group in groupby(by_kind, key=lambda each: each.post.kind):
        yield _row(kind, list(group))


def schemathesis(url: str, examples: int, seed: int) -> str:
    """Return what schemathesis finds against the door's OpenAPI, `nothing` where all its checks hold."""
    command = [str(Path(sys.executable).with_name("schemathesis")), "run", urljoin(url, "/openapi.json")]
    command += ["-H", f"Authorization: Bearer {TOKEN}", "--max-examples", str(examples), "--seed", str(seed)]
    # no schema can say which texts are the domain of a company
    command += ["--exclude-checks", "positive_data_acceptance"]
    command += ["--no-color", "--warnings", "off", "--generation-database", "none", "--continue-on-failure"]
    with tempfile.TemporaryDirectory() as folder:  # it leaves files where it works
        ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603 -- our words
    if ran.returncode == 0:
        return "nothing"
    print(ran.stdout)
    failures = re.findall(r"^- (.+)$", ran.stdout, re.MULTILINE)
    return "; ".join(sorted(set(failures))) or f"exit code {ran.returncode}"


def _row(what: str, group: Sequence[Answered]) -> list[str]:
    statuses = Counter(each.status for each in group)
    told = ", ".join(f"{count:,} x {status}" for status, count in sorted(statuses.items()))
    times = [each.seconds * 1000 for each in group]
    cuts = quantiles(times, n=100) if len(times) > 1 else [*times] * 99
    return [what, f"{len(group):,}", told, f"{cuts[49]:.0f}", f"{cuts[98]:.0f}"]


if __name__ == "__main__":
    main()
