"""A whole town for the tests of trust, and families that have used every service of it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from contracts.roles import ADMIN, AGENT, LEADER, REGISSEUR
from services.chassis.auth import Caller
from services.chassis.database import Connection
from services.chassis.testing import Reply, RunningService, eventually, staff
from services.reservations.model.activities import session_id
from tests.integration.accounts.conftest import Readers, Town, TurnableClock
from tests.integration.accounts.people import family_of, import_rows, new_parent, new_row
from tests.integration.enrolment.town import YEAR, publish_canteen
from tests.integration.reservations.town import FRIDAY
from tests.unit.documents.builders import pdf

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
AGENT_CALLER, ADMIN_CALLER = staff(AGENT), staff(ADMIN)
TILL, LEADER_CALLER = staff(REGISSEUR), staff(LEADER)


class TownClock(TurnableClock):
    """A Tuesday morning in November, until a test lets years go by."""

    def __init__(self) -> None:
        super().__init__(NOW)


@dataclass
class WholeTown:
    """The six running services by name, their clock, and who reads what accounts signs."""

    services: dict[str, RunningService]
    clock: TownClock
    readers: Readers

    def __getattr__(self, name: str) -> RunningService:
        return self.services[name]

    @property
    def offices(self) -> Town:
        """Accounts as its own tests know it."""
        return Town(self.services["accounts"], self.clock, self.readers)


@dataclass(frozen=True)
class Household:
    """A family with something in every service."""

    family_id: UUID
    reference: str
    parent: Caller
    password: str
    child_id: UUID
    guardian_id: UUID
    seeds: tuple[str, ...]
    session_id: UUID
    enrolment_id: UUID
    reservation_id: UUID
    invoice_id: UUID
    payment_id: UUID
    document_id: UUID
    login_session_id: UUID


async def settle(town: WholeTown, last_name: str, first_name: str, *, day: int) -> Household:
    """A family of this name that signed in, enrolled, reserved, came, was billed, handed in."""
    line = new_row(
        resp1_nom=last_name,
        resp1_prenom=f"Mère-{first_name}",
        resp1_mail=f"{first_name.lower()}@{last_name.lower()}.example",
        resp1_telephone="0699887766",
        adresse=f"9 impasse {last_name}",
        enfant_nom=last_name,
        enfant_prenom=first_name,
        enfant_naissance=f"2018-02-{day:02}",
        enfant_allergies=f"allergie de {first_name}",
    )
    assert (await import_rows(town.accounts, line)).status == 200
    file = await family_of(town.accounts, line["dossier"])
    family_id, child_id = UUID(file["family_id"]), UUID(file["children"][0]["child_id"])
    parent = await new_parent(town.offices, file["family_id"])
    activity_id, enrolment_id = await _enrolled(town, parent.caller, child_id)
    await _came_today(town, child_id, activity_id)
    invoice_id = await _billed(town, family_id, child_id, activity_id)
    reservation_id = await _reserved(town, parent.caller, child_id, activity_id)
    document_id = await _deposited(town, parent.caller, family_id, last_name)
    await _written_to(town, family_id)
    if parent.caller.session_id is None:
        raise AssertionError("a parent who signed in has a session")
    return Household(
        family_id=family_id,
        reference=line["dossier"],
        parent=parent.caller,
        password=parent.password,
        child_id=child_id,
        guardian_id=UUID(file["guardians"][0]["guardian_id"]),
        seeds=(last_name, first_name, line["enfant_naissance"]),
        session_id=session_id(activity_id, FRIDAY),
        enrolment_id=enrolment_id,
        reservation_id=reservation_id,
        invoice_id=invoice_id,
        payment_id=await _gave_up_paying(town, family_id),
        document_id=document_id,
        login_session_id=parent.caller.session_id,
    )


async def _enrolled(town: WholeTown, parent: Caller, child_id: UUID) -> tuple[UUID, UUID]:
    assert (await town.enrolment.post("/school-years", AGENT_CALLER, json=YEAR)).status == 200
    published = await publish_canteen(town.enrolment)
    wish = {
        "child_id": str(child_id),
        "activity_id": published["activity_id"],
        "regulations_accepted": True,
    }

    async def asked() -> Reply | None:
        # The file may still be on its way.
        reply = await town.enrolment.post("/enrolments", parent, json=wish)
        return reply if reply.status == 201 else None

    enrolment_id = (await eventually(asked)).json["enrolment_id"]
    accepted = f"/enrolments/{enrolment_id}/accept"
    assert (await town.enrolment.post(accepted, AGENT_CALLER)).status == 200
    return UUID(published["activity_id"]), UUID(enrolment_id)


async def _came_today(town: WholeTown, child_id: UUID, activity_id: UUID) -> None:
    """The roll says that the child came without a reservation."""
    roll = f"/sessions/{session_id(activity_id, NOW.date())}/attendance"
    marks = {"marks": [{"child_id": str(child_id), "state": "present"}]}

    async def taken() -> bool:
        # Session and enrolment may still be on their way.
        return (await town.reservations.post(roll, LEADER_CALLER, json=marks)).status == 200

    await eventually(taken, what="the roll being taken")


async def _reserved(town: WholeTown, parent: Caller, child_id: UUID, activity_id: UUID) -> UUID:
    """Friday's place, charged and not invoiced yet."""
    item = {"child_id": str(child_id), "session_id": str(session_id(activity_id, FRIDAY))}
    reply = await town.reservations.post("/reservations", parent, json={"items": [item]})
    (outcome,) = reply.json["items"]
    charged = "SELECT count(*) = 1 FROM open_charge WHERE child_id = $1"
    await eventually(lambda: value(town.billing, charged, child_id), what="Friday being charged")
    return UUID(outcome["reservation_id"])


