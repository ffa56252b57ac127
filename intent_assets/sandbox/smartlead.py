"""Stand-in for Smartlead: the poll of its master inbox (contracts: replies, 3).

`POST /api/v1/master-inbox/inbox-replies?api_key=...`. Starts empty: `add_reply` puts replies in. The webhook bodies
stand in `smartlead_forms`, since Smartlead sends those and takes none.
"""

import hmac
import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from intent_assets.sandbox.smartlead_forms import InventedReply, data_item, invented_reply, messages_item

PATH = "/api/v1/master-inbox/inbox-replies"
KEY = "sandbox-smartlead-key"
SECRET = "sandbox-smartlead-secret"  # noqa: S105  # opens nothing but the sandbox

EmailStatus = Literal["Opened", "Clicked", "Replied", "Unsubscribed", "Bounced", "Accepted", "Not Replied"]


def _in_order(period: tuple[datetime, datetime]) -> tuple[datetime, datetime]:
    if period[0] > period[1]:
        raise ValueError("the period ends before it starts")
    return period


class _Filters(BaseModel):
    """Filters that Smartlead documents; it refuses others."""

    model_config = ConfigDict(extra="forbid")

    search: str | None = None
    email_status: EmailStatus | list[EmailStatus] | None = Field(default=None, alias="emailStatus")
    reply_time_between: Annotated[tuple[AwareDatetime, AwareDatetime], AfterValidator(_in_order)] | None = Field(
        default=None, alias="replyTimeBetween"
    )
    campaign_id: int | Annotated[list[int], Field(max_length=5)] | None = Field(default=None, alias="campaignId")


class _Query(BaseModel):
    model_config = ConfigDict(extra="forbid")

    offset: Annotated[int, Field(ge=0, strict=True)] = 0
    limit: Annotated[int, Field(ge=1, le=20, strict=True)] = 20
    filters: _Filters = Field(default_factory=_Filters)
    sort_by: Literal["REPLY_TIME_DESC", "SENT_TIME_DESC"] = Field(default="REPLY_TIME_DESC", alias="sortBy")

    def takes(self, reply: InventedReply) -> bool:
        """Say whether the filters let this reply through."""
        status, campaign = self.filters.email_status, self.filters.campaign_id
        period = self.filters.reply_time_between
        if status is not None and "Replied" not in (status if isinstance(status, list) else [status]):
            return False
        if campaign is not None and reply.campaign_id not in (campaign if isinstance(campaign, list) else [campaign]):
            return False
        if self.filters.search and self.filters.search.lower() not in f"{reply.email} {reply.company}".lower():
            return False
        return period is None or period[0] <= reply.received_at <= period[1]


class SmartleadService:
    """The master inbox. `form` is the name under which the list stands: `data` or `messages`, each with its items."""

    name = "smartlead"

    def __init__(self, *, seed: int = 7, state_dir: Path | None = None) -> None:
        self.seed = seed
        self.form: Literal["data", "messages"] = "data"
        self.replies: list[InventedReply] = []
        self._state_dir = state_dir

    def add_reply(self, **fields: Any) -> InventedReply:
        """Put a reply into the inbox: an invented one, with `fields` of `InventedReply` overridden."""
        reply = invented_reply(self.seed, len(self.replies), **fields)
        self.replies.append(reply)
        return reply

    def app(self) -> Starlette:
        return Starlette(routes=[Route(PATH, self._inbox_replies, methods=["POST"])])

    def operation(self, method: str, path: str) -> str:
        return "inbox_replies" if (method, path) == ("POST", PATH) else "unknown"

    def variables(self, base_url: str) -> dict[str, str]:
        return {"SMARTLEAD_URL": base_url, "SMARTLEAD_API_KEY": KEY, "SMARTLEAD_SECRET": SECRET}

    async def _inbox_replies(self, request: Request) -> Response:
        if not hmac.compare_digest(request.query_params.get("api_key", "").encode(), KEY.encode()):
            return JSONResponse({"message": "API key is missing or invalid"}, 401)
        try:
            query = _Query.model_validate_json(await request.body() or b"{}")
        except ValidationError as problem:
            errors = problem.errors(include_url=False, include_context=False, include_input=False)
            return JSONResponse({"message": "Request validation failed", "errors": json.loads(json.dumps(errors))}, 422)
        found = sorted((reply for reply in self.replies if query.takes(reply)),
                       key=lambda reply: reply.received_at, reverse=True)  # fmt: skip
        page = found[query.offset : query.offset + query.limit]
        if self.form == "data":
            return JSONResponse({"ok": True, "data": [data_item(reply) for reply in page], "offset": query.offset,
                                 "limit": query.limit})  # fmt: skip
        return JSONResponse({"messages": [messages_item(reply) for reply in page], "total_count": len(found),
                             "offset": query.offset, "limit": query.limit})  # fmt: skip
