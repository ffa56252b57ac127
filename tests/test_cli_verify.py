"""`intent verify` compares a text with any JSON, for people and for machines, one text or many."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from intent_assets.cli import main
from tests.prose.cases import TENDER, WEATHER

WRONG = "# Ridgeview\n\nThe RFP closes 12 December 2026.\nIt is worth $3.2 million.\n"


class Done(NamedTuple):
    code: int
    out: str
    err: str


Verify = Callable[..., Done]


@pytest.fixture
def verify(
    tmp_path: Path, clean_environment: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Verify:
    """`intent verify` in a folder of its own, where `files` are, with `given` as standard input."""

    def run(*options: str, given: bytes = b"", **files: bytes | str) -> Done:
        for name, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            (tmp_path / name.replace("_", ".")).write_bytes(data)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given), encoding="utf-8"))
        monkeypatch.setattr(sys, "argv", ["intent", "verify", *options])
        with pytest.raises(SystemExit) as ended:
            main()
        return Done(int(ended.value.code or 0), *capsys.readouterr())

    return run


def line(text: object, evidence: object, **more: object) -> bytes:
    return json.dumps({"text": text, "evidence": evidence} | more).encode()


def test_findings_are_told_with_line_and_column(verify: Verify) -> None:
    done = verify("text.md", "--evidence", "tender.json", text_md=WRONG, tender_json=json.dumps(TENDER))
    assert done.code == 1
    assert done.out == "4:13: '$3.2 million': amount is 2,300,000 (confidence 0.80)\n"
    assert done.err == "1 finding\n"


def test_a_text_that_fits_gives_no_finding(verify: Verify) -> None:
    right = WRONG.replace("3.2", "2.3")
    done = verify("text.md", "--evidence", "tender.json", text_md=right, tender_json=json.dumps(TENDER))
    assert (done.code, done.out) == (0, "")
    assert "nothing" in done.err
    done = verify("text.md", "--evidence", "tender.json", "--json")
    assert (done.code, json.loads(done.out), done.err) == (0, [], "")


def test_json_has_offsets_in_characters(verify: Verify) -> None:
    text = "€ – naïve. " + WRONG
    done = verify("text.md", "--evidence", "-", "--json", given=json.dumps(TENDER).encode(), text_md=text)
    (finding,) = json.loads(done.out)
    assert list(finding) == ["start", "end", "quote", "reason", "confidence"]
    assert text[finding["start"] : finding["end"]] == finding["quote"] == "$3.2 million"
    assert (done.code, done.err) == (1, "")


def test_the_text_can_be_standard_input_and_the_evidence_begin_with_a_byte_order_mark(verify: Verify) -> None:
    evidence = b"\xef\xbb\xbf" + json.dumps(TENDER).encode()
    done = verify("-", "--evidence", "tender.json", given=WRONG.encode(), tender_json=evidence)
    assert done.out.startswith("4:13: ")


def test_a_quote_can_not_move_the_terminals_cursor(verify: Verify) -> None:
    text = "The RFP closes 21 December\x1b[2J 2026 or 21 December 2026."
    evidence = json.dumps({"due_date\x1b[31m": "2026-12-12"})
    done = verify("text.md", "--evidence", "e.json", text_md=text, e_json=evidence)
    assert done.code == 1
    assert "\x1b" not in done.out


@pytest.mark.parametrize(
    ("options", "files", "said"),
    [
        ((), {}, "intent verify TEXT.md --evidence ANY.json"),
        (("text.md",), {"text_md": "x"}, "intent verify TEXT.md --evidence ANY.json"),
        (("text.md", "--evidence", "none.json"), {"text_md": "x"}, "none.json: No such file"),
        (("none.md", "--evidence", "e.json"), {"e_json": "{}"}, "none.md: No such file"),
        (("text.md", "--evidence", "e.json"), {"text_md": "x", "e_json": "{"}, "e.json is not JSON"),
        (("text.md", "--evidence", "e.json"), {"text_md": "x", "e_json": "[" * 5000}, "e.json is not JSON"),
        (("text.md", "--evidence", "e.json"), {"text_md": b"\xff\xfe", "e_json": "{}"}, "text.md is not UTF-8"),
        (("text.md", "--evidence", "e.json"), {"text_md": "x", "e_json": b"\xff"}, "e.json is not UTF-8"),
        (("-", "--evidence", "-"), {}, "only one of text and evidence"),
        (("--batch", "none.jsonl"), {}, "none.jsonl: No such file"),
        (("text.md", "--batch", "-"), {"text_md": "x"}, "leave TEXT.md and --evidence out"),
    ],
)
def test_input_that_can_not_be_used_is_named_with_exit_code_2(
    verify: Verify, options: tuple[str, ...], files: dict[str, Any], said: str
) -> None:
    done = verify(*options, **files)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("intent: ")
    assert said in done.err
    assert len(done.err.splitlines()) == 1


def test_a_batch_answers_each_line_in_order(verify: Verify) -> None:
    wrong = line("It is worth $3.2 million.", TENDER, task="tenders", id=1, model="m")
    right = line("On March 4th there is a high of 9.5°C.", WEATHER, task="weather", id="b", model=None, more=1)
    done = verify("--batch", "many.jsonl", many_jsonl=b"\n".join([wrong, right, b"", wrong]))
    rows = [json.loads(row) for row in done.out.splitlines()]
    assert (done.code, done.err) == (0, "")
    assert [list(row) for row in rows] == [["task", "id", "model", "findings"]] * 3
    assert [(row["task"], row["id"], row["model"]) for row in rows] == [
        ("tenders", 1, "m"),
        ("weather", "b", None),
        ("tenders", 1, "m"),
    ]
    assert [finding["quote"] for finding in rows[0]["findings"]] == ["$3.2 million"]
    assert rows[1]["findings"] == []
    assert rows[2] == rows[0]
    assert verify("--batch", "-", given=b"\n".join([wrong, right, b"", wrong])).out == done.out


def test_bad_lines_of_a_batch_are_named_and_lose_none_of_the_others(verify: Verify) -> None:
    good = line("It is worth $3.2 million.", TENDER, id=1)
    bad = [b"nope", b"[1]", line(5, TENDER), b'{"text": "x"}', b"\xff\xfe", b"[" * 5000, b'{"text": "x", "evidence": ']
    done = verify("--batch", "-", given=b"\n".join([good, *bad, good]))
    assert [json.loads(row)["id"] for row in done.out.splitlines()] == [1, 1]
    assert done.code == 1
    assert [row.partition(": ")[2].partition(":")[0] for row in done.err.splitlines()] == [
        f"line {number}" for number in range(2, 9)
    ]


def test_texts_and_evidence_of_any_kind_get_an_answer(verify: Verify) -> None:
    texts = ["", "\ud800 5", "\x00", "1 " * 5000, "気温は5度"]
    evidence: list[Any] = [None, 1, "x", [], {}, [[[]]], {"a": 10**400}, {"units": 1}, [None, {}]]
    rows = [line(text, each, id=n) for n, text in enumerate(texts) for each in evidence]
    done = verify("--batch", "-", given=b"\n".join([*rows, b'{"text": "5", "evidence": NaN}']))
    assert (done.code, done.err) == (0, "")
    assert len(done.out.splitlines()) == len(rows) + 1
