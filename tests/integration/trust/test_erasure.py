"""A family is forgotten by every service, but for what the law makes the town keep."""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.events.access import FamilyErasureRefused, FamilyErasureWithdrawn
from contracts.events.accounts import FamilyErased, FamilyErasurePlanned, FamilyFileUpdated
from contracts.events.reservations import ReservationCancelled
from services.accounts.personal_data import personal
from services.billing.personal_data import PERSONAL as BILLING
from services.chassis import personal_data
from services.chassis.clock import utc_now
from services.chassis.personal_data import PersonalData
from services.chassis.testing import RunningService, eventually
from services.documents.commands import remove_orphans
from services.documents.personal_data import PERSONAL as DOCUMENTS
from services.documents.storage import STORAGE
from services.enrolment.personal_data import PERSONAL as ENROLMENT
from services.notifications.personal_data import PERSONAL as NOTIFICATIONS
from services.reservations.personal_data import PERSONAL as RESERVATIONS
from tests.integration.trust.town import (
    AGENT_CALLER,
    Household,
    WholeTown,
    settle,
    tables_naming,
    value,
)

DECLARED: dict[str, PersonalData] = {
    "accounts": personal(365),
    "enrolment": ENROLMENT,
    "reservations": RESERVATIONS,
    "billing": BILLING,
    "documents": DOCUMENTS,
    "notifications": NOTIFICATIONS,
}
INVOICES = {"invoice", "invoice_line"}
SUBJECTS = """
SELECT DISTINCT table_name FROM information_schema.columns
JOIN information_schema.tables USING (table_schema, table_name)
WHERE table_type = 'BASE TABLE' AND table_schema = 'public'
  AND column_name ~ '(family|child|guardian)_id$'
"""


@pytest.fixture(scope="module")
async def leavers(town: WholeTown, neighbours: Household) -> Household:
    """A family that used every service, and is erased."""
    family = await settle(town, "Zwingelstein", "Philibert", day=23)
    for name in ("Zwingelstein", "Philibert"):
        for holder in ("accounts", "enrolment", "reservations", "billing", "notifications"):
            assert await tables_naming(town.services[holder], name), holder
    await ask(town, family)
    reply = await town.accounts.post(
        f"/families/{family.family_id}/erasure/approve",
        AGENT_CALLER,
        json={"reference": family.reference},
    )
    assert reply.status == 204, reply.body
    for service in town.services.values():
        await eventually(partial(erased, service, family.family_id))
    await _settled(town, family)
    return family


async def _settled(town: WholeTown, family: Household) -> None:
    """Friday's place is given back and owed no more; then comes the job's next round."""
    owed = "SELECT count(*) = 0 FROM open_charge WHERE family_id = $1"
    await eventually(lambda: value(town.billing, owed, family.family_id))
    async with town.billing.database.transaction() as connection:
        holdings, now = BILLING.holdings, town.clock.now
        await personal_data.expire(connection, holdings, {}, family.family_id, now)


async def ask(town: WholeTown, family: Household, password: str = "") -> Any:
    """The parent's request."""
    return await town.accounts.post(
        f"/families/{family.family_id}/erasure",
        family.parent,
        json={"password": password or family.password},
    )


async def erased(service: RunningService, family_id: UUID) -> bool:
    sql = "SELECT EXISTS (SELECT FROM erased_family WHERE family_id = $1)"
    return bool(await value(service, sql, family_id))


@pytest.mark.parametrize("name", DECLARED)
async def test_every_table_about_families_is_declared(town: WholeTown, name: str) -> None:
    async with town.services[name].database.connection() as connection:
        rows = await connection.fetch(SUBJECTS)
    known = {table for holding in DECLARED[name].holdings for table in holding.tables}
    # Chassis: who is gone. The keys of enrolment_step and the like lead to a declared table.
    assert {row["table_name"] for row in rows} - known <= {"erased_family"}


