"""The town's file of families: all of it or nothing, as often as one likes."""

import asyncio
import csv
import io
import zlib
from uuid import UUID

import pytest

from contracts.events.accounts import FamilyChanged, FamilyFileUpdated, FamilyRegistered
from contracts.roles import AGENT
from services.accounts.commands.checked_files import KEPT
from services.accounts.commands.import_families import REPORTED_ERRORS
from services.accounts.jobs import forget_imports
from services.accounts.repository.imports import CHUNK
from services.accounts.routes import imports as imports_routes
from services.chassis.testing import Reply, RunningService, guardian, staff
from tests.integration.accounts.conftest import Town
from tests.integration.accounts.people import (
    AGENT_CALLER,
    family_of,
    import_rows,
    new_family,
    new_row,
)
from tests.unit.accounts.csv_files import family_file


async def import_checked(town: Town, checked: Reply, **query: str) -> Reply:
    """Import the file of this check, as the agent who checked it."""
    path = f"/imports/{checked.json['import_id']}/families"
    return await town.service.post(path, AGENT_CALLER, params=query)


async def families_named(service: RunningService, reference: str) -> int:
    found = await service.get("/families", AGENT_CALLER, params={"search": reference})
    total: int = found.json["total"]
    return total


async def test_a_family_of_the_file_has_a_record_and_is_told(town: Town) -> None:
    line = new_row()
    reply = await import_rows(town.service, line, {**line, "enfant_prenom": "Tom"})
    assert reply.status == 200
    answer = reply.json
    assert UUID(answer.pop("import_id"))
    assert answer == {
        "dry_run": False,
        "families": 1,
        "guardians": 1,
        "children": 2,
        "created": 1,
        "updated": 0,
        "unchanged": 0,
        "errors": [],
        "kept_until": None,
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
    monkeypatch.setattr(imports_routes, "LARGEST_FILE_BYTES", 100_000)
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


async def test_a_file_of_six_hundred_families_comes_in_whole(town: Town) -> None:
    rows = [new_row(enfant_prenom=name) for _ in range(600) for name in ("Léa",)]
    rows += [{**line, "enfant_prenom": "Tom"} for line in rows[:400]]
    reply = await import_rows(town.service, *rows)
    assert (reply.json["families"], reply.json["children"]) == (600, 1000)


async def report_of(service: RunningService, reply: Reply) -> list[list[str]]:
    path = f"/imports/{reply.json['import_id']}/report.csv"
    report = await service.get(path, AGENT_CALLER)
    assert report.status == 200, report.body
    assert "attachment" in report.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(report.body.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["ligne", "dossier", "resultat", "colonne", "message"]
    return rows[1:]


async def test_the_report_tells_what_became_of_each_line(town: Town) -> None:
    same, other, new = new_row(), new_row(), new_row()
    await import_rows(town.service, same, other)
    reply = await import_rows(
        town.service, same, {**other, "quotient": "1"}, new, {**new, "enfant_prenom": "Tom"}
    )
    assert await report_of(town.service, reply) == [
        ["2", same["dossier"], "inchangée", "", ""],
        ["3", other["dossier"], "modifiée", "", ""],
        ["4", new["dossier"], "créée", "", ""],
        ["5", new["dossier"], "créée", "", ""],
    ]


async def test_the_report_of_a_refused_file_says_why_line_by_line(town: Town) -> None:
    good, bad = new_row(), new_row(quotient="beaucoup")
    reply = await import_rows(town.service, good, bad, {**bad, "enfant_prenom": "Tom"})
    assert reply.status == 422
    rows = await report_of(town.service, reply)
    assert rows[0] == ["2", good["dossier"], "créée", "", ""]
    assert rows[1][:4] == ["3", bad["dossier"], "refusée", "quotient"]
    assert rows[2][2:] == ["refusée", "", "Une autre ligne du même dossier est refusée."]
    assert ": 1 erreur à corriger" in reply.json["detail"], (
        "the child beside it has none of its own"
    )
    assert await families_named(town.service, good["dossier"]) == 0


async def test_many_bad_lines_are_counted_whole_and_shown_in_part(town: Town) -> None:
    rows = [new_row(quotient="?") for _ in range(REPORTED_ERRORS + 50)]
    reply = await import_rows(town.service, *rows)
    assert len(reply.json["errors"]) == REPORTED_ERRORS
    assert reply.json["errors"][0]["field"] == "ligne 2, quotient"
    assert f"{REPORTED_ERRORS + 50} erreurs à corriger" in reply.json["detail"]
    assert len(await report_of(town.service, reply)) == REPORTED_ERRORS + 50


async def test_lines_of_one_family_may_stand_far_apart(town: Town) -> None:
    first = new_row()
    between = [new_row() for _ in range(CHUNK + 10)]
    reply = await import_rows(town.service, first, *between, {**first, "enfant_prenom": "Tom"})
    assert (reply.json["created"], reply.json["children"]) == (CHUNK + 11, CHUNK + 12)
    family = await family_of(town.service, first["dossier"])
    assert [child["first_name"] for child in family["children"]] == ["Léa", "Tom"]


async def test_one_number_for_the_whole_file_is_refused(town: Town) -> None:
    line = new_row()
    rows = [{**line, "enfant_prenom": f"Enfant {chr(97 + n % 26)}{n}"} for n in range(70)]
    reply = await import_rows(town.service, *rows)
    assert reply.status == 422
    assert reply.json["errors"] == [
        {"field": "ligne 62, dossier", "message": "Plus de 60 lignes portent ce numéro de dossier."}
    ]


async def test_a_file_without_families_is_refused(town: Town) -> None:
    reply = await import_rows(town.service)
    assert reply.json["errors"][0]["message"] == "Le fichier ne contient aucune famille."


@pytest.mark.parametrize(
    ("encoding", "message"),
    [("cp1252", "Windows-1252"), ("utf-16", "UTF-16"), ("utf-16-be", "UTF-16")],
)
async def test_another_encoding_is_named(town: Town, encoding: str, message: str) -> None:
    data = family_file(new_row()).decode().encode(encoding)
    reply = await town.service.post("/imports/families", AGENT_CALLER, data=data)
    assert reply.status == 422
    assert message in reply.json["errors"][0]["message"]


async def test_a_line_of_ten_megabytes_is_refused(town: Town) -> None:
    data = family_file(new_row()) + b"F-1;" + b"x" * 10_000_000 + b"\r\n"
    reply = await town.service.post("/imports/families", AGENT_CALLER, data=data)
    assert reply.status == 422
    assert reply.json["errors"] == [
        {"field": "ligne 3", "message": "La ligne dépasse 20000 caractères."}
    ]


async def test_an_export_imports_again_unchanged(empty_town: Town) -> None:
    service = empty_town.service
    line = new_row(adresse="=1+1", resp1_telephone="+32470123456", enfant_regime="sans porc")
    await import_rows(
        service,
        line,
        {**line, "enfant_prenom": "Tom", "enfant_allergies": "arachide ; œuf"},
        new_row(enfant_nom="", enfant_prenom="", enfant_naissance="", enfant_ecole="",
                enfant_classe="", enfant_regime="", resp2_nom="Évain", resp2_prenom="Marc"),
        new_row(quotient="", quotient_fin="", resident="non", complement="Bâtiment B"),
        *(new_row() for _ in range(600)),
    )  # fmt: skip
    exported = await service.get("/exports/families.csv", AGENT_CALLER)
    assert exported.status == 200
    assert exported.body.startswith(b"\xef\xbb\xbfdossier;")
    assert b"'=1+1;" in exported.body
    again = await service.post("/imports/families", AGENT_CALLER, data=exported.body)
    assert again.status == 200, again.body
    assert again.json["families"] == again.json["unchanged"] == 603
    assert again.json["children"] == 603


async def test_only_the_office_exports(town: Town) -> None:
    for caller in (guardian(UUID(int=1)), staff("leader"), staff("regisseur")):
        assert (await town.service.get("/exports/families.csv", caller)).status == 403


async def test_a_report_is_there_or_not_found(town: Town) -> None:
    reply = await town.service.get(f"/imports/{UUID(int=1)}/report.csv", AGENT_CALLER)
    assert reply.status == 404


async def test_a_checked_file_is_imported_without_being_sent_again(town: Town) -> None:
    line = new_row()
    checked = await import_rows(town.service, line, dry_run="true")
    assert checked.json["kept_until"] == (town.clock.now + KEPT).isoformat().replace("+00:00", "Z")
    done = await import_checked(town, checked)
    assert (done.status, done.json["created"], done.json["dry_run"]) == (200, 1, False)
    assert await families_named(town.service, line["dossier"]) == 1
    again = await import_checked(town, checked)
    assert (again.status, again.json["type"]) == (410, "/problems/checked-file-gone")


async def test_a_checked_file_is_imported_once_by_two_clicks(town: Town) -> None:
    checked = await import_rows(town.service, new_row(), dry_run="true")
    clicks = await asyncio.gather(*(import_checked(town, checked) for _ in range(2)))
    assert sorted(click.status for click in clicks) == [200, 410]


async def test_a_file_is_not_imported_when_it_would_do_something_else_than_shown(
    town: Town,
) -> None:
    line = new_row()
    family = await new_family(town.service, **line)
    checked = await import_rows(town.service, {**line, "quotient": "900"}, dry_run="true")
    path = f"/families/{family['family_id']}"
    await town.service.patch(path, AGENT_CALLER, json={"resident": False})
    refused = await import_checked(town, checked)
    assert (refused.status, refused.json["type"]) == (409, "/problems/import-outdated")
    assert (await family_of(town.service, line["dossier"]))["quotient"] == family["quotient"]
    shown = await import_checked(town, checked, dry_run="true")
    assert (shown.status, shown.json["updated"]) == (200, 1)
    done = await import_checked(town, shown)
    assert (done.status, done.json["updated"]) == (200, 1)


async def test_a_change_elsewhere_does_not_stop_a_checked_file(town: Town) -> None:
    line, same = new_row(), new_row()
    elsewhere = await new_family(town.service)
    await new_family(town.service, **same)
    checked = await import_rows(town.service, line, same, dry_run="true")
    await town.service.patch(
        f"/families/{elsewhere['family_id']}", AGENT_CALLER, json={"resident": False}
    )
    assert (await import_checked(town, checked)).status == 200


async def test_a_checked_file_is_kept_for_its_clerk_for_an_hour_and_only_the_last(
    town: Town,
) -> None:
    first = await import_rows(town.service, new_row(), dry_run="true")
    path = f"/imports/{first.json['import_id']}/families"
    assert (await town.service.post(path, staff(AGENT))).status == 404
    last = await import_rows(town.service, new_row(), dry_run="true")
    assert (await import_checked(town, first)).status == 410
    town.clock.turn(minutes=61)
    assert (await import_checked(town, last)).status == 410


async def test_a_checked_file_is_sealed_and_forgotten(town: Town) -> None:
    line = new_row()
    await import_rows(town.service, line, dry_run="true")
    parts = "SELECT sealed FROM checked_file_part"
    async with town.service.database.connection() as connection:
        kept = await connection.fetch(parts)
    assert kept
    packed = zlib.compress(family_file(line))
    assert not any(packed in row["sealed"] for row in kept)
    town.clock.turn(minutes=61)
    await forget_imports(town.service.app, town.clock.now)
    async with town.service.database.connection() as connection:
        assert not await connection.fetch(parts)
