"""The town's file of families: all of it or nothing, as often as one likes."""

import asyncio
import time
from uuid import UUID

import pytest

from contracts.events.accounts import FamilyChanged, FamilyFileUpdated, FamilyRegistered
from services.accounts import routes
from services.chassis.testing import RunningService, guardian, staff
from tests.integration.accounts.conftest import Town
from tests.integration.accounts.people import AGENT_CALLER, family_of, import_rows, new_row
from tests.unit.accounts.csv_files import family_file


async def families_named(service: RunningService, reference: str) -> int:
    found = await service.get("/families", AGENT_CALLER, params={"search": reference})
    total: int = found.json["total"]
    return total


async def test_a_family_of_the_file_has_a_record_and_is_told(town: Town) -> None:
    line = new_row()
    reply = await import_rows(town.service, line, {**line, "enfant_prenom": "Tom"})
    assert reply.status == 200
    assert reply.json == {
        "dry_run": False,
        "families": 1,
        "guardians": 1,
        "children": 2,
        "created": 1,
        "updated": 0,
        "unchanged": 0,
        "errors": [],
    }
    family = await family_of(town.service, line["dossier"])
    assert family["complete"] is True
    assert family["address"] == {
        "lines": ["12 rue du Fil"],
        "postcode": "56300",
        "city": "Pontivy",
    }
    told = [
        e for e in await town.service.outbox(FamilyFileUpdated) if e.reference == line["dossier"]
    ]
    assert [str(e.family_id) for e in told] == [family["family_id"]]
    assert [c.first_name for c in told[0].children] == ["Léa", "Tom"]
    registered = await town.service.outbox(FamilyRegistered)
    assert UUID(family["family_id"]) in {e.family_id for e in registered}


async def test_the_same_file_again_changes_and_tells_nothing(town: Town) -> None:
    line = new_row()
    await import_rows(town.service, line)
    before = len(await town.service.outbox(FamilyFileUpdated))
    reply = await import_rows(town.service, line)
    assert (reply.json["unchanged"], reply.json["updated"]) == (1, 0)
    assert len(await town.service.outbox(FamilyFileUpdated)) == before


async def test_a_changed_line_is_the_records_next_version(town: Town) -> None:
    line = new_row()
    await import_rows(town.service, line)
    reply = await import_rows(town.service, {**line, "quotient": "1200"})
    assert reply.json["updated"] == 1
    family = await family_of(town.service, line["dossier"])
    assert (family["quotient"], family["record_version"]) == (1200, 2)
    changed = [e.record_version for e in await town.service.outbox(FamilyChanged)
               if e.family_id == UUID(family["family_id"])]  # fmt: skip
    assert changed == [2]


async def test_one_bad_line_keeps_the_whole_file_out(town: Town) -> None:
    good, bad = new_row(), new_row(quotient="beaucoup", code_postal="56")
    reply = await import_rows(town.service, good, bad)
    assert reply.status == 422
    assert reply.json["type"] == "/problems/import-refused"
    assert {e["field"] for e in reply.json["errors"]} == {
        "ligne 3, quotient",
        "ligne 3, code_postal",
    }
    assert await families_named(town.service, good["dossier"]) == 0


async def test_a_dry_run_counts_and_writes_nothing(town: Town) -> None:
    line = new_row()
    reply = await import_rows(town.service, line, dry_run="true")
    assert (reply.json["dry_run"], reply.json["created"]) == (True, 1)
    assert await families_named(town.service, line["dossier"]) == 0


async def test_two_imports_of_one_file_at_once_make_one_family(town: Town) -> None:
    line = new_row()
    replies = await asyncio.gather(*(import_rows(town.service, line) for _ in range(4)))
    assert sorted(r.json["created"] for r in replies) == [0, 0, 0, 1]
    assert await families_named(town.service, line["dossier"]) == 1


async def test_guardians_may_exchange_places(town: Town) -> None:
    line = new_row(resp2_nom="Évain", resp2_prenom="Marc")
    await import_rows(town.service, line)
    swapped = {
        **line,
        "resp1_nom": "Évain",
        "resp1_prenom": "Marc",
        "resp2_nom": line["resp1_nom"],
        "resp2_prenom": line["resp1_prenom"],
    }
    assert (await import_rows(town.service, swapped)).json["updated"] == 1
    family = await family_of(town.service, line["dossier"])
    assert [g["first_name"] for g in family["guardians"]] == ["Marc", "Anne"]


async def test_a_file_that_is_too_large_is_refused(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "LARGEST_FILE_BYTES", 100_000)
    reply = await town.service.post("/imports/families", AGENT_CALLER, data=b"x" * 500_000)
    assert reply.status == 413
    assert reply.json["errors"][0]["field"] == "fichier"


@pytest.mark.parametrize("body", [b"", b"\x00\xff", b"\xff\xfea\x00", b"PK\x03\x04zip", b"a;b\n1"])
async def test_what_is_no_family_file_is_refused(town: Town, body: bytes) -> None:
    reply = await town.service.post("/imports/families", AGENT_CALLER, data=body)
    assert reply.status == 422
    assert reply.json["errors"][0]["field"].startswith("ligne 1")


async def test_only_the_office_imports(town: Town) -> None:
    line = new_row()
    for caller in (guardian(UUID(int=1)), staff("leader"), staff("regisseur")):
        reply = await town.service.post("/imports/families", caller, data=family_file(line))
        assert reply.status == 403


async def test_six_hundred_families_take_no_time(town: Town) -> None:
    rows = [new_row(enfant_prenom=name) for _ in range(600) for name in ("Léa",)]
    rows += [{**line, "enfant_prenom": "Tom"} for line in rows[:400]]
    started = time.perf_counter()
    reply = await import_rows(town.service, *rows)
    elapsed = time.perf_counter() - started
    assert (reply.json["families"], reply.json["children"]) == (600, 1000)
    # About 0.3 s alone; the margin is for machines at work on something else.
    assert elapsed < 5