@pytest.mark.parametrize("name", [n for n in DECLARED if n != "billing"])
async def test_no_table_names_an_erased_family(
    town: WholeTown, leavers: Household, name: str
) -> None:
    assert await tables_naming(town.services[name], *leavers.seeds) == set()


async def test_only_the_invoices_name_an_erased_family(town: WholeTown, leavers: Household) -> None:
    assert await tables_naming(town.billing, *leavers.seeds) <= INVOICES


async def test_the_neighbours_are_as_they_were(
    town: WholeTown, neighbours: Household, leavers: Household
) -> None:
    for name in ("accounts", "enrolment", "reservations", "billing", "documents"):
        last_name, *_ = neighbours.seeds
        assert await tables_naming(town.services[name], last_name), name


async def test_the_account_opens_no_session_and_its_sessions_are_over(
    town: WholeTown, leavers: Household
) -> None:
    state = await town.accounts.get(f"/sessions/{leavers.login_session_id}", AGENT_CALLER)
    assert state.json == {"active": False}


async def test_coming_places_are_given_back_and_told(town: WholeTown, leavers: Household) -> None:
    held = "SELECT booked FROM session WHERE session_id = $1"
    assert await value(town.reservations, held, leavers.session_id) == 0
    told = [
        e
        for e in await town.reservations.outbox(ReservationCancelled)
        if e.reservation_id == leavers.reservation_id
    ]
    assert len(told) == 1


async def test_the_documents_can_be_opened_by_nobody(town: WholeTown, leavers: Household) -> None:
    reply = await town.documents.get(f"/documents/{leavers.document_id}/content", AGENT_CALLER)
    assert reply.status == 404
    keys = "SELECT count(*) FROM family_key WHERE family_id = $1"
    assert await value(town.documents, keys, leavers.family_id) == 0


async def test_their_content_leaves_the_storage(town: WholeTown, leavers: Household) -> None:
    storage = town.documents.app[STORAGE]
    await remove_orphans(town.documents.database, storage, utc_now() + timedelta(days=2))
    left = [stored.document_id async for batch in storage.listing() for stored in batch]
    assert leavers.document_id not in left
    assert left, "the neighbours' documents are still there"


async def test_an_older_file_that_comes_late_brings_nobody_back(
    town: WholeTown, leavers: Household
) -> None:
    late = FamilyFileUpdated.model_validate(
        {
            "family_id": leavers.family_id,
            "record_version": 99,
            "reference": leavers.reference,
            "resident": True,
            "address": {"lines": ["9 impasse"], "postcode": "56300", "city": "Pontivy"},
            "guardians": [
                {"guardian_id": uuid4(), "first_name": "Mère", "last_name": leavers.seeds[0]}
            ],
            "children": [],
        }
    )
    for name in ("enrolment", "reservations", "billing", "documents", "notifications"):
        await town.services[name].tell(late)
        assert await tables_naming(town.services[name], leavers.seeds[0]) <= INVOICES


async def test_the_others_are_told(town: WholeTown, leavers: Household) -> None:
    planned = {e.family_id for e in await town.accounts.outbox(FamilyErasurePlanned)}
    gone = {e.family_id for e in await town.accounts.outbox(FamilyErased)}
    assert leavers.family_id in planned & gone


async def test_what_is_kept_goes_when_its_time_has_come(
    town: WholeTown, leavers: Household
) -> None:
    service, in_time = town.billing, town.clock.now + timedelta(days=365 * 9)
    for name, data in DECLARED.items():
        async with town.services[name].database.transaction() as connection:
            await personal_data.expire(connection, data.holdings, {}, leavers.family_id, in_time)
    assert await tables_naming(service, *leavers.seeds) == INVOICES
    attended = "SELECT count(*) FROM attendance WHERE family_id = $1"
    assert await value(town.reservations, attended, leavers.family_id) == 0
    later = in_time + timedelta(days=400)
    async with service.database.transaction() as connection:
        await personal_data.expire(connection, BILLING.holdings, {}, leavers.family_id, later)
    assert await tables_naming(service, *leavers.seeds) == set()
    left = "SELECT count(*) FROM erased_family WHERE family_id = $1 AND emptied_at IS NULL"
    for name in DECLARED:
        assert await value(town.services[name], left, leavers.family_id) == 0, name


