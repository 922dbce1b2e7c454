"""The journal tells of a family what the staff did in any service, and to which child."""

from datetime import timedelta
from typing import Any

from contracts.roles import AGENT
from services.chassis.testing import eventually, staff
from services.reservations.model.activities import session_id
from tests.integration.reservations.town import FRIDAY
from tests.integration.trust.town import (
    ADMIN_CALLER,
    Household,
    WholeTown,
    value,
)


async def journal(town: WholeTown, **query: str) -> list[dict[str, Any]]:
    reply = await town.accounts.get("/audit", ADMIN_CALLER, params={"size": "200", **query})
    acts: list[dict[str, Any]] = reply.json["acts"]
    return acts


async def test_the_familys_journal_holds_the_acts_of_every_service(
    town: WholeTown, neighbours: Household
) -> None:
    expected = {
        "accounts.issue_codes",
        "accounts.show_family",
        "enrolment.accept_enrolment",
        "documents.download",
    }

    async def told() -> bool:
        found = await journal(town, family_id=str(neighbours.family_id))
        return expected <= {f"{act['service']}.{act['action']}" for act in found}

    await eventually(told, what="the acts of the staff on the neighbours")


async def test_an_act_on_a_thing_tells_whose_thing_it_was(
    town: WholeTown, neighbours: Household
) -> None:
    agent = staff(AGENT)
    activity_id = await value(
        town.reservations,
        "SELECT activity_id FROM session WHERE session_id = $1",
        neighbours.session_id,
    )
    monday = session_id(activity_id, FRIDAY + timedelta(days=3))
    item = {"child_id": str(neighbours.child_id), "session_id": str(monday)}
    kept = await town.reservations.post("/reservations", agent, json={"items": [item]})
    reservation_id = kept.json["items"][0]["reservation_id"]
    await town.reservations.delete(f"/reservations/{reservation_id}", agent)
    letter_id = await value(
        town.notifications,
        "SELECT message_id FROM message WHERE family_id = $1 LIMIT 1",
        neighbours.family_id,
    )
    await town.notifications.post(f"/messages/{letter_id}/letter", agent)

    async def told() -> dict[str, Any]:
        found = await journal(town, account_id=str(agent.account_id))
        return {act["action"]: act for act in found} if len(found) == 3 else {}

    acts = await eventually(told)
    assert acts["make_reservations"]["child_id"] == str(neighbours.child_id)
    assert acts["cancel"]["family_id"] == str(neighbours.family_id)
    assert acts["cancel"]["object_id"] == reservation_id
    assert acts["send_as_letter"]["family_id"] == str(neighbours.family_id)
