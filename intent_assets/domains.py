"""The one way from a text to a company's domain: a safe partition key, or a refusal with its reason."""

import ipaddress
import re
from email.utils import parseaddr
from functools import lru_cache
from typing import TYPE_CHECKING

from intent_assets.errors import InvalidDomain
from intent_assets.freemail import FREE_MAIL

if TYPE_CHECKING:
    from tldextract import TLDExtract

_MAX_TEXT = 2000
_MAX_DOMAIN = 253
_MAX_LABEL = 63
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
_NOT_PUBLIC = frozenset({"localhost", "localdomain", "local", "internal", "arpa", "onion"})


def normalise_domain(text: str) -> str:
    """Return the registrable domain in `text`: lower case, IDNA (`xn--`), without scheme, `www.`, path, port or user.

    Subdomains are cut off by the public suffix list as it came with `tldextract` (no network): `mail.vmock.example` is
    `vmock.example`. A top-level domain that the list doesn't have is a suffix by itself (the list's default rule).
    The list's private part counts, too: customers of `github.io` are companies of their own, `github.io` is none.
    Raises `InvalidDomain` with the reason for all else: addresses of machines, single labels, bare suffixes.
    """
    host = _host(text)
    ascii_host = _ascii(host, text)
    labels = ascii_host.split(".")
    if len(labels) > 2 and labels[0] == "www":
        labels = labels[1:]
    _refuse_machines(labels, text)
    suffix_length = _suffix_length(".".join(labels))
    if len(labels) <= suffix_length:
        raise _refusal(text, "it is a public suffix, under which many have their domains, not the domain of a company")
    if labels[0] == "www" and len(labels) == suffix_length + 1:
        raise _refusal(text, "there is only a public suffix behind www.")
    return ".".join(labels[-suffix_length - 1 :])


def is_partition_key(text: str) -> bool:
    """Say whether `text` is a normalised domain."""
    try:
        return normalise_domain(text) == text
    except InvalidDomain:
        return False


def partition_key(text: str) -> str:
    """Return `text` if it is a normalised domain already, else raise `InvalidDomain` that names the right spelling."""
    domain = normalise_domain(text)
    if domain != text:
        raise InvalidDomain(f"{_quoted(text)} can't be a partition key: write it as {domain!r}")
    return text


def domain_of_address(email: str) -> str:
    """Return the company's domain of an e-mail address (`Ana <ana@mail.vmock.example>` is `vmock.example`)."""
    if not isinstance(email, str):
        raise InvalidDomain(f"an e-mail address is a text, not {type(email).__name__}")
    try:
        local, at, host = parseaddr(email)[1].rpartition("@")
    except RecursionError:  # of comments within comments: `((((`
        local = at = host = ""
    if not (local and at and host):
        raise InvalidDomain("not an e-mail address: there has to be a name, an @ and a domain")
    return normalise_domain(host)


def is_free_mail(domain: str) -> bool:
    """Say whether `domain` (or the domain that it belongs to) gives mailboxes to anybody, as gmail.com does."""
    try:
        return normalise_domain(domain) in FREE_MAIL
    except InvalidDomain:
        return False


def _host(text: str) -> str:
    if not isinstance(text, str):
        raise InvalidDomain(f"a domain is a text, not {type(text).__name__}")
    host = text.strip()
    if not host:
        raise InvalidDomain("no domain given: the text is empty")
    if len(host) > _MAX_TEXT:
        raise _refusal(text, f"the text is longer than {_MAX_TEXT} characters")
    if any(character.isspace() or not character.isprintable() for character in host):
        raise _refusal(text, "there is white space or a control character inside it")
    host = host.partition("://")[2] if "://" in host else host.removeprefix("//")
    host = re.split(r"[/?#\\]", host, maxsplit=1)[0].rpartition("@")[2]
    if host.startswith("[") or host.count(":") > 1:
        raise _refusal(text, "it is the IP address of a machine, not the domain of a company")
    name, colon, port = host.partition(":")
    if colon and port and not (port.isascii() and port.isdigit()):
        raise _refusal(text, "what stands behind the colon is not a port")
    return name


def _ascii(host: str, text: str) -> str:
    if not host.isascii():
        import idna  # here: few domains need its tables

        try:
            host = idna.uts46_remap(host, std3_rules=True, transitional=False)
        except UnicodeError as problem:
            raise _refusal(text, f"it can't be written in IDNA ({problem})") from None
    host = host.lower().removesuffix(".")
    if not host:
        raise _refusal(text, "there is no host in it")
    labels = [_ascii_label(label, text) for label in host.split(".")]
    joined = ".".join(labels)
    if len(joined) > _MAX_DOMAIN:
        raise _refusal(text, f"it is longer than {_MAX_DOMAIN} characters")
    return joined


def _ascii_label(label: str, text: str) -> str:
    if not label:
        raise _refusal(text, "there is an empty part between two dots")
    encoded = label if label.isascii() and not label.startswith("xn--") else _idna_label(label, text)
    if len(encoded) > _MAX_LABEL:
        raise _refusal(text, f"a part of it is longer than {_MAX_LABEL} characters")
    if not _LABEL.fullmatch(encoded):
        raise _refusal(text, "a part of it has characters other than letters, digits and inner hyphens")
    return encoded


def _idna_label(label: str, text: str) -> str:
    import idna  # here: few domains need its tables

    try:
        return idna.alabel(idna.ulabel(label)).decode("ascii")
    except UnicodeError as problem:
        raise _refusal(text, f"it can't be written in IDNA ({problem})") from None


def _refuse_machines(labels: list[str], text: str) -> None:
    try:
        ipaddress.ip_address(".".join(labels))
    except ValueError:
        machine = labels[-1].isdigit() or bool(re.fullmatch(r"0x[0-9a-f]*", labels[-1]))
    else:
        machine = True
    if machine:
        raise _refusal(text, "it is the IP address of a machine, not the domain of a company")
    if labels[-1] in _NOT_PUBLIC:
        raise _refusal(text, f".{labels[-1]} names are of a machine or a private network, not of a company")
    if len(labels) == 1:
        raise _refusal(text, "it is a single word without a dot")


def _suffix_length(host: str) -> int:
    suffix = _extractor().extract_str(host).suffix
    return suffix.count(".") + 1 if suffix else 1


@lru_cache(maxsize=1)
def _extractor() -> "TLDExtract":
    from tldextract import TLDExtract  # here: it takes 0.3 s to import

    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


def _quoted(text: str) -> str:
    """Quote `text` for a message, but no person's name, address or password that stands in its place."""
    if "@" in text or any(character.isspace() for character in text.strip()):
        return "the text"
    shown = text.strip().encode("ascii", "backslashreplace").decode("ascii")
    return repr(shown if len(shown) <= 80 else shown[:80] + "...")


def _refusal(text: str, reason: str) -> InvalidDomain:
    return InvalidDomain(f"{_quoted(text)} is not the domain of a company: {reason}")
