"""A family's vault: opened by its parents, by nobody else."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.events.documents import VaultAccessChanged
from contracts.roles import GUARDIAN
from services.chassis.auth import Caller
from services.chassis.testing import Reply, staff
from services.documents.commands.vault import contents
from services.documents.commands.vault.strongroom import STRONGROOM
from tests.integration.documents.conftest import Archive
from tests.unit.documents.builders import pdf

PASSPHRASE = "sept petits canards nagent vers une mare"
OTHER = "mille lampions dansent sous les vieux tilleuls"
MEGABYTE = 1024 * 1024


@dataclass
class Parent:
    """A guardian with a session, before the family's vault."""

    archive: Archive
    caller: Caller
    token: str = ""

    async def ask(self, method: str, path: str, **options: Any) -> Reply:
        headers = {"X-Vault-Token": self.token}
        return await self.archive.service.call(
            method, f"/vault{path}", self.caller, headers=headers, **options
        )

    async def make(self, passphrase: str = PASSPHRASE) -> Reply:
        return self._keep(await self.ask("POST", "", json={"passphrase": passphrase}))

    async def unlock(self, passphrase: str = PASSPHRASE) -> Reply:
        return self._keep(await self.ask("POST", "/unlock", json={"passphrase": passphrase}))

    async def put_in(self, content: Any, filename: str = "livret.pdf") -> Reply:
        return await self.ask("POST", "/documents", data=content, params={"filename": filename})

    async def listed(self) -> Sequence[dict[str, Any]]:
        found: Sequence[dict[str, Any]] = (await self.ask("GET", "/documents")).json["documents"]
        return found

    def _keep(self, reply: Reply) -> Reply:
        if reply.status < 300:
            self.token = reply.json["token"]
        return reply


def parent_of(archive: Archive, family_id: UUID | None = None) -> Parent:
    caller = Caller(frozenset({GUARDIAN}), uuid4(), family_id or uuid4(), uuid4())
    return Parent(archive, caller)


@pytest.fixture
async def parent(archive: Archive) -> Parent:
    """A parent whose vault is made and open."""
    made = parent_of(archive)
    assert (await made.make()).status == 201
    return made


def family_of(parent: Parent) -> UUID:
    assert parent.caller.family_id
    return parent.caller.family_id


async def told(parent: Parent) -> list[str]:
    events = await parent.archive.service.outbox(VaultAccessChanged)
    return [event.change for event in events if event.family_id == family_of(parent)]


async def test_what_is_put_in_comes_back_and_is_nowhere_readable(parent: Parent) -> None:
    content = pdf(300_000)
    kept = await parent.put_in(content, "Jugement – Zoé.pdf")
    assert kept.status == 201
    assert kept.json["filename"] == "Jugement – Zoé.pdf"
    read = await parent.ask("GET", f"/documents/{kept.json['document_id']}/content")
    assert read.body == content
    assert "attachment" in read.headers["Content-Disposition"]
    folder = parent.archive.folder / "vaults" / str(family_of(parent))
    [stored] = folder.glob("*")
    assert b"xxxxxxxx" not in stored.read_bytes()
    label = await parent.archive.fetchval(
        "SELECT sealed_label FROM vault_document WHERE family_id = $1", family_of(parent)
    )
    assert b"Jugement" not in label


async def test_a_vault_shows_shut_how_full_it_is_and_not_what_is_in_it(parent: Parent) -> None:
    await parent.put_in(b"notes", "notes.txt")
    parent.token = ""
    shown = (await parent.ask("GET", "")).json
    assert (shown["exists"], shown["is_mine"], shown["documents"]) == (True, True, 1)
    assert shown["used_bytes"] == 5
    assert "notes" not in str(shown)
    locked = await parent.ask("GET", "/documents")
    assert (locked.status, locked.json["type"]) == (423, "/problems/vault-locked")


async def test_a_family_has_one_vault(parent: Parent) -> None:
    assert (await parent.make()).status == 409
    second = parent_of(parent.archive, family_of(parent))
    assert (await second.make(OTHER)).status == 409


async def test_a_weak_passphrase_makes_no_vault(archive: Archive) -> None:
    parent = parent_of(archive)
    reply = await parent.make("Doudou2026!")
    assert reply.status == 422
    assert reply.json["errors"][0]["field"] == "passphrase"
    assert not (await parent.ask("GET", "")).json["exists"]
    assert await told(parent) == []


