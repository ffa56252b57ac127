"""The five tools over the sandbox: what a caller gets, and that it is of the buyer that was asked for."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any, TypeVar

import pytest

from intent_assets.errors import InvalidQuery, MissingSettings, StarbridgeError, StarbridgeIdentityError
from intent_assets.resources.starbridge import Starbridge, StarbridgeClient
from intent_assets.resources.starbridge_queries import BuyerQuery, OpportunityQuery
from intent_assets.sandbox.faults import Fault
from intent_assets.sandbox.server import Sandbox
from intent_assets.settings import InvalidSettings
from tests.resources.scripted import Answer, Json, enveloped, scripted

# Dagster asks a resource that has no fields for pydantic's old `__fields__`.
pytestmark = pytest.mark.filterwarnings("ignore:The `__fields__` attribute is deprecated")

T = TypeVar("T")


def ask(question: Callable[[StarbridgeClient], Awaitable[T]]) -> T:
    async def asked() -> T:
        async with Starbridge().session() as client:
            return await question(client)

    return asyncio.run(asked())


def a_university(sandbox: Sandbox) -> str:
    world = sandbox.service("starbridge").world
    return next(str(b.id) for b in world.buyers if b.kind == "HigherEducation" and len(world.contacts[b.id]) > 3)


def test_a_search_finds_records_of_all_types_with_their_buyers(sandbox: Sandbox, environment: dict[str, str]) -> None:
    query = OpportunityQuery(search_query="resume interview OR career services", content_search=1, page_size=100)
    found = ask(lambda client: client.opportunity_search(query, pages=2))
    assert {"BoardMeeting", "Selling", "Contract"} <= {record.type for record in found.opportunities}
    assert found.total is not None
    assert found.total >= len(found.opportunities) > 50
    assert found.incomplete is None
    wire = found.opportunities[0].model_dump(mode="json", by_alias=True)
    assert wire["buyerId"] == found.opportunities[0].buyer_id
    assert {"postedDate", "purchaseAmount", "highlights", "purchaseOrders"} <= wire.keys()


def test_types_are_always_sent_since_the_default_is_meetings_alone(
    sandbox: Sandbox, environment: dict[str, str]
) -> None:
    only_rfps = ask(lambda client: client.opportunity_search(OpportunityQuery(types=("RFP",))))
    assert {record.type for record in only_rfps.opportunities} == {"Selling"}
    assert set(OpportunityQuery().input_vars()["types"]) == {"Meeting", "StrategicPlan", "RFP", "Purchase", "Contract"}


def test_a_record_without_a_buyer_is_set_aside_and_the_others_stay(
    clean_environment: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = {"id": "o1", "title": "T", "type": "Selling", "buyerId": "b", "buyerName": "B", "purchaseAmount": {}}
    records = [good, {**good, "id": "o2", "buyerId": None}, "nonsense", {**good, "id": "o3", "title": " "}]
    with served(monkeypatch, {"totalItems": 4, "opportunities": records}):
        found = ask(lambda client: client.opportunity_search(OpportunityQuery()))
    assert [record.id for record in found.opportunities] == ["o1"]
    assert found.opportunities[0].unreadable == ("purchaseAmount",)
    assert [text.split(":")[0] for text in found.unreadable] == [
        "Opportunity o2", "Opportunity number 3", "Opportunity o3"
    ]  # fmt: skip
    assert found.without_buyer == 1


def test_buyers_are_found_by_name_and_kind(sandbox: Sandbox, environment: dict[str, str]) -> None:
    found = ask(
        lambda client: client.buyer_search(BuyerQuery(query="public library", buyer_types=("Library",)), pages=3)
    )
    assert found.buyers
    assert all("Public Library" in buyer.name for buyer in found.buyers)


def test_profile_contacts_and_chat_are_of_the_buyer(sandbox: Sandbox, environment: dict[str, str]) -> None:
    buyer_id = a_university(sandbox)
    profile = ask(lambda client: client.buyer_profile(buyer_id))
    contacts = ask(lambda client: client.buyer_contacts(buyer_id))
    chat = ask(lambda client: client.buyer_chat(buyer_id, "What do they plan?"))
    assert (profile.buyer_id, chat.buyer_id, {contact.buyer_id for contact in contacts.contacts}) == (
        buyer_id, buyer_id, {buyer_id},
    )  # fmt: skip
    assert profile.enrollment
    assert "Sandbox data" in chat.answer


def test_an_unknown_buyer_is_a_failure_of_the_tool(sandbox: Sandbox, environment: dict[str, str]) -> None:
    with pytest.raises(StarbridgeError, match="Could not resolve"):
        ask(lambda client: client.buyer_profile("nobody"))


def served(monkeypatch: pytest.MonkeyPatch, output: Json) -> Any:
    class Serving:
        def __enter__(self) -> None:
            self._server = scripted(lambda *_: Answer(enveloped(output)))
            url, _ = self._server.__enter__()
            monkeypatch.setenv("STARBRIDGE_URL", url)
            monkeypatch.setenv("DATAGEN_API_KEY", "k-1234567890")

        def __exit__(self, *problem: Any) -> None:
            self._server.__exit__(*problem)

    return Serving()


@pytest.mark.parametrize(
    ("output", "fits"),
    [
        pytest.param({"resolved_buyer_id": "b1", "profile": {"id": "b1", "name": "N"}}, True, id="both say so"),
        pytest.param({"profile": {"id": "b1", "name": "N"}}, True, id="the profile alone says so"),
        pytest.param({"resolved_buyer_id": "b1", "profile": {"name": "N"}}, True, id="the answer alone says so"),
        pytest.param({"resolved_buyer_id": None, "profile": {"name": "N"}}, False, id="nobody says whose it is"),
        pytest.param(
            {"resolved_buyer_id": "b2", "profile": {"id": "b1", "name": "N"}}, False, id="other, same profile"
        ),
        pytest.param({"resolved_buyer_id": "b1", "profile": {"id": "b2", "name": "N"}}, False, id="profile of another"),
    ],
)
def test_the_identity_of_a_profile_is_checked(
    clean_environment: None, monkeypatch: pytest.MonkeyPatch, output: Json, fits: bool
) -> None:
    with served(monkeypatch, output):
        if fits:
            assert ask(lambda client: client.buyer_profile("b1")).buyer_id == "b1"
        else:
            with pytest.raises(StarbridgeIdentityError, match="b1"):
                ask(lambda client: client.buyer_profile("b1"))


def test_contacts_of_another_buyer_are_refused(clean_environment: None, monkeypatch: pytest.MonkeyPatch) -> None:
    output = {"resolved_buyer_id": "b2", "totalContacts": 1, "contacts": [{"contactId": "c", "name": "A B"}]}
    with served(monkeypatch, output), pytest.raises(StarbridgeIdentityError):
        ask(lambda client: client.buyer_contacts("b1"))


def test_a_profile_is_read_wherever_its_fields_stand(clean_environment: None, monkeypatch: pytest.MonkeyPatch) -> None:
    profile = {
        "id": "b1",
        "name": "Nowhere College",
        "type": ["CommunityCollege", "HigherEducation"],
        "metadata": {"sis": "Rosterly", "address": {"street1": "1 Main St", "zip": 2134}, "budgetLatestYear": "2025"},
        "extraData": {"totalEnrollment": "12,400", "budgetAmount": "$1,000,000.50", "lmsArray": "Slatewise, Tutelary",
                      "fiscalYearStartDate": "7/1", "population": {"a": 1}, "procurementHellScore": "62", "new": 1},
    }  # fmt: skip
    with served(monkeypatch, {"resolved_buyer_id": "b1", "profile": profile}):
        read = ask(lambda client: client.buyer_profile("b1"))
    assert (read.enrollment, read.budget_amount, read.budget_year) == (12400, 1000000.5, 2025)
    assert (read.lms, read.sis, read.fiscal_year_start) == (("Slatewise", "Tutelary"), "Rosterly", "07/01")
    assert (read.address.street, read.address.zip) == ("1 Main St", "02134")
    assert (read.population, read.procurement_difficulty) == (None, 62)
    assert read.buyer_type == "CommunityCollege, HigherEducation"


def test_contacts_are_read_with_what_they_have(clean_environment: None, monkeypatch: pytest.MonkeyPatch) -> None:
    contacts = [
        {"contactId": "c1", "name": " Ada  Quill ", "email": "mailto:ada@x.example", "phone": "(201) 555-0101",
         "emailLastChecked": "2026-03-14T10:00:00Z", "linkedInUrl": "javascript:alert(1)", "worksAtBuyer": False},
        {"contactId": None, "firstName": "Bo", "lastName": "Varga", "email": "n/a", "emailLastChecked": "soon"},
        {"contactId": "c3", "email": "info@x.example"},
        {"contactId": "c1", "name": "Ada Quill again"},
        "nobody",
    ]  # fmt: skip
    with served(monkeypatch, {"totalContacts": 5, "contacts": contacts}):
        read = ask(lambda client: client.buyer_contacts("b1"))
        again = ask(lambda client: client.buyer_contacts("b1"))
    ada, bo = read.contacts
    assert (ada.name, ada.email, ada.phone) == ("Ada Quill", "ada@x.example", "(201) 555-0101")
    assert (ada.email_last_checked, ada.linkedin_url, ada.works_at_buyer) == (date(2026, 3, 14), None, False)
    assert (bo.name, bo.email) == ("Bo Varga", None)
    assert bo.contact_id == again.contacts[1].contact_id
    assert read.total == 5
    assert len(read.unreadable) == 3


@pytest.mark.parametrize(
    ("make", "names"),
    [
        pytest.param(lambda: OpportunityQuery(types=("Selling",)), "types.0 = 'Selling'", id="the answer's word"),
        pytest.param(lambda: OpportunityQuery(types=()), "types", id="no types would mean meetings alone"),
        pytest.param(lambda: OpportunityQuery(buyer_ids=("b",) * 21), "buyer_ids", id="more than 20 buyers"),
        pytest.param(lambda: OpportunityQuery(page_size=101), "page_size = '101'", id="page too large"),
        pytest.param(lambda: OpportunityQuery(states=("Ohio",)), "'Ohio'", id="states are two-letter codes"),
        pytest.param(lambda: OpportunityQuery.model_validate({"query": "x"}), "query", id="unknown field"),
        pytest.param(lambda: BuyerQuery(buyer_types=("Zoo",)), "'Zoo'", id="unknown buyer type"),
        pytest.param(lambda: BuyerQuery(min_population=-1), "min_population", id="nobody lives there"),
    ],
)
def test_what_would_be_refused_is_not_sent(make: Callable[[], object], names: str) -> None:
    with pytest.raises(InvalidQuery, match="can't be sent") as caught:
        make()
    assert names in str(caught.value)


def test_a_blank_buyer_id_is_not_sent(sandbox: Sandbox, environment: dict[str, str]) -> None:
    with pytest.raises(InvalidQuery, match="buyer_id"):
        ask(lambda client: client.buyer_profile(" "))
    assert sandbox.calls == []


def test_the_key_is_asked_for_by_its_name(clean_environment: None, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(MissingSettings, match="DATAGEN_API_KEY"):
        ask(lambda client: client.buyer_profile("b"))
    monkeypatch.setenv("DATAGEN_API_KEY", "sécret")
    with pytest.raises(InvalidSettings, match="DATAGEN_API_KEY") as caught:
        ask(lambda client: client.buyer_profile("b"))
    assert "sécret" not in str(caught.value)


def test_an_answer_of_another_form_is_replaced_by_an_error(sandbox: Sandbox, environment: dict[str, str]) -> None:
    for body in ({"data": {"profile": None}}, {"data": {"profile": 3}}, {"data": {"profile": {"id": "b"}}}):
        sandbox.faults.replace([Fault(service="starbridge", operation="buyer_profile", kind="replace", body=body)])
        with pytest.raises(StarbridgeError):
            ask(lambda client: client.buyer_profile("b"))
