"""What to do about a notice that Clay does not take, by what Clay answered."""

_GONE = {404, 410}
_LOCKED = {401, 403}
_UNWANTED = {400, 413, 415, 422}


def what_to_do(notice_id: str, status: int | None) -> str:
    """Return the advice for the notice that holds up the others; `status` is None where Clay did not answer."""
    if status is None:
        return (
            "It is tried again by itself: the sensor waiting_notices delivers it once Clay can be reached. "
            "`intent notices --send` tries at once."
        )
    if status in _GONE:
        return (
            f"Clay has no webhook at that address (HTTP {status}): set CLAY_WEBHOOK_URL to the table's present one "
            "(run.failed: CLAY_FAILURE_WEBHOOK_URL), then `intent notices --send`. All are kept until then."
        )
    if status in _LOCKED:
        return (
            f"Clay refuses the key (HTTP {status}): set CLAY_WEBHOOK_AUTH to what the table's webhook asks for, then "
            "`intent notices --send`."
        )
    if status in _UNWANTED:
        return (
            f"Clay refuses this very notice (HTTP {status}), and those behind it wait, as they are told in order: look "
            f"at it with `intent notices --show {notice_id}`, let the webhook's table take it, then "
            "`intent notices --send`."
        )
    return f"Clay answers HTTP {status}: it is tried again by itself, or at once by `intent notices --send`."
