"""Every service hands out all that it holds of a family, to that family and to the office."""

import json

import pytest

from contracts.roles import LEADER
from services.chassis.testing import staff
from tests.integration.trust.town import AGENT_CALLER, Household, WholeTown

SERVICES = ("accounts", "enrolment", "reservations", "billing", "documents", "notifications")


async def exported(town: WholeTown, name: str, family: Household) -> dict[str, object]:
    reply = await town.services[name].get(f"/families/{family.family_id}/export", family.parent)
    assert reply.status == 200, reply.body
    records: dict[str, object] = {}
    for kind in reply.json["kinds"]:
        assert kind["label"]
        assert kind["purpose"]
        assert kind["kept"]
        records |= kind["records"]
    return records


@pytest.mark.parametrize(
    ("name", "filled"),
    [
        ("accounts", {"family", "guardians", "children", "accounts", "sessions", "acts"}),
        ("enrolment", {"children", "enrolments", "steps"}),
        ("reservations", {"children", "enrolments", "reservations", "attendance"}),
        ("billing", {"payer", "children", "invoices", "invoice_lines"}),
        ("documents", {"documents", "openings"}),
        ("notifications", {"file", "messages"}),
    ],
)
async def test_a_service_hands_out_all_that_it_holds(
    town: WholeTown, neighbours: Household, name: str, filled: set[str]
) -> None:
    records = await exported(town, name, neighbours)
    assert {record for record, rows in records.items() if rows} >= filled


async def test_the_export_names_the_familys_own(town: WholeTown, neighbours: Household) -> None:
    last_name, first_name, born = neighbours.seeds
    text = json.dumps(await exported(town, "accounts", neighbours), ensure_ascii=False)
    assert last_name in text
    assert first_name in text
    assert born in text


async def test_no_secret_is_handed_out(town: WholeTown, neighbours: Household) -> None:
    for name in SERVICES:
        text = json.dumps(await exported(town, name, neighbours)).casefold()
        for secret in ("argon2", "password_hash", "sealed", "totp_secret", "wrapped"):
            assert secret not in text, (name, secret)


async def test_the_office_may_and_leaves_a_line(town: WholeTown, neighbours: Household) -> None:
    path = f"/families/{neighbours.family_id}/export"
    assert (await town.billing.get(path, AGENT_CALLER)).status == 200
    assert (await town.billing.get(path, staff(LEADER))).status == 403


async def test_every_service_tells_its_rules_to_anybody(
    town: WholeTown, neighbours: Household
) -> None:
    for name in SERVICES:
        reply = await town.services[name].get("/personal-data", neighbours.parent)
        assert reply.json["rules"], name