async def test_a_request_needs_the_parents_password_and_can_be_withdrawn(
    town: WholeTown, neighbours: Household
) -> None:
    address = f"/families/{neighbours.family_id}/erasure"
    wrong = await ask(town, neighbours, "pas le bon")
    assert (wrong.status, wrong.json["errors"][0]["field"]) == (422, "password")
    assert (await ask(town, neighbours)).status == 201
    assert (await ask(town, neighbours)).status == 409
    assert (await town.accounts.get(address, neighbours.parent)).json["status"] == "asked"
    waiting = (await town.accounts.get("/erasures", AGENT_CALLER)).json["asked"]
    assert [line["reference"] for line in waiting] == [neighbours.reference]
    assert (await town.accounts.delete(address, neighbours.parent)).status == 204
    assert (await town.accounts.get(address, neighbours.parent)).json["status"] == "withdrawn"
    told = await town.accounts.outbox(FamilyErasureWithdrawn)
    assert [fact.family_id for fact in told] == [neighbours.family_id]


async def test_a_refusal_tells_the_family_why(town: WholeTown, neighbours: Household) -> None:
    address = f"/families/{neighbours.family_id}/erasure"
    refusal = {"reason": "Votre enfant est inscrit jusqu’en juillet."}
    town.clock.turn(minutes=1)
    assert (await town.accounts.post(f"{address}/refuse", AGENT_CALLER, json=refusal)).status == 409
    assert (await ask(town, neighbours)).status == 201
    refused = await town.accounts.post(f"{address}/refuse", AGENT_CALLER, json=refusal)
    assert refused.status == 204
    shown = (await town.accounts.get(address, neighbours.parent)).json
    assert (shown["status"], shown["reason"]) == ("refused", refusal["reason"])
    told = await town.accounts.outbox(FamilyErasureRefused)
    assert [fact.family_id for fact in told] == [neighbours.family_id]


async def test_a_family_is_erased_by_its_own_number_only(
    town: WholeTown, neighbours: Household
) -> None:
    reply = await town.accounts.post(
        f"/families/{neighbours.family_id}/erasure/approve",
        AGENT_CALLER,
        json={"reference": "un autre"},
    )
    assert (reply.status, reply.json["errors"][0]["field"]) == (422, "reference")
    assert not await erased(town.accounts, neighbours.family_id)


async def test_what_must_be_kept_is_told_before_the_decision(
    town: WholeTown, neighbours: Household
) -> None:
    reply = await town.billing.get(f"/families/{neighbours.family_id}/duties", AGENT_CALLER)
    (invoices,) = [duty for duty in reply.json["duties"] if duty["key"] == "invoices"]
    assert invoices["until"].startswith("2036-11-")
    attendance = await town.reservations.get(
        f"/families/{neighbours.family_id}/duties", neighbours.parent
    )
    assert attendance.json["duties"][0]["until"].startswith("2032-11-")
    # An enrolment that is still running would give its place back at once.
    enrolled = await town.enrolment.get(
        f"/families/{neighbours.family_id}/duties", neighbours.parent
    )
    assert enrolled.json["duties"] == []


async def test_families_without_enrolment_or_login_are_proposed(
    town: WholeTown, neighbours: Household
) -> None:
    listed = (await town.accounts.get("/erasures", AGENT_CALLER)).json
    assert listed["departed_after_months"] == 24
    assert neighbours.reference not in [line["reference"] for line in listed["departed"]]
    now = town.clock.now
    try:
        town.clock.now = now + timedelta(days=365 * 4)
        later = (await town.accounts.get("/erasures", AGENT_CALLER)).json["departed"]
    finally:
        town.clock.now = now
    (line,) = [line for line in later if line["reference"] == neighbours.reference]
    assert line["until"] == "2027-08-31"
