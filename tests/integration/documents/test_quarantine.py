"""With a scanner configured nobody opens a document before it was found clean."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.events.documents import DocumentStateChanged
from deploy.clamd.main import EICAR, SIGNATURE, Mode, StandIn
from services.chassis.testing import eventually, guardian, staff
from services.documents.clients import Clamd
from services.documents.commands.scan import scan_waiting
from services.documents.main import application
from services.documents.settings import DocumentsSettings
from services.documents.storage import STORAGE
from tests.conftest import free_port
from tests.integration.documents.conftest import MASTER_KEY, TOWN, Archive, Home, family_file
from tests.unit.documents.builders import pdf

AGENT = staff("agent")
INFECTED = pdf().replace(b"xxxxxxxx", EICAR, 1)


class Scanner:
    """The stand-in at an address of its own, which can go away and come back."""

    def __init__(self) -> None:
        self.port = free_port()
        self.stand_in = StandIn()

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    async def come(self, mode: Mode = Mode.NORMAL) -> None:
        self.leave()
        self.stand_in = StandIn(mode)
        await self.stand_in.listen(port=self.port)

    def leave(self) -> None:
        self.stand_in.stop()


@pytest.fixture(scope="module")
async def scanner() -> AsyncIterator[Scanner]:
    made = Scanner()
    yield made
    made.leave()


@pytest.fixture(scope="module")
async def guarded(
    scanner: Scanner, start_service: Any, tmp_path_factory: Any
) -> AsyncIterator[Archive]:
    """A documents service with a scanner."""
    folder = tmp_path_factory.mktemp("guarded")
    async with await start_service(
        "documents",
        application,
        DocumentsSettings,
        storage_url=folder.as_uri(),
        master_key=MASTER_KEY,
        **TOWN,
        clamd_address=scanner.address,
        clamd_timeout_seconds=2.0,
    ) as service:
        yield Archive(service, folder)


@pytest.fixture
async def home_(guarded: Archive, scanner: Scanner) -> Home:
    """A family of one guardian and one child; the scanner is away."""
    scanner.leave()
    family_id, child_id = uuid4(), uuid4()
    await guarded.service.tell(family_file(family_id, 1, child_id))
    return Home(family_id, child_id, guardian(family_id))


async def state_of(archive: Archive, document_id: str) -> str:
    return str((await archive.service.get(f"/documents/{document_id}", AGENT)).json["state"])


async def comes_to(archive: Archive, document_id: str, state: str) -> None:
    async def there() -> bool:
        return await state_of(archive, document_id) == state

    await eventually(there, what=f"the document being {state}")


async def deposited(archive: Archive, home: Home, content: bytes, **params: str) -> str:
    reply = await archive.deposit(home.guardian, content, **params)
    assert (reply.status, reply.json["state"]) == (201, "quarantined")
    return str(reply.json["document_id"])


async def test_a_document_waits_for_the_scanner_and_nobody_opens_it(
    guarded: Archive, home_: Home, scanner: Scanner
) -> None:
    document_id = await deposited(guarded, home_, pdf())
    for caller in (home_.guardian, AGENT):
        reply = await guarded.read(caller, document_id)
        assert (reply.status, reply.json["type"]) == (409, "/problems/document-quarantined")
    queue = (await guarded.service.get("/reviews", AGENT)).json
    assert queue["scanned"]
    assert queue["quarantined"] == 1
    assert document_id not in {d["document_id"] for d in queue["documents"]}
    accepted = await guarded.service.post(f"/documents/{document_id}/accept", AGENT, json={})
    assert accepted.status == 409
    await scanner.come()
    await comes_to(guarded, document_id, "submitted")
    assert (await guarded.read(home_.guardian, document_id)).body == pdf()


async def test_an_infected_document_is_removed_recorded_and_told(
    guarded: Archive, home_: Home, scanner: Scanner
) -> None:
    document_id = await deposited(guarded, home_, INFECTED)
    await scanner.come()
    await comes_to(guarded, document_id, "infected")

    async def gone() -> bool:
        return guarded.objects(home_.family_id) == []

    await eventually(gone, what="the content being removed")
    for caller in (home_.guardian, AGENT):
        reply = await guarded.read(caller, document_id)
        assert (reply.status, reply.json["type"]) == (410, "/problems/document-infected")
    note = await guarded.fetchval(
        "SELECT note FROM document_step WHERE document_id = $1 AND state = 'infected'",
        UUID(document_id),
    )
    assert note == SIGNATURE
    events = await guarded.service.outbox(DocumentStateChanged)
    mine = [(e.state, e.tell_family) for e in events if str(e.document_id) == document_id]
    assert mine == [("quarantined", False), ("infected", True)]


async def test_one_that_cannot_be_judged_waits_and_lets_the_others_pass(
    guarded: Archive, home_: Home, scanner: Scanner
) -> None:
    document_id = await deposited(guarded, home_, pdf(900))
    await scanner.come(Mode.ERROR)

    async def put_off() -> bool:
        attempts = await guarded.fetchval(
            "SELECT scan_attempts FROM document WHERE document_id = $1", UUID(document_id)
        )
        return bool(attempts)

    await eventually(put_off, what="the scan being put off")
    await scanner.come()
    other = await deposited(guarded, home_, pdf(950))
    await comes_to(guarded, other, "submitted")
    assert await state_of(guarded, document_id) == "quarantined"
    later = datetime.now(UTC) + timedelta(minutes=3)
    client = Clamd(scanner.address, 2.0)
    await scan_waiting(guarded.service.database, guarded.service.app[STORAGE], client, later)
    await comes_to(guarded, document_id, "submitted")


@pytest.mark.parametrize("mode", [Mode.CUT, Mode.SLOW, Mode.LIMIT, Mode.GARBAGE])
async def test_a_scanner_that_misbehaves_lets_nothing_out(
    guarded: Archive, home_: Home, scanner: Scanner, mode: Mode
) -> None:
    await scanner.come(mode)
    scanner.stand_in.seconds = 3.0
    document_id = await deposited(guarded, home_, pdf(1_000_000))
    client = Clamd(scanner.address, 0.3)
    now = datetime.now(UTC) + timedelta(days=1)
    await scan_waiting(guarded.service.database, guarded.service.app[STORAGE], client, now)
    assert await state_of(guarded, document_id) == "quarantined"
    assert (await guarded.read(home_.guardian, document_id)).status == 409


async def test_a_replaced_document_is_judged_before_it_gives_way(
    guarded: Archive, home_: Home, scanner: Scanner
) -> None:
    first = await deposited(guarded, home_, pdf(700))
    second = await deposited(guarded, home_, pdf(800), replaces=first)
    assert await state_of(guarded, first) == "quarantined"
    await scanner.come()
    await comes_to(guarded, second, "submitted")
    await comes_to(guarded, first, "replaced")
