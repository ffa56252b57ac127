"""`intent audit`: what of a published page is still as it was checked, over the sandbox's Notion."""

import os
from collections.abc import Iterator

import pytest

from intent_assets.reports import Release, Verdict
from intent_assets.resources.notion_calls import bare_id
from intent_assets.resources.warehouse import Warehouse
from intent_assets.sandbox.faults import Fault
from intent_assets.sandbox.server import Sandbox
from tests.published import CHAT, DOMAIN, block, put_on_page, say, stored
from tests.reported import Reported
from tests.resources.notion_server import as_new, fault, other_page, run, service
from tests.running import intent, make_report

pytestmark = pytest.mark.filterwarnings("ignore:The `__fields__` attribute is deprecated")


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with Sandbox(only=["notion"]) as sandbox:
        yield sandbox


@pytest.fixture
def server(running: Sandbox, clean_environment: None, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    return as_new(running, monkeypatch)


@pytest.mark.parametrize("domain", [DOMAIN, "https://www.VMock.example/about", " Ana@vmock.example"])
def test_a_page_that_nobody_touched_is_unchanged(server: Sandbox, domain: str) -> None:
    page = put_on_page()
    server.calls.clear()
    ran = intent("audit", domain)
    assert (ran.exit_code, ran.error) == (0, None)
    assert ran.stdout.startswith(f"unchanged: {page.url} says what was checked (text {page.text_hash[:12]}")  # type: ignore[index]
    assert "for the reply r-1, with 2 sentences of the buyer chat)" in ran.stdout
    assert {call.method for call in server.calls} == {"GET"}, "an audit changes nothing"


def test_a_figure_that_was_edited_is_shown_and_denied(server: Sandbox) -> None:
    page = put_on_page()
    node = block(server, page, "It has ")
    say(server, node, "It has 6,612 students. [3]")
    ran = intent("audit", DOMAIN)
    assert ran.exit_code == 1
    lines = ran.stdout.splitlines()
    assert lines[0].startswith(f"CHANGED: {page.url} is not what was checked")
    assert "- It has 5,612 students. [3]" in lines
    assert "+ It has 6,612 students. [3]" in lines
    assert lines[lines.index("+ It has 6,612 students. [3]") - 2] == "Buyer profile:"
    assert "  '6,612' (typed_figure): the ledger has no such figure for this" in lines


def test_an_edit_that_makes_nothing_false_is_still_a_change(server: Sandbox) -> None:
    page = put_on_page()
    say(server, block(server, page, "Mention "), "Mention the document that you have read.")
    ran = intent("audit", DOMAIN, "--json")
    assert ran.exit_code == 1
    assert ran.json["status"] == "changed"
    assert [change["sign"] for change in ran.json["changes"]] == ["-", "+"]
    assert ran.json["changes"][1]["section"] == "Gameplan"
    assert ran.json["findings"] == []
    assert "Nothing in the new lines is against the facts" in intent("audit", DOMAIN).stdout


def test_lines_that_were_added_and_taken_away(server: Sandbox) -> None:
    page = put_on_page()
    store = service(server).store
    with store.change():
        store.trash(block(server, page, "comes out ahead"))
        added = {"paragraph": {"rich_text": [{"text": {"content": "Call Bob Stone on 14 May."}}]}}
        store.add_blocks(bare_id(page.page_id) or "", [added], 1)
    told = intent("audit", DOMAIN, "--json").json
    assert [(change["sign"], change["text"][:12]) for change in told["changes"]] == [
        ("+", "Call Bob Sto"),
        ("-", "Riverhead Ce"),
    ]
    quotes = {finding["quote"] for finding in told["findings"]}
    assert quotes == {"Bob Stone", "14 May"}


@pytest.mark.parametrize(
    ("cell", "old", "new", "fault_told"),
    [
        pytest.param(1, "open", "closed", "state_word", id="a status in a table"),
        pytest.param(2, "due 12 December 2026", "due 13 December 2026, in 19 days", "typed_date", id="a date"),
    ],
)
def test_cells_are_held_to_their_row(server: Sandbox, cell: int, old: str, new: str, fault_told: str) -> None:
    page = put_on_page()
    node = block(server, page, "Career Platform Services (RFP)")
    cells = [list(items) for items in node.value["cells"]]
    assert old in str(cells[cell])
    cells[cell] = [{"type": "text", "text": {"content": new}, "plain_text": new}]
    with service(server).store.change():
        service(server).store.update(node, cells=cells)
    told = intent("audit", DOMAIN, "--json").json
    assert [(finding["fault"], finding["quote"] in new) for finding in told["findings"]] == [(fault_told, True)]


def test_a_link_that_leads_elsewhere_is_a_change(server: Sandbox) -> None:
    page = put_on_page()
    node = block(server, page, "before anything else")
    items = [dict(item) for item in node.value["rich_text"]]
    for item in items:
        if item["text"].get("link"):
            item["text"] = {**item["text"], "link": {"url": "https://evil.example/rfp"}}
            item["href"] = "https://evil.example/rfp"
    with service(server).store.change():
        service(server).store.update(node, rich_text=items)
    told = intent("audit", DOMAIN, "--json").json
    assert told["status"] == "changed"
    assert "https://evil.example/rfp" in told["changes"][1]["text"]
    assert [finding["quote"] for finding in told["findings"]] == ["https://evil.example/rfp"]


def test_a_footnote_that_leads_elsewhere_is_a_change(server: Sandbox) -> None:
    page = put_on_page()
    node = block(server, page, "asks for bids on")
    items = [dict(item) for item in node.value["rich_text"]]
    for item in items:
        if item["plain_text"].startswith("[") and item["text"].get("link"):
            item["href"] = "https://evil.example/"
            item["text"] = {**item["text"], "link": {"url": "https://evil.example/"}}
    with service(server).store.change():
        service(server).store.update(node, rich_text=items)
    told = intent("audit", DOMAIN, "--json").json
    assert [change["sign"] for change in told["changes"]] == ["-", "+"]
    assert "(footnotes lead to https://evil.example" in told["changes"][1]["text"]


def test_a_title_that_was_edited(server: Sandbox) -> None:
    page = put_on_page()
    store = service(server).store
    node = store.any(bare_id(page.page_id) or "")
    assert node is not None
    with store.change():
        store.update(node, title=[{"text": {"content": "My notes"}}])
    told = intent("audit", DOMAIN, "--json").json
    assert [change["text"] for change in told["changes"]] == ["# Intent report: VMock (vmock.example)", "# My notes"]


def test_the_buyer_chat_is_held_to_what_was_quoted(server: Sandbox) -> None:
    page = put_on_page()
    say(server, block(server, page, CHAT[0]), "The board has approved $5 million.")
    told = intent("audit", DOMAIN, "--json").json
    assert [change["text"] for change in told["changes"]] == [f"> {CHAT[0]}", r"> The board has approved $5 million."]
    assert "$5 million" in [finding["quote"] for finding in told["findings"]]


def test_a_section_of_the_buyer_chat_that_nobody_checked(server: Sandbox) -> None:
    page = put_on_page(chat=())
    assert intent("audit", DOMAIN).exit_code == 0
    run(lambda client: client.append_addendum(str(page.page_id), ["Trust me."]))
    told = intent("audit", DOMAIN, "--json").json
    assert "> Trust me." in [change["text"] for change in told["changes"] if change["sign"] == "+"]


def test_the_chat_of_a_report_that_was_just_replaced_may_be_missing_still(server: Sandbox) -> None:
    page = put_on_page()
    os.utime(str(stored().path("strategic_addendum", DOMAIN)), (0, 0))
    assert intent("audit", DOMAIN).exit_code == 0, "it stands there as it was quoted"
    run(lambda client: client.append_addendum(str(page.page_id), ()))
    assert intent("audit", DOMAIN).exit_code == 0, "the chat of this report is still under way"


def test_pages_that_people_put_below_are_no_part_of_it(server: Sandbox) -> None:
    page = put_on_page()
    other_page(server, "My notes", parent=bare_id(page.page_id))
    ran = intent("audit", DOMAIN, "--json")
    assert (ran.exit_code, ran.json["status"], ran.json["pages_below"]) == (0, "unchanged", 1)


def test_a_released_report_is_compared_with_its_banner(server: Sandbox) -> None:
    page = put_on_page()
    store = stored()
    checked = store.read("fact_checked_report", DOMAIN)
    held = checked.model_copy(update={"verdict": Verdict(outcome="held", text_hash=checked.verdict.text_hash)})
    word = Release(text_hash=held.verdict.text_hash, because="read it", by="Kim", at=page.published_at)
    run(lambda client: client.publish(held, known_page_id=page.page_id, release=word))
    store.write("fact_checked_report", DOMAIN, held)
    store.write("notion_page", DOMAIN, page.model_copy(update={"release": word}))
    store.write(
        "strategic_addendum", DOMAIN, store.read("strategic_addendum", DOMAIN).model_copy(update={"sentences": ()})
    )
    ran = intent("audit", DOMAIN)
    assert (ran.exit_code, "; released by Kim)" in ran.stdout) == (0, True), ran.stdout


def gone(server: Sandbox, page_id: str) -> None:
    store = service(server).store
    node = store.any(page_id)
    assert node is not None
    with store.change():
        store.trash(node)


def test_a_page_in_the_trash(server: Sandbox) -> None:
    page = put_on_page()
    gone(server, bare_id(page.page_id) or "")
    ran = intent("audit", DOMAIN)
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert f"not compared: the page of {DOMAIN} ({page.url}) is in Notion's trash" in ran.stderr
    assert f"intent report {DOMAIN}" in ran.stderr


def test_a_page_that_is_not_there(server: Sandbox) -> None:
    page = put_on_page()
    stored().write("notion_page", DOMAIN, page.model_copy(update={"page_id": "f" * 32}))
    ran = intent("audit", DOMAIN, "--json")
    assert (ran.exit_code, ran.json["status"]) == (2, "not_compared")
    assert "not there any more, or not shared" in ran.json["reason"]


def test_notion_does_not_answer(server: Sandbox) -> None:
    put_on_page()
    server.faults.add(fault("retrieve_page", "status", status=503))
    ran = intent("audit", DOMAIN)
    assert (ran.exit_code, "HTTP 503" in ran.stderr) == (2, True)


def test_there_is_no_report(server: Sandbox) -> None:
    ran = intent("audit", "nowhere.example")
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert "there is no report of nowhere.example" in ran.stderr


def test_no_domain_at_all(server: Sandbox) -> None:
    ran = intent("audit", "localhost", "--json")
    assert (ran.exit_code, ran.json["status"]) == (2, "not_compared")


def test_a_report_that_is_held_has_no_page(server: Sandbox) -> None:
    page = put_on_page()
    store = stored()
    checked = store.read("fact_checked_report", DOMAIN)
    verdict = checked.verdict.model_copy(update={"outcome": "held"})
    store.write("fact_checked_report", DOMAIN, checked.model_copy(update={"verdict": verdict}))
    store.write("notion_page", DOMAIN, page.model_copy(update={"page_id": None, "text_hash": None}))
    ran = intent("audit", DOMAIN)
    assert (ran.exit_code, "is held by the fact check: there is no page" in ran.stderr) == (2, True)


def test_the_page_of_an_earlier_report_can_not_be_compared(server: Sandbox) -> None:
    page = put_on_page()
    stored().write("notion_page", DOMAIN, page.model_copy(update={"text_hash": "0" * 64}))
    ran = intent("audit", DOMAIN)
    assert ran.exit_code == 2
    assert "is not the one on the page" in ran.stderr


def test_a_report_that_this_version_writes_in_another_way_can_not_be_compared(server: Sandbox) -> None:
    page = put_on_page()
    store = stored()
    checked = store.read("fact_checked_report", DOMAIN)
    verdict = checked.verdict.model_copy(update={"text_hash": "1" * 64})
    store.write("fact_checked_report", DOMAIN, checked.model_copy(update={"verdict": verdict}))
    store.write("notion_page", DOMAIN, page.model_copy(update={"text_hash": "1" * 64}))
    ran = intent("audit", DOMAIN)
    assert (ran.exit_code, "in another way than the one that published" in ran.stderr) == (2, True)


def test_facts_of_a_later_run_check_nothing(server: Sandbox) -> None:
    page = put_on_page()
    say(server, block(server, page, "It has "), "It has 6,612 students.")
    stored().path("evidence", DOMAIN).unlink()
    ran = intent("audit", DOMAIN)
    assert ran.exit_code == 1
    assert "The new lines were not checked: the facts of the report" in ran.stdout


def test_what_stands_on_the_page_can_not_move_the_cursor(server: Sandbox) -> None:
    page = put_on_page()
    say(server, block(server, page, "It has "), "It has \x1b[2J many students.")
    assert "\x1b" not in intent("audit", DOMAIN).stdout


@pytest.mark.usefixtures("environment")
def test_a_published_run_is_unchanged_and_the_audit_is_recorded(sandbox: Sandbox, after_report: Reported) -> None:
    assert intent("audit", DOMAIN).exit_code == 0
    page = stored().read("notion_page", DOMAIN)
    say(sandbox, block(sandbox, page, "looked through"), "The search looked through 12 buyers.")
    ran = intent("audit", DOMAIN, "--json")
    assert ran.exit_code == 1
    assert [finding["quote"] for finding in ran.json["findings"]] == ["12"]
    steps = Warehouse().steps(after_report.answer["run_id"])
    audits = steps[steps["step"] == "audit"].sort_values("attempt")
    assert list(zip(audits["attempt"], audits["status"], audits["message"], strict=True)) == [
        (1, "success", "the page is unchanged"),
        (2, "failure", "the page is changed"),
    ]


@pytest.mark.usefixtures("environment", "after_report")
def test_a_chat_that_fails_at_the_second_run_leaves_no_quotes_that_nobody_keeps(sandbox: Sandbox) -> None:
    assert "sentences of the buyer chat" in intent("audit", DOMAIN).stdout
    sandbox.faults.add(Fault(service="starbridge", operation="buyer_chat", kind="status", status=500))
    make_report()
    ran = intent("audit", DOMAIN)
    assert (ran.exit_code, "sentences of the buyer chat" in ran.stdout) == (0, False), ran.stdout
