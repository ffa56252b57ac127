"""Values that readers stumble over: what JSON, Unicode, dates, addresses and markup can be made to hold."""

import math
from typing import Any

ODD_TEXTS = (
    "", " ", "\0", "\x1b[31m", "\ud800", "a\udc00b", "\udfff\ud800", "\u202eexe.fdp\u202c", "\u2066abc\u2069",
    "\u200b", "\ufeff", "e\u0301", "ﬁ", "İ", "ẞ", "٣٤٥", "½", "Ⅷ", "𝟙", "😀", "\u2028", "\r", "\r\n", "\x85", "null",
    "NaN", "true", "-0", "1e999", "9" * 5000, "$1,000.50", "12,400", "-5", "0x1F", "1_000", "2026-02-30",
    "0000-00-00", "9999-12-31T23:59:59.999+14:00", "2026-03-14T09:00:00Z", "2026-W01-1", "20260314", "03/14/2026",
    "1773478800", "Infinity", "{{E123456}}", "{{E1}}", "{{E123456", "{{{{E000001}}}}", "</data>",
    "<script>alert(1)</script>", "<!--", "<div><div><div>", "[x](javascript:x)", "../../etc/passwd", "a" * 50_000,
    "ab " * 20_000, "(" * 5000, "@" * 5000, "http://[::1", "https://x.example:99999/", "x@y", "a@b@c.example", "xn--",
    "xn--a.example", "-a.example", "a..b", "192.168.0.1", "*.example", "ex\u00adample.com", "%00", "%ff",
    "'; DROP TABLE runs; --", "[]", "{}", '{"a": [1, {"b": null}]}', "\\ud800", "07/01", "13/45",
)  # fmt: skip
ODD_NUMBERS = (
    0, -1, 1, 2**31, 2**53 + 1, 2**63, -(2**63) - 1, 10**25, 10**400, 0.1, -0.0, 1e-320, 1e15, 1e308, -1e308,
    math.nan, math.inf, -math.inf,
)  # fmt: skip
ODD_VALUES: tuple[Any, ...] = (
    None, True, False, [], {}, [[]], [None], {"": ""}, {"a": {"a": {"a": None}}}, [{}, {}], ["a", 1, None],
    [0.5] * 200,
)  # fmt: skip
ODD_KEYS = ("", " ", "\0", "\ud800", "__class__", "__proto__", "constructor", "id", "type", "a" * 1000, "é", "0")
ODD_BYTES = (
    b"\0", b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x80", b"\xef\xbb\xbf", b"\xff\xfe",
    b"'", b'"', b"\\", b"\\u", b"\\ud800", b"\\udc00\\ud800", b"\\x41", b",", b",,", b":", b"}", b"]", b"[", b"{",
    b"//", b"/* */", b"\x1f", b"\n", b"NaN", b"-Infinity", b"1e999", b"-", b"00", b"1.", b".5", b"0x1", b"undefined",
    b"True", b"<html>", b"\r\n\r\n",
)  # fmt: skip
