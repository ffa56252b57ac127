"""From a text to a partition key: what is a company's domain, and what is refused."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intent_assets.domains import domain_of_address, is_free_mail, normalise_domain, partition_key
from intent_assets.errors import InvalidDomain
from intent_assets.freemail import FREE_MAIL

ACCEPTED = [
    ("vmock.example", "vmock.example", "it is one already; .example is not in the list, so it is a suffix by itself"),
    ("mail.vmock.example", "vmock.example", "a subdomain is the same company"),
    ("a.b.c.vmock.example", "vmock.example", "so are many"),
    ("VMock.Example", "vmock.example", "case does not matter in names"),
    ("  vmock.example\n", "vmock.example", "white space around it"),
    ("https://www.vmock.example/a/b?q=1#x", "vmock.example", "an address that was copied from a browser"),
    ("//vmock.example/a", "vmock.example", "no scheme, but slashes"),
    ("vmock.example:8443", "vmock.example", "a port"),
    ("https://user:pw@vmock.example:8443/", "vmock.example", "a user"),
    ("ana.diaz@mail.vmock.example", "vmock.example", "an e-mail address in its place"),
    ("vmock.example.", "vmock.example", "the root's dot"),
    ("mail.acme.co.uk", "acme.co.uk", "a suffix of two parts"),
    ("lausd.k12.ca.us", "lausd.k12.ca.us", "a suffix of three parts"),
    ("bücher.de", "xn--bcher-kva.de", "unicode becomes IDNA"),
    ("xn--bcher-kva.de", "xn--bcher-kva.de", "IDNA stays"),
    ("ＶＭｏｃｋ。example", "vmock.example", "full-width letters and dot"),
    ("www.食狮.公司.cn", "xn--85x722f.xn--55qx5d.cn", "a unicode suffix"),
    ("ana.github.io", "ana.github.io", "customers of a private suffix are companies of their own"),
    ("3m.com", "3m.com", "a label may begin with a digit"),
]

REFUSED = [
    ("", "empty", "nothing"),
    ("  ", "empty", "nothing but space"),
    ("vmock", "single word", "no dot"),
    ("localhost", "machine", "this machine"),
    ("db.internal", "private network", "an inner name"),
    ("192.0.2.1", "IP address", "an address"),
    ("http://192.0.2.1:80/x", "IP address", "an address in a URL"),
    ("[2001:db8::1]", "IP address", "an IPv6 address"),
    ("2001:db8::1", "IP address", "the same, bare"),
    ("0x7f.1", "IP address", "a hexadecimal address"),
    ("co.uk", "public suffix", "many companies"),
    ("github.io", "public suffix", "many companies, in the private part of the list"),
    ("www.co.uk", "public suffix", "nothing but a suffix behind www."),
    ("www.com", "public suffix", "nothing but a suffix behind www."),
    ("my_company.example", "characters", "an underscore"),
    ("-vmock.example", "characters", "a hyphen at the edge"),
    ("vmock..example", "empty part", "two dots"),
    (f"{'a' * 64}.example", "longer than 63", "a label that is too long"),
    (".".join(["a" * 60] * 5) + ".example", "longer than 253", "a name that is too long"),
    ("a" * 3000, "longer than 2000", "no name at all"),
    ("vmock .example", "white space", "a space inside"),
    ("vmock\x00.example", "control character", "a zero byte"),
    ("xn--a.example", "IDNA", "IDNA that says nothing"),
    ("💩.example", "IDNA", "a character that names can't have"),
    ("../../etc/passwd", "there is no host|empty part", "a path"),
    ("vmock.example:http", "port", "a word where the port stands"),
    ("vmock.example%2f", "characters", "escapes"),
]


@pytest.mark.parametrize(("text", "domain", "reason"), ACCEPTED)
def test_text_becomes_the_companys_domain(text: str, domain: str, reason: str) -> None:
    assert normalise_domain(text) == domain
    assert partition_key(domain) == domain


@pytest.mark.parametrize(("text", "said", "reason"), REFUSED)
def test_refusal_says_why(text: str, said: str, reason: str) -> None:
    with pytest.raises(InvalidDomain, match=said):
        normalise_domain(text)
    with pytest.raises(InvalidDomain):
        partition_key(text)


def test_a_key_in_another_spelling_is_refused_with_the_right_one() -> None:
    with pytest.raises(InvalidDomain, match=r"'vmock\.example'"):
        partition_key("www.VMock.example")


def test_refusals_tell_no_person_and_no_password() -> None:
    for text in ("https://ana:geheim@localhost/", "ana.diaz@localhost", "Ana Diaz"):
        with pytest.raises(InvalidDomain) as refusal:
            normalise_domain(text)
        assert not any(word in str(refusal.value) for word in ("geheim", "ana", "Ana", "Diaz"))


@given(st.text(max_size=60) | st.from_regex(r"(https?://)?([a-z0-9-]{1,8}\.){1,4}(com|example|co\.uk|io)(/.*)?"))
def test_what_is_accepted_is_its_own_normal_form_and_safe_as_a_file_name(text: str) -> None:
    try:
        domain = normalise_domain(text)
    except InvalidDomain:
        return
    assert normalise_domain(domain) == domain
    assert set(domain) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")
    assert not domain.startswith((".", "-", "www."))
    assert "." in domain


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("ana@vmock.example", "vmock.example"),
        ("Ana Diaz <ana.diaz@Mail.VMock.example>", "vmock.example"),
        ("ana@bücher.de", "xn--bcher-kva.de"),
    ],
)
def test_domain_of_an_address(address: str, domain: str) -> None:
    assert domain_of_address(address) == domain


@pytest.mark.parametrize("address", ["", "ana", "@vmock.example", "ana@", "ana@localhost", "ana@192.0.2.1"])
def test_an_address_without_a_companys_domain_is_refused(address: str) -> None:
    with pytest.raises(InvalidDomain):
        domain_of_address(address)


@pytest.mark.parametrize("domain", ["gmail.com", "mail.gmail.com", "yahoo.co.uk", "GMX.de", "outlook.com", "qq.com"])
def test_free_mail_is_known(domain: str) -> None:
    assert is_free_mail(domain)


@pytest.mark.parametrize("domain", ["vmock.example", "google.com", "gmail.example", "notgmail.com", "no domain"])
def test_companies_are_no_free_mail(domain: str) -> None:
    assert not is_free_mail(domain)


def test_the_list_of_free_mail_is_in_normal_form() -> None:
    assert [domain for domain in sorted(FREE_MAIL) if normalise_domain(domain) != domain] == []


def test_the_suffix_list_is_loaded_only_when_it_is_needed() -> None:
    code = "import sys, intent_assets.domains, intent_assets.intake.replies; sys.exit('tldextract' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
