"""The authorities that every client trusts, read once for each process: they take 40 ms."""

import ssl
from functools import cache


@cache
def trust() -> ssl.SSLContext:
    """Return the context for all outside calls; `SSL_CERT_FILE` and `SSL_CERT_DIR` name other authorities."""
    import httpx

    return httpx.create_ssl_context()
