"""Two replies of one domain: the page ends with the report of the later one, whoever comes to the end last."""

import json
from pathlib import Path
from typing import get_args

import pytest

from intent_assets.records import SectionName
from intent_assets.sandbox.faults import Fault
from intent_assets.sandbox.server import Sandbox
from tests.running import PRODUCT, intent

pytestmark = pytest.mark.usefixtures("environment")

DOMAIN = "vmock.example"


def reply_file(folder: Path, name: str) -> str:
    file = folder / f"{name}.json"
    fields = {
        "target_domain": DOMAIN,
        "prospect_name": f"{name} Diaz",
        "prospect_email": f"{name.lower()}@{DOMAIN}",
        "reply_text": f"{name} would like to see more.",
        "product_description": PRODUCT,
    }
    file.write_text(json.dumps(fields))
    return str(file)


def test_the_resumed_run_of_an_earlier_reply_leaves_the_page_to_the_later_one(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.faults.add(Fault(service="notion", operation="*", kind="status", status=400, times=1))
    failed = intent("report", DOMAIN, "--reply", reply_file(tmp_path, "Early"), "--json").json
    assert failed["failed_step"] == "notion_page"
    later = intent("report", DOMAIN, "--reply", reply_file(tmp_path, "Late"), "--json").json
    assert later["page"] == "created"
    blocks = [child.value for child in sandbox.service("notion").store.children(later["page_id"].replace("-", ""))]
    paid = [call for call in sandbox.calls if call.operation in get_args(SectionName)]

    resumed = intent(*failed["retry"].split()[1:], "--json").json

    assert (resumed["status"], resumed["page"], resumed["page_url"]) == ("published", "kept", later["page_url"])
    assert [call for call in sandbox.calls if call.operation in get_args(SectionName)] == paid
    store = sandbox.service("notion").store
    assert len(store.pages()) == 1
    assert [child.value for child in store.children(later["page_id"].replace("-", ""))] == blocks
    notices = sandbox.service("clay").notices
    assert [notice["event"] for notice in notices] == [
        "reply.accepted", "run.failed", "reply.accepted", "report.ready", "report.updated",
    ]  # fmt: skip
    assert notices[-1]["reply"]["prospect_name"] == "Early Diaz"
    assert notices[-1]["report_url"] == notices[-2]["report_url"]
    assert notices[-1]["featured_buyer"] == notices[-2]["featured_buyer"]
    assert "A later reply (Late Diaz, vmock.example) was answered first" in notices[-1]["text"]
    # What is shown and audited is the report that stands on the page.
    assert intent("show", DOMAIN, "--json").json["report"]["reply"]["prospect_name"] == "Late Diaz"
    assert intent("audit", DOMAIN).exit_code == 0