async def _billed(town: WholeTown, family_id: UUID, child_id: UUID, activity_id: UUID) -> UUID:
    tariff = {
        "activity_id": str(activity_id),
        "valid_from": "2026-09-01",
        "bands": [{"from_quotient": 0, "to_quotient": None, "price_cents": 350}],
        "unreserved_surcharge_cents": 200,
    }

    async def priced() -> bool:
        return (await town.billing.post("/tariffs", TILL, json=tariff)).status == 201

    async def invoiced() -> str | None:
        body = {"month": "2026-11", "not_over_confirmed": True}
        await town.billing.post("/billing-runs", TILL, json=body)
        found = await town.billing.get(f"/invoices?family_id={family_id}", TILL)
        return next((invoice["invoice_id"] for invoice in found.json["invoices"]), None)

    await eventually(priced)
    charged = "SELECT count(*) = 1 FROM open_charge WHERE child_id = $1 AND amount_cents > 0"
    await eventually(lambda: value(town.billing, charged, child_id), what="today being charged")
    return UUID(await eventually(invoiced))


async def _gave_up_paying(town: WholeTown, family_id: UUID) -> UUID:
    """A payment that came to nothing: no provider is asked here."""
    payment_id: UUID = await value(
        town.billing,
        """INSERT INTO payment (payment_id, family_id, amount_cents, reference, status, started_at)
           VALUES (gen_random_uuid(), $1, 350, gen_random_uuid()::text, 'cancelled', $2)
           RETURNING payment_id""",
        family_id,
        NOW,
    )
    return payment_id


async def _deposited(town: WholeTown, parent: Caller, family_id: UUID, last_name: str) -> UUID:
    known = "SELECT EXISTS (SELECT FROM family WHERE family_id = $1)"
    await eventually(lambda: value(town.documents, known, family_id))
    params = {"type": "proof_of_address", "filename": f"facture {last_name}.pdf"}
    reply = await town.documents.post("/documents", parent, data=pdf(3000), params=params)
    assert reply.status == 201, reply.body
    await town.documents.get(f"/documents/{reply.json['document_id']}/content", AGENT_CALLER)
    return UUID(reply.json["document_id"])


async def _written_to(town: WholeTown, family_id: UUID) -> None:
    """Wait for the mail that tells of the invoice."""
    sql = "SELECT count(*) FROM message WHERE family_id = $1 AND status = 'sent'"

    async def both() -> bool:
        return bool(await value(town.notifications, sql, family_id) >= 3)

    await eventually(both, what="three mails having left")


async def value(service: RunningService, query: str, *args: Any) -> Any:
    """Look into a service's database."""
    async with service.database.connection() as connection:
        return await connection.fetchval(query, *args)


async def texts(connection: Connection) -> dict[str, str]:
    """Every row of every table as text, bytes included, by table."""
    tables = await connection.fetch(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
    )
    found = {}
    for (table,) in tables:
        raw = await connection.fetch(
            """SELECT column_name FROM information_schema.columns
               WHERE table_name = $1 AND table_schema = 'public' AND data_type = 'bytea'""",
            table,
        )
        columns = ["t::text", *(f"encode(t.{name}, 'escape')" for (name,) in raw)]
        rows = await connection.fetch(f"SELECT {', '.join(columns)} FROM {table} t")  # noqa: S608 - names of tables
        found[table] = "\n".join(str(part) for row in rows for part in row)
    return found


async def tables_naming(service: RunningService, *seeds: str) -> set[str]:
    """The tables in which any of these texts stands."""
    async with service.database.connection() as connection:
        found = await texts(connection)
    return {
        table
        for table, text in found.items()
        if any(seed.casefold() in text.casefold() for seed in seeds)
    }
