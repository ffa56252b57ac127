"""How much of the door one client may use: counted over a sliding minute, in memory, forgotten afterwards."""

import ipaddress
import math
import time
from typing import Literal

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from intent_assets.intake.door_problems import Problem
from intent_assets.settings import DoorSettings

Share = Literal["posts", "looks", "refusals"]

_IPV6_NETWORK = 64  # what one customer of a provider has at least


class Shares:
    """The shares of all clients: of those who may come in for posts and for looks, and a small one for all others."""

    def __init__(self, settings: DoorSettings) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._most = {
            "posts": RateLimitItemPerMinute(settings.requests_a_minute),
            "looks": RateLimitItemPerMinute(settings.requests_a_minute),
            "refusals": RateLimitItemPerMinute(settings.refusals_a_minute),
        }

    def take(self, share: Share, client: str) -> None:
        """Count one request of `client`; raises `Problem` 429 where its share is used up."""
        item = self._most[share]
        key = (share, network(client))
        if self._limiter.hit(item, *key):
            return
        again = self._limiter.get_window_stats(item, *key).reset_time - time.time()
        seconds = str(max(1, math.ceil(again)))
        message = f"more than {item.amount} a minute from one address; try again in {seconds} s"
        raise Problem(429, "too_many_requests", message, {"Retry-After": seconds})


def network(client: str) -> str:
    """Return whose share an address uses: its own, for IPv6 that of its /64 network."""
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return client
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, _IPV6_NETWORK), strict=False))
    return str(address)
