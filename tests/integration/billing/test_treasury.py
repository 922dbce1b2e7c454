"""Unpaid invoices are handed to the public accountant once, and collected by nobody else."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from defusedxml.ElementTree import fromstring

from contracts.roles import AGENT
from services.billing.files.pes_form import faults
from services.chassis.testing import Reply, RunningService, guardian, staff
from tests.integration.billing.conftest import Town
from tests.integration.billing.test_debits import send
from tests.integration.billing.test_mandates import sign
from tests.integration.billing.test_recovery import remind
from tests.integration.billing.test_sharing import CCAS, came, shared, third_party
from tests.integration.billing.town import (
    TILL,
    Household,
    household,
    invoiced_household,
    invoices_of,
    publish_canteen,
    run_month,
)

AFTER = datetime(2027, 1, 12, 9, tzinfo=UTC)


async def hand_over(billing: RunningService, **changes: Any) -> Reply:
    body = {"due_by": "2026-12-31", **changes}
    return await billing.post("/bordereaux", TILL, json=body)


async def file_of(billing: RunningService, sent: Reply) -> Any:
    assert sent.status == 201, sent.body
    file = await billing.get(f"/bordereaux/{sent.json['batch_id']}/file", TILL)
    assert sent.json["filename"] in file.headers["Content-Disposition"]
    return fromstring(file.body)


def values(root: Any, name: str) -> list[str]:
    return [element.get("V") for element in root.iter(name)]


async def number_of(billing: RunningService, family: Household) -> str:
    (invoice,) = await invoices_of(billing, family)
    return str(invoice["number"])


async def test_what_is_unpaid_after_its_due_date_is_handed_over_once(town: Town) -> None:
    family = await invoiced_household(town.billing)
    town.clock.now = AFTER
    sent = await hand_over(town.billing)
    root = await file_of(town.billing, sent)
    assert faults(root) == []
    number = await number_of(town.billing, family)
    assert number in values(root, "NumeroFacture")
    assert int(values(root, "NbrPce")[0]) == sent.json["pieces"]
    assert int(values(root, "MtBordHt")[0].replace(".", "")) == sent.json["total_cents"]
    again = await hand_over(town.billing)
    assert (again.status, again.json["type"]) == (409, "/problems/nothing-to-send")


async def test_bordereaux_are_numbered_without_a_gap_whoever_fails(town: Town) -> None:
    town.clock.now = AFTER
    numbers = []
    for _ in range(3):
        town.clock.now = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
        await invoiced_household(town.billing)
        town.clock.now = AFTER
        replies = await asyncio.gather(*(hand_over(town.billing) for _ in range(3)))
        assert sorted(reply.status for reply in replies) == [201, 409, 409]
        numbers += [reply.json["number"] for reply in replies if reply.status == 201]
    assert numbers == list(range(numbers[0], numbers[0] + 3))


async def test_an_invoice_that_is_not_due_yet_stays_with_the_town(town: Town) -> None:
    await hand_over_all(town)
    town.clock.now = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    await invoiced_household(town.billing)
    town.clock.now = AFTER
    assert (await hand_over(town.billing, due_by="2026-12-22")).status == 409


async def hand_over_all(town: Town) -> None:
    """Whatever earlier tests left unpaid."""
    town.clock.now = AFTER
    while (await hand_over(town.billing, due_by="2027-01-11")).status == 201:
        pass


async def test_what_is_handed_over_is_neither_paid_online_nor_debited_nor_reminded(
    town: Town,
) -> None:
    family = await invoiced_household(town.billing)
    await sign(town.billing, family.family_id)
    (invoice,) = await invoices_of(town.billing, family)
    town.clock.now = AFTER
    assert (await hand_over(town.billing)).status == 201
    pay = {"invoice_ids": [invoice["invoice_id"]]}
    refused = await town.billing.post("/payments", guardian(family.family_id), json=pay)
    assert refused.json["type"] == "/problems/transmitted"
    assert (await send(town.billing, invoice["invoice_id"], on="2027-02-01")).status == 409
    assert (await remind(town.billing, family))["reminders"] == 0


async def test_the_till_takes_money_for_what_is_handed_over_only_once_confirmed(
    town: Town,
) -> None:
    family = await invoiced_household(town.billing)
    town.clock.now = AFTER
    assert (await hand_over(town.billing)).status == 201
    (invoice,) = await invoices_of(town.billing, family)
    assert invoice["transmitted"]
    takings = {
        "family_id": str(family.family_id),
        "method": "cash",
        "amount_cents": 350,
        "invoice_ids": [invoice["invoice_id"]],
    }
    asked = await town.billing.post("/till-payments", TILL, json=takings)
    assert (asked.status, asked.json["type"]) == (409, "/problems/transmitted")
    assert [error["field"] for error in asked.json["errors"]] == ["transmitted_confirmed"]
    takings["transmitted_confirmed"] = True
    assert (await town.billing.post("/till-payments", TILL, json=takings)).status == 201
    (paid,) = await invoices_of(town.billing, family)
    assert paid["balance_cents"] == 0


async def test_an_organisation_that_pays_for_a_child_is_a_debtor_of_its_own_kind(
    town: Town,
) -> None:
    await hand_over_all(town)
    town.clock.now = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    family = await household(town.billing, await publish_canteen(town.billing))
    ccas, odile = await third_party(town.billing, CCAS), await third_party(town.billing)
    await shared(town.billing, family, (ccas, 60), (odile, 40))
    await came(town.billing, family, 3)
    await run_month(town.billing)
    town.clock.now = AFTER
    root = await file_of(town.billing, await hand_over(town.billing))
    told = {
        debtor.find("Nom").get("V"): {element.tag: element.get("V") for element in debtor}
        for debtor in root.iter("InfoTiers")
    }
    body, person = told["CCAS DE SAINT-AUBIN"], told["ODILE MARTIN"]
    assert (body["CatTiers"], body["NatJur"]) == ("26", "09")
    assert (body["IdTiers"], body["NatIdTiers"]) == ("73282932000074", "01")
    assert (person["CatTiers"], person["NatJur"]) == ("01", "01")
    assert "IdTiers" not in person
    assert faults(root) == []


async def test_the_accountant_debits_by_the_familys_mandate(town: Town) -> None:
    await hand_over_all(town)
    town.clock.now = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    family = await invoiced_household(town.billing)
    mandate = (await sign(town.billing, family.family_id)).json
    town.clock.now = AFTER
    early = await hand_over(town.billing, debited_on="2027-01-13")
    assert [error["field"] for error in early.json["errors"]] == ["collected_on"]
    root = await file_of(town.billing, await hand_over(town.billing, debited_on="2027-02-01"))
    assert values(root, "RefUniMdt") == [mandate["rum"]]
    assert values(root, "IBAN") == ["FR1420041010050500013M02606"]
    assert values(root, "DtePrel") == ["2027-02-01"]


async def test_the_invoices_go_with_the_debts_when_asked(town: Town) -> None:
    await hand_over_all(town)
    town.clock.now = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    family = await invoiced_household(town.billing)
    town.clock.now = AFTER
    root = await file_of(town.billing, await hand_over(town.billing, with_papers=True))
    number = (await number_of(town.billing, family)).replace("-", "")
    assert values(root, "NomPJ") == [f"FACT{number}.pdf"] * 2
    assert len(next(root.iter("Fichier")).text) > 1000


async def test_a_bordereau_is_kept_sealed_and_never_edited(town: Town) -> None:
    await invoiced_household(town.billing)
    town.clock.now = AFTER
    sent = await hand_over(town.billing)
    batch_id = UUID(sent.json["batch_id"])
    async with town.billing.database.connection() as connection:
        kept = await connection.fetchval("SELECT file FROM pes_batch WHERE batch_id = $1", batch_id)
        refused = await connection.execute(
            "DO $$ BEGIN UPDATE pes_batch SET pieces = 9; RAISE 'edited'; "
            "EXCEPTION WHEN check_violation THEN NULL; END $$"
        )
    assert b"PES_Aller" not in kept
    assert refused == "DO"


async def test_the_desk_reads_the_list_and_the_till_alone_sends(town: Town) -> None:
    assert (await town.billing.get("/bordereaux", staff(AGENT))).status == 200
    body = {"due_by": "2026-12-31"}
    assert (await town.billing.post("/bordereaux", staff(AGENT), json=body)).status == 403
    assert (await town.billing.get(f"/bordereaux/{uuid4()}/file", TILL)).status == 404
    town.clock.now = AFTER
    found = await town.billing.get("/bordereaux/candidates?due_by=2026-12-31", TILL)
    assert set(found.json) >= {"invoices", "with_mandate", "total_cents", "registers"}
