"""Whether a prospect's domain belongs to a public body: a buyer, not a vendor (contracts: starbridge). Pure.

Documents of a buyer mention its own domain, but those of its vendors as well. So a buyer owns a domain if its web site
stands there, or if it has the prospect's very name and no web site that says otherwise. The most frequent buyer of the
documents is taken where the domain itself is one that only public bodies get (`.gov`, `.edu`, `.ny.us`).
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from intent_assets.domains import normalise_domain
from intent_assets.errors import InvalidDomain
from intent_assets.records import PublicBody

_PUBLIC_ONLY = re.compile(r"\.(gov|edu|mil|[a-z]{2}\.us)$")


@dataclass(frozen=True)
class SeenBuyer:
    """A buyer as a record names it: of a document, or of a search by name."""

    buyer_id: str
    buyer_name: str
    buyer_type: str | None
    state: str | None
    website: str | None


def public_body(
    domain: str, company: str | None, documents: Sequence[SeenBuyer], listed: Iterable[SeenBuyer]
) -> PublicBody | None:
    """Return the public body that `domain` belongs to, None if it is no public body's as far as is known.

    `documents` are the buyers of the documents that mention the domain, one entry a document; `listed` those that a
    search for the name `company` found.
    """
    named = list(listed)
    times = Counter(buyer.buyer_id for buyer in documents)
    # The buyer with most documents first, so that of several with the web site it is the one.
    everybody = sorted([*documents, *named], key=lambda buyer: (-times[buyer.buyer_id], buyer.buyer_id))
    owners = [buyer for buyer in everybody if _host(buyer.website) == domain and _is_root(buyer.website)]
    on_it = {buyer.buyer_id: buyer for buyer in reversed(everybody) if _registrable(buyer.website) == domain}
    if owners or len(on_it) == 1 or (on_it and _PUBLIC_ONLY.search(domain)):
        return _found(owners[0] if owners else _first(everybody, on_it), "web site")
    same_name = {buyer.buyer_id: buyer for buyer in everybody if company and _bare(buyer.buyer_name) == _bare(company)}
    without_site = [buyer for buyer in same_name.values() if not _has_site(buyer.buyer_id, everybody)]
    if len(without_site) == 1 and len(same_name) == 1:
        return _found(without_site[0], "name")
    if documents and _PUBLIC_ONLY.search(domain):
        return _found(_first(everybody, {buyer.buyer_id: buyer for buyer in documents}), "documents")
    return None


def _first(ordered: Iterable[SeenBuyer], among: dict[str, SeenBuyer]) -> SeenBuyer:
    return next(buyer for buyer in ordered if buyer.buyer_id in among)


def _has_site(buyer_id: str, everybody: Iterable[SeenBuyer]) -> bool:
    return any(buyer.buyer_id == buyer_id and _registrable(buyer.website) for buyer in everybody)


def _found(buyer: SeenBuyer, known_by: str) -> PublicBody:
    return PublicBody.model_validate(
        {
            "buyer_id": buyer.buyer_id,
            "buyer_name": buyer.buyer_name,
            "buyer_type": buyer.buyer_type,
            "state": buyer.state,
            "website": buyer.website,
            "known_by": known_by,
        }
    )


def _parts(website: str | None) -> tuple[str, str]:
    """Return host (without `www.`) and path of a web site's address; empty if it is none."""
    text = (website or "").strip().lower()
    try:
        split = urlsplit(text if "://" in text else f"https://{text}")
        return (split.hostname or "").removeprefix("www."), split.path
    except ValueError:
        return "", ""


def _host(website: str | None) -> str:
    return _parts(website)[0]


def _is_root(website: str | None) -> bool:
    """Whether the whole host is the site: many towns have a page on a host that is somebody else's."""
    return _parts(website)[1] in ("", "/")


def _registrable(website: str | None) -> str | None:
    host = _host(website)
    try:
        return normalise_domain(host) if host else None
    except InvalidDomain:
        return None


def _bare(name: str) -> str:
    return " ".join(re.findall(r"\w+", name.casefold()))