async def test_only_the_right_passphrase_opens_and_wrong_ones_must_wait(parent: Parent) -> None:
    for _ in range(6):
        reply = await parent.unlock("une phrase qui ne convient pas du tout ici")
        assert (reply.status, reply.json["errors"][0]["field"]) == (422, "passphrase")
    reply = await parent.unlock()
    assert (reply.status, reply.json["type"]) == (429, "/problems/too-many-tries")
    assert "réessayez dans" in reply.json["detail"]


async def test_guesses_at_the_same_time_all_count(parent: Parent) -> None:
    replies = await asyncio.gather(*(parent.unlock(f"{OTHER} {n}") for n in range(12)))
    assert [reply.status for reply in replies].count(422) == 6
    assert [reply.status for reply in replies].count(429) == 6


async def test_a_right_passphrase_forgets_the_wrong_ones(parent: Parent) -> None:
    for _ in range(3):
        for _ in range(4):
            await parent.unlock(OTHER)
        assert (await parent.unlock()).status == 200


async def test_a_token_serves_no_other_session_parent_or_family(parent: Parent) -> None:
    await parent.put_in(b"notes")
    caller = parent.caller
    others = (
        Caller(caller.roles, caller.account_id, caller.family_id, uuid4()),
        Caller(caller.roles, uuid4(), caller.family_id, caller.session_id),
        Caller(caller.roles, caller.account_id, uuid4(), caller.session_id),
    )
    for other in others:
        thief = Parent(parent.archive, other, parent.token)
        assert (await thief.ask("GET", "/documents")).status == 423


async def test_another_family_s_document_does_not_exist(parent: Parent) -> None:
    document_id = (await parent.put_in(b"notes")).json["document_id"]
    stranger = parent_of(parent.archive)
    await stranger.make(OTHER)
    assert (await stranger.ask("GET", f"/documents/{document_id}/content")).status == 404
    assert (await stranger.ask("DELETE", f"/documents/{document_id}")).status == 404
    assert len(await parent.listed()) == 1


@pytest.mark.parametrize("role", ["agent", "admin", "regisseur", "leader", "operator"])
async def test_the_staff_have_no_business_with_vaults(parent: Parent, role: str) -> None:
    clerk = Parent(parent.archive, staff(role), parent.token)
    for method, path in (("GET", ""), ("GET", "/documents"), ("POST", "/recovery-key")):
        assert (await clerk.ask(method, path)).status == 403


async def test_a_new_passphrase_shuts_what_the_old_one_opened(parent: Parent) -> None:
    await parent.put_in(b"notes")
    old = parent.token
    wrong = await parent.ask("POST", "/passphrase", json={"current": OTHER, "new": OTHER})
    assert wrong.json["errors"][0]["field"] == "current"
    changed = await parent.ask("POST", "/passphrase", json={"current": PASSPHRASE, "new": OTHER})
    assert changed.status == 200
    assert (await Parent(parent.archive, parent.caller, old).ask("GET", "/documents")).status == 423
    assert (await parent.unlock()).status == 422
    assert (await parent.unlock(OTHER)).status == 200
    assert len(await parent.listed()) == 1
    assert await told(parent) == ["created", "passphrase_changed"]


async def test_the_printed_key_opens_once_more_and_is_replaced(archive: Archive) -> None:
    parent = parent_of(archive)
    printed = (await parent.make()).json["recovery_key"]
    await parent.put_in(b"notes")
    body = {"recovery_key": printed.lower().replace("-", " "), "passphrase": OTHER}
    recovered = await parent.ask("POST", "/recover", json=body)
    assert recovered.status == 200
    assert recovered.json["recovery_key"] != printed
    assert (await parent.ask("POST", "/recover", json=body)).status == 422
    assert (await parent.unlock(OTHER)).status == 200
    assert [d["filename"] for d in await parent.listed()] == ["livret.pdf"]
    assert await told(parent) == ["created", "recovered"]


async def test_a_renewed_printed_key_ends_the_one_before(archive: Archive) -> None:
    parent = parent_of(archive)
    first = (await parent.make()).json["recovery_key"]
    second = (await parent.ask("POST", "/recovery-key")).json["recovery_key"]
    for printed, status in ((first, 422), (second, 200)):
        body = {"recovery_key": printed, "passphrase": OTHER}
        assert (await parent.ask("POST", "/recover", json=body)).status == status


