"""The worst day: a burst of replies, every service failing at once, and processes killed while they work.

`python -m benchmarks.chaos [--replies N] [--domains N] [--seed N ...] [--share P] [--kills N] [--restarts N]`: runs
`intent up` against the sandbox, posts the replies through the door, kills, waits until all has settled, resumes what
failed for good with `intent retry`, and checks what came of it. Exit code 1 if anything is not as it has to be.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from random import Random

import httpx

from benchmarks.chaos_checks import facts, fault_rows, problems
from benchmarks.chaos_faults import SERVICES, faults
from benchmarks.door_posts import TOKEN, Post, sent
from benchmarks.processes import end_by_signal, wait_until
from benchmarks.results import table, write
from benchmarks.system import HURRY, System, running
from intent_assets.sandbox.server import Sandbox

REPLIES, DOMAINS, SEEDS, SHARE = 200, 120, (1, 2, 3), 0.2
_TWICE = 0.1
_POSTING = 5
_RETRIES = 6
_SECONDS_A_REPLY = 120.0


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--replies", type=int, default=REPLIES, help="posts, those that are sent twice included")
    asked.add_argument("--domains", type=int, default=DOMAINS)
    asked.add_argument("--seed", type=int, nargs="+", default=SEEDS)
    asked.add_argument("--share", type=float, default=SHARE, help="of the calls of each service that fail")
    asked.add_argument("--kills", type=int, help="of run processes; one for every ten replies unless told")
    asked.add_argument("--restarts", type=int, default=2, help="kills of everything at once")
    asked.add_argument("--state", type=Path, help="folder for the state of each seed, which is then kept")
    given = asked.parse_args()
    end_by_signal()
    kills = max(2, given.replies // 10) if given.kills is None else given.kills
    broken = 0
    for seed in given.seed:
        with _folder(given.state, seed) as folder, running(folder, Sandbox(seed=seed), HURRY) as system:
            system.sandbox.faults.add(*faults(given.share))
            began = time.monotonic()
            accepted, resumed = carried_out(system, given, kills, Random(seed))
            found = list(problems(system, accepted))
            rows = [
                *facts(system, accepted),
                ("runs that failed for good and were resumed with `intent retry`", str(resumed)),
                ("time until all had settled", f"{time.monotonic() - began:.0f} s"),
                ("problems", "; ".join(found) or "none"),
            ]
            _told(given, seed, system, rows, full=given.replies == REPLIES)
            broken += len(found)
    sys.exit(1 if broken else 0)


@contextmanager
def _folder(state: Path | None, seed: int) -> Iterator[Path]:
    if state is None:
        with tempfile.TemporaryDirectory() as temporary:
            yield Path(temporary)
    else:
        folder = (state / f"seed-{seed}").absolute()
        folder.mkdir(parents=True)
        yield folder


def carried_out(system: System, given: argparse.Namespace, kills: int, dice: Random) -> tuple[dict[str, str], int]:
    """Post all replies and kill meanwhile; return what was accepted (id -> domain), and how many runs were resumed."""
    wanted = replies(given.replies, given.domains, dice)
    with ThreadPoolExecutor(_POSTING) as pool:
        sending = [pool.submit(_post, system, post) for post in wanted]
        _kill(system, kills, given.restarts, dice)
        accepted = dict(future.result() for future in sending)
    resumed = _settled(system, _SECONDS_A_REPLY * len(wanted))
    return accepted, resumed


def replies(count: int, domains: int, dice: Random) -> list[tuple[float, Post]]:
    """Return `count` posts with the second at which each is sent; a tenth of them carries a reply once more."""
    repeated = round(count * _TWICE)
    posts = [_reply(number, f"company-{number % domains}.example", dice) for number in range(count - repeated)]
    posts += dice.choices(posts, k=repeated)
    return [(dice.uniform(0, count / 2), post) for post in posts]


def _reply(number: int, domain: str, dice: Random) -> Post:
    document = {
        "target_domain": domain, "target_company": f"Company {number}", "prospect_name": "Ana Diaz",
        "prospect_email": f"ana.{number}@{domain}", "tier": dice.choice((1, 2, 2, 3)), "campaign_id": f"camp-{number}",
        "product_description": "Career-services platform for universities: resume reviews, interview practice",
        "message_id": f"<{number}@{domain}>", "reply_text": f"Interesting, can you send more? ({number})",
    }  # fmt: skip
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {TOKEN}"}
    return Post("reply", "/reports", json.dumps(document).encode(), headers, domain)


def _post(system: System, timed: tuple[float, Post]) -> tuple[str, str]:
    seconds, post = timed
    time.sleep(seconds / _POSTING)
    with httpx.Client(base_url=system.url, timeout=20) as client:
        answered = sent(client, post, patience=300)
    if answered.reply_id is None or post.about is None:
        raise AssertionError(f"the door answered a reply with {answered.status}")
    return answered.reply_id, post.about


def _kill(system: System, kills: int, restarts: int, dice: Random) -> None:
    """Kill run processes at random moments, and everything at once between them."""
    acts = ["run"] * kills + ["everything"] * restarts
    dice.shuffle(acts)
    for act in acts:
        time.sleep(dice.uniform(2, 12))
        if act == "everything":
            system.restart()
        else:
            wait_until(lambda: system.kill_a_run(dice) or system.is_settled(), 300, "a run that can be killed")


def _settled(system: System, seconds: float) -> int:
    """Wait until nothing is left to do; what failed for good is resumed, again and again if need be."""
    resumed: set[str] = set()
    for _ in range(_RETRIES):
        wait_until(system.is_settled, seconds, "the end of all runs")
        failed = system.failed_for_good()
        if not failed:
            return len(resumed)
        for run in failed:
            resumed.add(run.tags["intent/reply"])
            print(f"resumed {run.run_id} of {run.tags['dagster/partition']}: {system.retry(run)}", flush=True)
    wait_until(system.is_settled, seconds, "the end of all runs")
    return len(resumed)


def _told(given: argparse.Namespace, seed: int, system: System, rows: list[tuple[str, str]], *, full: bool) -> None:
    command = f"python -m benchmarks.chaos --replies {given.replies} --domains {given.domains} --seed {seed}"
    note = "\n".join(f"- {what}: {said}" for what, said in rows)
    result = (f"Chaos, seed {seed}", command, ("fault", *SERVICES), list(fault_rows(system)), note)
    if full:
        write(*result)
    else:
        print(table(*result), flush=True)


if __name__ == "__main__":
    main()
