"""One's own sessions: which devices are in, since when, and ending them."""

from typing import Any
from uuid import uuid4

from services.chassis.testing import guardian
from tests.integration.accounts.conftest import Town
from tests.integration.accounts.people import STRANGER, caller_of, new_family, new_parent


async def test_one_sees_ones_devices_and_when_they_were_last_seen(town: Town) -> None:
    parent = await new_parent(town, (await new_family(town.service))["family_id"])
    body = {
        "login": parent.login,
        "password": parent.password,
        "client": {"address": "192.0.2.9", "device": "Firefox sur Android"},
    }
    phone = caller_of(
        town, (await town.service.post("/sessions", STRANGER, json=body)).json["access_token"]
    )
    town.clock.turn(minutes=5)
    await town.service.get(f"/sessions/{phone.session_id}", STRANGER)
    shown = (await town.service.get("/sessions", phone)).json["sessions"]
    assert [row["current"] for row in shown] == [True, False]
    assert shown[0]["device"] == "Firefox sur Android"
    assert shown[0]["last_seen_at"] > shown[0]["created_at"]
    assert shown[0]["session_id"] == str(phone.session_id)


async def test_no_address_of_a_session_is_kept(town: Town) -> None:
    parent = await new_parent(town, (await new_family(town.service))["family_id"])
    body: dict[str, Any] = {
        "login": parent.login,
        "password": parent.password,
        "client": {"address": "198.51.100.77"},
    }
    await town.service.post("/sessions", STRANGER, json=body)
    async with town.service.database.connection() as connection:
        sessions = await connection.fetch("SELECT login_session::text AS t FROM login_session")
        attempts = await connection.fetch("SELECT attempt::text AS t FROM attempt")
    assert "198.51.100" not in "".join(row["t"] for row in (*sessions, *attempts))


async def test_sessions_that_are_over_are_not_shown_and_nobody_elses(town: Town) -> None:
    parent = await new_parent(town, (await new_family(town.service))["family_id"])
    await town.service.delete("/sessions", parent.caller)
    assert (await town.service.get("/sessions", parent.caller)).json == {"sessions": []}
    stranger = guardian(uuid4())
    assert (await town.service.get("/sessions", stranger)).json == {"sessions": []}
