"""`intent demo`: one sample reply becomes one report, on stand-ins for every service."""

import time
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import typer

from intent_assets.cli_report import EXIT_PUBLISHED, run_report, say
from intent_assets.cli_services import stand_ins
from intent_assets.cli_show import print_report
from intent_assets.intake.replies import NotTaken, parse_reply
from intent_assets.records import Reply
from intent_assets.sandbox.core import SERVICES
from intent_assets.settings import load_settings
from intent_assets.values import ValueStore

_DOMAIN = "vmock.example"


def demo() -> None:
    """Make a report from a sample reply, with local stand-ins for every service: no key, no question, nothing sent.

    Everything in it is invented. Run it again and the prospect replies once more: the same page is brought up to date.
    """
    began = time.monotonic()
    settings = load_settings()
    with ExitStack() as stack:
        say("1/4  starting the local stand-ins (Starbridge, Claude, Notion, Clay); all they say is invented")
        variables = stack.enter_context(stand_ins(settings, say, names=SERVICES))
        sample = _sample_reply()
        say(f"2/4  {sample.prospect_name} of {sample.company} replied: “{sample.reply_text}”")
        say(f"3/4  running the graph for {sample.domain}")
        result = run_report(settings, sample, as_json=False)
        if result["exit_code"] != EXIT_PUBLISHED:
            say(f"the demo ended as {result['status']}: {result.get('error') or result.get('reason')}")
            raise typer.Exit(1)
        say(f"4/4  {result['page']} the page, in {time.monotonic() - began:.1f} s in all; here is the report:\n")
        print_report(ValueStore(settings.values).read("fact_checked_report", sample.domain))
        _tell_where(result["page_url"], settings.history, variables)


def _sample_reply() -> Reply:
    now = datetime.now(UTC)
    reply: Reply | NotTaken = parse_reply(_payload(now), received_at=now)
    if isinstance(reply, NotTaken):
        raise TypeError(reply.reason)
    return reply


def _payload(now: datetime) -> dict[str, Any]:
    """A new reply each time, as a prospect's second mail would be: its text says when it came."""
    return {
        "target_domain": _DOMAIN,
        "target_company": "VMock",
        "product_description": (
            "Career-services platform for universities: resume reviews, interview practice, readiness checks"
        ),
        "campaign_id": "demo",
        "prospect_name": "Ana Diaz",
        "prospect_email": f"ana.diaz@{_DOMAIN}",
        "tier": 3,
        "message_id": f"<demo-{now.timestamp():.6f}@{_DOMAIN}>",
        "reply_text": "This looks interesting, can you send more?",
    }


def _tell_where(page_url: str, history: object, variables: dict[str, str]) -> None:
    clay = "/".join(variables["CLAY_WEBHOOK_URL"].split("/", 3)[:3])
    say(f"\npage      {page_url}")
    say(f"notices   {clay}")
    say("          (both are shown while the stand-ins run: `make dev` starts them)")
    say(f"history   {history}  (`intent runs` lists it)")
    say("next      make dev     the Dagster UI with the graph, the run and the sensor")
