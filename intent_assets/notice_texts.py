"""The Slack messages of the notices: short, for people; text from outside can't form links, mentions or markup."""

from collections.abc import Sequence

from intent_assets.records import Contact, Reply
from intent_assets.reports import NotionPage, Report, Verdict

_SHOWN_FINDINGS = 3
_LONGEST = 200


def escape(text: str) -> str:
    """Return outside text on one line, as Slack shows it literally: `&`, `<` and `>` escaped."""
    return " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def accepted_text(reply: Reply, snippet: str) -> str:
    """Tell of a positive reply at once."""
    campaign = reply.campaign_name or reply.campaign_id
    mail = f", mail {reply.sequence_number}" if reply.sequence_number is not None else ""
    lines = [f":wave: *Positive reply* from {_who(reply)}"]
    if snippet:
        lines.append(f"> {escape(snippet)}")
    if campaign:
        lines.append(f"Campaign {escape(campaign)}{mail}")
    lines.append(f"A report for {reply.domain} is on its way.")
    return "\n".join(lines)


def published_text(
    report: Report,
    page: NotionPage,
    verdict: Verdict,
    *,
    reply: Reply,
    summary: str,
    decision_maker: Contact | None,
) -> str:
    """Tell that a report stands on its page, with what a salesperson needs to decide whether to open it now.

    `reply` is the one that is told of; where the page is `kept`, the report there was made for a later one.
    """
    whose = escape(report.reply.company or report.domain)
    link = f"<{_link(page.url or '')}|Open the report>"
    if page.first_report:
        head = f":page_facing_up: *Report ready for {whose}* · {link}"
    else:
        head = f":arrows_counterclockwise: *Report updated for {whose}* · {link}"
    lines = [head]
    if page.status == "kept":
        lines.append(f"A later reply ({_who(report.reply)}) was answered first: its report stays on the page.")
    if report.outcome == "public_body":
        lines.append("The prospect is a public body itself, so no buyer was selected.")
    elif report.featured_buyer_name:
        lines.append(f"Featured buyer: *{escape(report.featured_buyer_name)}*")
    if summary:
        lines.append(escape(summary))
    lines.append(
        f"{_count(report.signals_scanned, 'signal')} scanned ({page.new_signals} new), "
        f"{_count(report.buyers_scored, 'buyer')} scored"
    )
    if decision_maker is not None:
        ways = [part for part in (decision_maker.title, decision_maker.email, decision_maker.phone) if part]
        lines.append("Decision maker: " + ", ".join(escape(part) for part in (decision_maker.name, *ways)))
    removed = f", {verdict.removed} removed" if verdict.removed else ""
    lines.append(f"Fact check: {verdict.supported} of {_count(verdict.claims, 'claim')} supported{removed}")
    lines.append(f"In answer to {_who(reply)}")
    return "\n".join(lines)


def held_text(report: Report, findings: Sequence[tuple[str, str]]) -> str:
    """Tell that a report was not published, and what the fact check found."""
    whose = escape(report.reply.company or report.domain)
    lines = [
        f":no_entry: *Report held for {whose}*: the fact check did not pass, nothing was published",
        f"In answer to {_who(report.reply)}",
    ]
    lines += [f"• “{_short(quote)}”: {_short(reason)}" for quote, reason in findings[:_SHOWN_FINDINGS]]
    if len(findings) > _SHOWN_FINDINGS:
        lines.append(f"and {len(findings) - _SHOWN_FINDINGS} more")
    lines.append(f"Read it with `intent show {report.domain}`; let it out with `intent release {report.domain}`")
    return "\n".join(lines)


def empty_text(reply: Reply) -> str:
    """Tell that there is nothing to report."""
    whose = escape(reply.company or reply.domain)
    return (
        f":mag: *No report for {whose}*: no buyer with a signal was found\n"
        f"In answer to {_who(reply)}. Answer this one by hand."
    )


def failed_text(
    domain: str, reply: Reply | None, *, failed_step: str | None, error: str, run_url: str, retry: str
) -> str:
    """Tell that a run failed for good, and what to do."""
    step = f" at `{escape(failed_step)}`" if failed_step else ""
    lines = [f":rotating_light: *Report for {escape(domain)} failed*{step} · <{_link(run_url)}|Open the run>"]
    lines.append(escape(error))
    if reply is not None:
        lines.append(f"{_who(reply)} is waiting for an answer.")
    lines.append(f"Resume with `{escape(retry)}`")
    return "\n".join(lines)


def _who(reply: Reply) -> str:
    company = f"{reply.company} ({reply.domain})" if reply.company else reply.domain
    name = reply.prospect_name or reply.prospect_email
    return f"{escape(name)}, {escape(company)}" if name else escape(company)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return escape(line if len(line) <= _LONGEST else line[: _LONGEST - 1].rstrip() + "…")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _link(url: str) -> str:
    """Return `url` as it may stand in Slack's `<url|words>`."""
    return escape(url).replace("|", "%7C").replace(" ", "%20")