async def test_the_other_parent_joins_by_a_code_that_is_good_once(parent: Parent) -> None:
    await parent.put_in(b"notes")
    other = parent_of(parent.archive, family_of(parent))
    assert (await other.unlock(PASSPHRASE)).status == 422
    code = (await parent.ask("POST", "/invitations")).json["code"]
    joined = await other.ask("POST", "/join", json={"code": code, "passphrase": OTHER})
    assert joined.status == 200
    other.token = joined.json["token"]
    assert len(await other.listed()) == 1
    third = parent_of(parent.archive, family_of(parent))
    again = await third.ask("POST", "/join", json={"code": code, "passphrase": OTHER})
    assert (again.status, again.json["errors"][0]["field"]) == (422, "code")
    assert (await parent.ask("GET", "")).json["parents"] == 2
    assert await told(parent) == ["created", "invited", "joined"]


async def test_a_code_of_one_family_opens_no_other_s_vault(parent: Parent) -> None:
    code = (await parent.ask("POST", "/invitations")).json["code"]
    stranger = parent_of(parent.archive)
    body = {"code": code, "passphrase": OTHER}
    assert (await stranger.ask("POST", "/join", json=body)).status == 404
    await stranger.make()
    assert (await stranger.ask("POST", "/join", json=body)).status == 422


async def test_an_old_invitation_opens_nothing(parent: Parent) -> None:
    code = (await parent.ask("POST", "/invitations")).json["code"]
    await parent.archive.fetchval(
        "UPDATE vault_opener SET expires_at = now() - interval '1 second' "
        "WHERE family_id = $1 AND kind = 'invitation'",
        family_of(parent),
    )
    other = parent_of(parent.archive, family_of(parent))
    body = {"code": code, "passphrase": OTHER}
    assert (await other.ask("POST", "/join", json=body)).status == 422


async def test_a_deleted_document_is_gone_with_its_content(parent: Parent) -> None:
    document_id = (await parent.put_in(b"notes")).json["document_id"]
    assert (await parent.ask("DELETE", f"/documents/{document_id}")).status == 204
    assert await parent.listed() == []
    folder = parent.archive.folder / "vaults" / str(family_of(parent))
    assert list(folder.glob("*")) == []


async def test_an_erased_vault_leaves_nothing_and_another_can_be_made(parent: Parent) -> None:
    await parent.put_in(b"notes")
    token = parent.token
    assert (await parent.ask("POST", "/erase", json={"confirmation": "oui"})).status == 422
    assert (await parent.ask("POST", "/erase", json={"confirmation": "EFFACER"})).status == 204
    assert not (await parent.ask("GET", "")).json["exists"]
    folder = parent.archive.folder / "vaults" / str(family_of(parent))
    assert list(folder.glob("*")) == []
    assert (await parent.make()).status == 201
    # What opened the first vault must not write into the second under a key nobody has.
    assert (await Parent(parent.archive, parent.caller, token).put_in(b"x")).status == 423


async def test_a_file_beyond_the_room_leaves_nothing(parent: Parent) -> None:
    too_large = await parent.put_in(b"x" * (MEGABYTE + 1))
    assert (too_large.status, too_large.json["type"]) == (413, "/problems/file-too-large")
    for _ in range(2):
        assert (await parent.put_in(b"x" * 900_000)).status == 201
    full = await parent.put_in(b"x" * 900_000)
    assert (full.status, full.json["type"]) == (413, "/problems/vault-full")
    assert len(await parent.listed()) == 2
    folder = parent.archive.folder / "vaults" / str(family_of(parent))
    assert len(list(folder.glob("*"))) == 2


async def test_content_without_a_row_is_removed_in_time(parent: Parent) -> None:
    await parent.put_in(b"notes")
    folder = parent.archive.folder / "vaults" / str(family_of(parent))
    (folder / str(uuid4())).write_bytes(b"cut short")
    room = parent.archive.service.app[STRONGROOM]
    await contents.remove_orphans(room, datetime.now(UTC))
    assert len(list(folder.glob("*"))) == 2
    await contents.remove_orphans(room, datetime.now(UTC) + timedelta(hours=25))
    assert len(list(folder.glob("*"))) == 1


async def test_neither_database_nor_storage_nor_both_hold_what_opens(parent: Parent) -> None:
    await parent.put_in(b"a secret note")
    async with parent.archive.service.database.connection() as connection:
        rows = await connection.fetch("SELECT t::text FROM vault_opener t")
        outbox = await connection.fetch("SELECT body FROM outbox")
        keys = await connection.fetch("SELECT t::text FROM idempotency_key t")
    kept = " ".join(str(row[0]) for row in (*rows, *outbox, *keys))
    assert "canards" not in kept
    assert parent.token not in kept
