"""What a person wrote, without what mail programs put around it."""

import time

import pytest

from intent_assets.intake.mail import own_words, snippet

BODIES = [
    ("Yes, please.", "Yes, please.", "nothing around it"),
    ("Yes.\r\n\r\nAna", "Yes.\n\nAna", "line ends of mail"),
    ("Yes.\n\nOn Mon, Nov 23, 2026 at 9:00 AM Sam <s@x.example> wrote:\n> Hi\n> there", "Yes.", "Gmail"),
    ("Yes.\n\nOn Mon, Nov 23, 2026 at 9:00 AM Sam Outreach\n<s@x.example> wrote:\n\n> Hi", "Yes.", "Gmail, wrapped"),
    ("Yes.\n\nOn 23 Nov 2026, Sam wrote:\n\nHi Ana,\nold text", "Yes.", "announced, but not marked"),
    ("Ja.\n\nAm Mo., 23. Nov. 2026 um 09:00 Uhr schrieb Sam <s@x.example>:\n> Hallo", "Ja.", "German"),
    ("Oui.\n\nLe lun. 23 nov. 2026 à 09:00, Sam <s@x.example> a écrit :\n> Bonjour", "Oui.", "French"),
    ("Yes.\n\n-----Original Message-----\nFrom: Sam\nSubject: x\n\nold", "Yes.", "old Outlook"),
    ("Yes.\n\n---------- Forwarded message ---------\nFrom: Sam", "Yes.", "forwarded"),
    ("Yes.\n\n________________________________\nFrom: Sam\nSent: Monday\n\nold", "Yes.", "Outlook on the web"),
    ("Yes.\n\nFrom: Sam <s@x.example>\nSent: Monday, 23 November 2026 09:00\nTo: Ana\n\nold", "Yes.", "Outlook"),
    ("Ja gern.\n\nVon: Sam\nGesendet: Montag\nAn: Ana\nBetreff: x\n\nalt", "Ja gern.", "Outlook in German"),
    ("*From:* a\nYes.", "*From:* a\nYes.", "one line that looks like a header is none"),
    ("> Shall I send it?\nYes, do.\n> When?\nOn Monday.", "Yes, do.\nOn Monday.", "answers between the questions"),
    ("On Mon, Sam wrote:\n> Shall I send it?\n\nYes, do.", "Yes, do.", "an answer below the quote"),
    ("Yes.\n-- \nAna Diaz\nVMock", "Yes.", "signature"),
    ("Yes.\n\nSent from my iPhone", "Yes.", "phone"),
    ("Yes.\n\nGet Outlook for iOS", "Yes.", "phone with Outlook"),
    ("Ja.\n\nVon meinem iPhone gesendet", "Ja.", "phone in German"),
    ("Yes.\n\nBest regards,\nAna Diaz\nVMock\n+1 555 0100", "Yes.", "closing"),
    (
        "On Monday I wrote to you. Is it there?",
        "On Monday I wrote to you. Is it there?",
        "a sentence like an announcement",
    ),
    ("Is a < b and b > c?", "Is a < b and b > c?", "no markup"),
    ("Write to <b@x.example>, please.", "Write to <b@x.example>, please.", "an address is no markup"),
    ("> only quoted", "", "nothing of one's own"),
    ("<div>Yes.<br>Do it.</div>", "Yes.\nDo it.", "HTML"),
    ("<p>1 &lt; 2 &amp; yes&nbsp;do</p>", "1 < 2 & yes do", "entities"),
    ("<style>p {color: red}</style><p>Yes.</p><script>alert(1)</script>", "Yes.", "what nobody sees"),
    ("<!-- hidden --><p>Yes.</p>", "Yes.", "comments"),
    ('<div>Yes.</div><div class="gmail_quote">On x wrote:<blockquote>old</blockquote></div>', "Yes.", "Gmail's HTML"),
    (
        "<p>Yes.</p><blockquote><p>old<p>older</blockquote><p>Do.</p>",
        "Yes.\n\nDo.",
        "quote in the middle, tags left open",
    ),
    ("<p>Yes.</p><hr><p><b>From:</b> Sam<br><b>Sent:</b> Monday</p><p>old</p>", "Yes.", "Outlook's HTML"),
    ('<div>Yes.</div><div class="gmail_signature">Ana</div>', "Yes.", "signature in HTML"),
]


@pytest.mark.parametrize(("body", "words", "reason"), BODIES)
def test_own_words(body: str, words: str, reason: str) -> None:
    assert own_words(body) == words


@pytest.mark.parametrize(
    "body",
    ["<p" * 90_000, "<p>" + "<!--" * 40_000, "<p>" + "</" * 90_000, "<p>" + "</p " * 45_000, "On \n" * 45_000,
     "From: a\n" * 25_000, "> \n" * 60_000, "On wrote " * 20_000, "<!" * 90_000],
)  # fmt: skip
def test_hostile_bodies_take_no_time(body: str) -> None:
    started = time.monotonic()
    own_words(body)
    assert time.monotonic() - started < 3


SNIPPETS = [
    ("Yes. Send it. Now.", "Yes. Send it."),
    ("One sentence only", "One sentence only"),
    ("Is it on?\nYes", "Is it on? Yes"),
    ("We use v. 2 of e.g. this. Thanks.", "We use v. 2 of e.g. this."),
    ("", ""),
    (None, ""),
]


@pytest.mark.parametrize(("text", "expected"), SNIPPETS)
def test_snippet(text: str | None, expected: str) -> None:
    assert snippet(text) == expected


def test_long_sentences_are_cut_between_words() -> None:
    cut = snippet("word " * 100)
    assert len(cut) <= 240
    assert cut.endswith("word…")
    assert len(snippet("x" * 1000)) == 240
