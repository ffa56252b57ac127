"""The stand-in's notices as people would meet them in Slack: one HTML page without scripts."""

import html
import re
from collections.abc import Sequence
from typing import Any

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Clay (sandbox): {count} notices</title><style>
body {{ font: 15px/1.45 system-ui, sans-serif; margin: 0; background: #f8f8f8; color: #1d1c1d }}
header {{ background: #4a154b; color: #fff; padding: .8rem 1.2rem }}
main {{ max-width: 46rem; margin: 1rem auto; padding: 0 1rem }}
article {{ background: #fff; border: 1px solid #ddd; border-radius: 8px; margin: .8rem 0; padding: .8rem 1rem }}
article.failed {{ border-left: 4px solid #b3261e }}
.channel {{ font-weight: 700 }} .meta {{ color: #616061; font-size: .85em }}
.text {{ white-space: pre-wrap; overflow-wrap: anywhere; margin: .4rem 0 }}
.duplicate {{ background: #fde68a; border-radius: 4px; padding: 0 .3rem }}
</style></head><body>
<header>Sandbox data: nothing here went to a real Slack channel. {count} notices, newest first.</header>
<main>{messages}</main></body></html>
"""
_MESSAGE = """<article class="{kind}"><div><span class="channel">{channel}</span>
<span class="meta">{event} · {domain} · {at}{duplicate}</span></div><div class="text">{text}</div></article>
"""
_LINK = re.compile(r"https?://[^\s<>|]+")
_SLACK_LINK = re.compile(r"<(?P<url>https?://[^|>\s]+)(?:\|(?P<label>[^>]+))?>")
_BOLD = re.compile(r"\*(?=\S)([^*\n]+?)(?<=\S)\*")


def notices_page(received: Sequence[dict[str, Any]]) -> str:
    """Return the page for `clay.Received.as_json()` items, the newest on top."""
    messages = "".join(_message(item) for item in reversed(received))
    return _PAGE.format(count=len(received), messages=messages or "<p>No notice yet.</p>")


def _message(item: dict[str, Any]) -> str:
    notice = item["notice"]
    failed = notice["event"] == "run.failed"
    return _MESSAGE.format(
        kind="failed" if failed else "report",
        channel="#gtm-eng" if failed else "#intent-reports",
        event=html.escape(notice["event"]),
        domain=html.escape(notice["domain"]),
        at=html.escape(notice["occurred_at"]),
        duplicate=' · <span class="duplicate">duplicate</span>' if item["duplicate"] else "",
        text=_slack_text(notice["text"]),
    )


def _slack_text(text: str) -> str:
    """Return Slack's own markup (`<url|label>`, `*bold*`) and bare links as HTML, all else escaped."""
    parts = []
    end = 0
    for match in _SLACK_LINK.finditer(text):
        parts.append(_plain(text[end : match.start()]))
        parts.append(_anchor(match["url"], match["label"] or match["url"]))
        end = match.end()
    parts.append(_plain(text[end:]))
    return "".join(parts)


def _plain(text: str) -> str:
    parts = []
    end = 0
    for match in _LINK.finditer(text):
        parts.append(_bold(html.escape(text[end : match.start()])))
        parts.append(_anchor(match[0], match[0]))
        end = match.end()
    parts.append(_bold(html.escape(text[end:])))
    return "".join(parts)


def _bold(escaped: str) -> str:
    return _BOLD.sub(r"<strong>\1</strong>", escaped)


def _anchor(url: str, label: str) -> str:
    return f'<a href="{html.escape(url)}">{html.escape(label)}</a>'
