"""At the end of the school year every child changes class, once."""

import asyncio
from uuid import uuid4

import pytest

from contracts.events.accounts import FamilyFileUpdated
from services.chassis.testing import guardian, staff
from tests.integration.accounts.conftest import Town
from tests.integration.accounts.people import AGENT_CALLER, family_of, import_rows, new_row

# The clock of these tests is not between May and August of that year.
UNTIMELY = {"school_year": "2027-2028", "confirmed": "2027-2028"}
STEPS = ["PS", "MS", "GS", "CP", "CE1", "CE2", "CM1", "CM2"]


async def test_children_change_class_once_a_school_year(empty_town: Town) -> None:
    service = empty_town.service
    first, last, special = (new_row(enfant_classe=name) for name in ("CP", "CM2 B", "ULIS"))
    many = [new_row(enfant_classe="CE1", enfant_ecole="MICH") for _ in range(510)]
    await import_rows(service, first, last, special, *many)
    preview = (await service.get("/roll-overs", AGENT_CALLER)).json
    assert preview["steps"] == STEPS
    assert {(m["school_class"], m["outcome"], m["to"], m["children"])
            for m in preview["moves"]} >= {
        ("CM2 B", "leaves", None, 1), ("ULIS", "unknown", None, 1),
        ("CE1", "changes_school", "CE2", 510),
    }  # fmt: skip

    replies = await asyncio.gather(
        *(service.post("/roll-overs", AGENT_CALLER, json=UNTIMELY) for _ in range(2))
    )
    assert sorted(r.status for r in replies) == [201, 409]
    done = next(r.json for r in replies if r.status == 201)
    assert (done["moved"], done["leaving"]) == (511, 1)
    refused = next(r.json for r in replies if r.status == 409)
    assert refused["type"] == "/problems/already-rolled-over"

    async def class_of(row: dict[str, str]) -> tuple[str | None, str | None]:
        family = await family_of(service, row["dossier"])
        return family["children"][0]["school_class"], family["children"][0]["school_code"]

    assert await class_of(first) == ("CE1", "JZAY")
    assert await class_of(last) == (None, None)
    assert await class_of(special) == ("ULIS", "JZAY")
    assert await class_of(many[-1]) == ("CE2", None), "nobody at MICH is in a higher class"
    told = [e for e in await service.outbox(FamilyFileUpdated) if e.record_version == 2]
    assert len(told) == 512, "a family whose child stays tells nothing"
    history = (await service.get("/roll-overs", AGENT_CALLER)).json["done"]
    assert [row["school_year"] for row in history] == ["2027-2028"]


async def test_a_passage_at_the_wrong_time_asks_for_the_year(town: Town) -> None:
    for confirmed in ("", "2026-2027", "oui"):
        body = {"school_year": "2031-2032", "confirmed": confirmed}
        reply = await town.service.post("/roll-overs", AGENT_CALLER, json=body)
        assert (reply.status, reply.json["type"]) == (409, "/problems/roll-over-not-due")
    done = (await town.service.get("/roll-overs", AGENT_CALLER)).json["done"]
    assert "2031-2032" not in [row["school_year"] for row in done]


async def test_the_town_edits_its_ladder(town: Town) -> None:
    own = [*STEPS, "6e"]
    reply = await town.service.post("/class-ladder", AGENT_CALLER, json={"steps": own})
    assert reply.json == {"steps": own}
    assert (await town.service.get("/roll-overs", AGENT_CALLER)).json["steps"] == own
    await town.service.post("/class-ladder", AGENT_CALLER, json={"steps": STEPS})


@pytest.mark.parametrize("steps", [[], ["CP", "cp"], [""], ["CP", "   "]])
async def test_a_ladder_that_makes_no_sense_changes_nothing(town: Town, steps: list[str]) -> None:
    reply = await town.service.post("/class-ladder", AGENT_CALLER, json={"steps": steps})
    assert reply.status == 422
    assert (await town.service.get("/roll-overs", AGENT_CALLER)).json["steps"] == STEPS


@pytest.mark.parametrize("year", ["2026", "2026-2028", "soon"])
async def test_a_year_is_two_years_that_follow(town: Town, year: str) -> None:
    reply = await town.service.post("/roll-overs", AGENT_CALLER, json={"school_year": year})
    assert reply.status == 422


async def test_only_the_office_rolls_over(town: Town) -> None:
    for caller in (guardian(uuid4()), staff("regisseur"), staff("leader")):
        assert (await town.service.get("/roll-overs", caller)).status == 403
