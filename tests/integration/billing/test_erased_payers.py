"""Who pays without being the family is forgotten, and forgets the child whose family is."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import uuid4

from contracts.events.accounts import FamilyErased
from contracts.events.billing import ThirdPartyErased, ThirdPartyUpdated
from contracts.roles import AGENT
from services.billing.personal_data import PERSONAL
from services.chassis import personal_data
from services.chassis.database import Connection
from services.chassis.testing import Reply, guardian, staff
from tests.integration.billing.books import books_balance, disagreeing
from tests.integration.billing.conftest import Town
from tests.integration.billing.test_sharing import (
    CCAS,
    GRANDMOTHER,
    came,
    shared,
    third_party,
    two_homes,
)
from tests.integration.billing.test_till import paid
from tests.integration.billing.test_undone import (
    cheque,
    correct,
    next_month,
    owing,
    pay,
    refund,
    undo,
)
from tests.integration.billing.town import (
    TILL,
    Household,
    household,
    invoices_of,
    publish_canteen,
    run_month,
)

NAME = "Zénaïde Kerouredan"


async def zenaide(town: Town) -> tuple[Household, str]:
    """A grandmother whose name is nobody else's, and her reference."""
    payer = await third_party(town.billing, GRANDMOTHER | {"name": NAME})
    shown = await town.billing.get(f"/third-parties/{payer.family_id}", TILL)
    return payer, shown.json["reference"]


async def erase(town: Town, payer: Household, reference: str) -> Reply:
    """The till erases it."""
    path = f"/third-parties/{payer.family_id}/erasure"
    return await town.billing.post(path, TILL, json={"reference": reference})


async def refused(town: Town, payer: Household, reference: str) -> str:
    """Why it is not erased yet."""
    reply = await erase(town, payer, reference)
    assert (reply.status, reply.json["type"]) == (409, "/problems/payer-in-use")
    return str(reply.json["detail"])


@asynccontextmanager
async def years_later(town: Town, family: Household, years: int) -> AsyncIterator[Connection]:
    """What is left when the round has dropped what is no longer kept; undone again."""
    then = town.clock.now + timedelta(days=366 * years)
    async with town.billing.database.connection() as connection:
        undone = connection.transaction()
        await undone.start()
        try:
            await personal_data.expire(connection, PERSONAL.holdings, {}, family.family_id, then)
            yield connection
        finally:
            await undone.rollback()


async def named_in(connection: Connection, seed: str) -> set[str]:
    """The tables in which this text stands."""
    tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    found = set()
    for (table,) in tables:
        where = f"SELECT EXISTS (SELECT FROM {table} t WHERE position($1 IN t::text) > 0)"  # noqa: S608 - our tables
        if await connection.fetchval(where, seed):
            found.add(table)
    return found


async def test_a_payer_is_erased_once_nothing_is_left_to_pay(town: Town) -> None:
    family = await household(town.billing, await publish_canteen(town.billing))
    payer, reference = await zenaide(town)
    sharing_id = await shared(town.billing, family, (payer, 100))
    await came(town.billing, family, 3)
    assert "pour un enfant" in await refused(town, payer, reference)
    end = {"last_day": "2026-11-04"}
    ended = await town.billing.post(f"/sharings/{sharing_id}/end", TILL, json=end)
    assert ended.status == 204
    assert "restent à facturer" in await refused(town, payer, reference)
    await run_month(town.billing)
    assert "à payer" in await refused(town, payer, reference)
    await paid(town, payer, 350)
    assert (await erase(town, payer, reference)).status == 204
    async with town.billing.database.connection() as connection:
        assert await named_in(connection, NAME) == {"invoice"}
    told = [e.payer_id for e in await town.billing.outbox(ThirdPartyErased)]
    assert payer.family_id in told
    shown = await town.billing.get(f"/families/{family.family_id}/sharings", TILL)
    (part,) = shown.json["sharings"][0]["parts"]
    assert (part["erased"], part["name"]) == (True, "")
    gone = await town.billing.outbox(ThirdPartyUpdated)
    assert payer.family_id not in {e.payer_id for e in gone}
    assert (await erase(town, payer, reference)).status == 404
    assert await books_balance(town.billing.database)
    async with years_later(town, payer, 11) as connection:
        assert await named_in(connection, NAME) == set()
        # The uses that its invoice held for the family are as old.
        units = "SELECT count(*) FROM unit WHERE child_id = $1"
        assert await connection.fetchval(units, family.child_id) == 0


async def test_a_payer_is_erased_by_its_own_reference_only(town: Town) -> None:
    payer, reference = await zenaide(town)
    wrong = await erase(town, payer, "T999999")
    assert (wrong.status, wrong.json["errors"][0]["field"]) == (422, "reference")
    path = f"/third-parties/{payer.family_id}/erasure"
    for caller in (staff(AGENT), guardian(uuid4())):
        reply = await town.billing.post(path, caller, json={"reference": reference})
        assert reply.status == 403
    assert (await erase(town, payer, reference)).status == 204


async def test_other_payers_invoices_name_the_child_as_long_as_its_familys(town: Town) -> None:
    canteen = await publish_canteen(town.billing)
    family = await household(town.billing, canteen, first_name="Philibertine")
    payer = await third_party(town.billing)
    await shared(town.billing, family, (payer, 100))
    await came(town.billing, family, 3)
    erasure = FamilyErased(family_id=family.family_id, erased_at=town.clock.now)
    await town.billing.tell(erasure)
    # Something is left to invoice, and an invoice says whose child it is for.
    await run_month(town.billing)
    [invoice] = await invoices_of(town.billing, payer)
    assert "Philibertine" in str(invoice["lines"])
    pdf = f"/invoices/{invoice['invoice_id']}.pdf"
    assert (await town.billing.get(pdf, TILL)).status == 200
    async with years_later(town, family, 9) as connection:
        assert "invoice_line" in await named_in(connection, "Philibertine")
    async with years_later(town, family, 11) as connection:
        assert await named_in(connection, "Philibertine") == set()
        lines = """SELECT l.child_name, sum(l.amount_cents) AS cents FROM invoice_line l
                   JOIN invoice i USING (invoice_id) WHERE i.family_id = $1 GROUP BY 1"""
        [kept] = await connection.fetch(lines, payer.family_id)
        assert tuple(kept) == ("Enfant", invoice["total_cents"])


async def proved_without(town: Town, family: Household) -> None:
    """The books hold once the law no longer asks to keep anything of the account."""
    async with years_later(town, family, 11) as connection:
        kept = "SELECT count(*) FROM invoice WHERE family_id = $1"
        assert await connection.fetchval(kept, family.family_id) == 0
        assert await disagreeing(connection) == []


async def test_the_books_are_proved_once_invoices_and_payments_are_not_kept(town: Town) -> None:
    family = await owing(town)
    bounced = await cheque(town, family, 1500)
    await refund(town, family, 250)
    assert (await undo(town, bounced)).status == 200
    await pay(town, family, 1300)
    await correct(town, family, {1: 300})
    await next_month(town, family)
    invoice_id = (await invoices_of(town.billing, family))[0]["invoice_id"]
    await pay(town, family, 100)
    given_up = {"invoice_id": invoice_id, "reason": "Surendettement"}
    assert (await town.billing.post("/write-offs", TILL, json=given_up)).status in (201, 409)
    assert await books_balance(town.billing.database)
    await proved_without(town, family)


async def test_the_books_are_proved_when_one_payer_is_forgotten_before_the_others(
    town: Town,
) -> None:
    mother, father = await two_homes(town.billing)
    ccas = await third_party(town.billing, CCAS)
    await shared(town.billing, mother, (mother, 34), (father, 33), (ccas, 33))
    day = mother.session(3)
    await town.billing.tell(day.made())
    await run_month(town.billing)
    # A correction on the invoices of December.
    await town.billing.tell(day.marked("excused"))
    await came(town.billing, mother, 1, 2, 3, month=12)
    await run_month(town.billing, "2026-12")
    for account in (mother, father, ccas):
        await proved_without(town, account)
    async with years_later(town, ccas, 11) as connection:
        for account in (father, mother):
            then = town.clock.now + timedelta(days=366 * 11)
            await personal_data.expire(connection, PERSONAL.holdings, {}, account.family_id, then)
            assert await disagreeing(connection) == []


async def test_the_books_are_proved_when_uses_were_on_the_invoice_of_a_payer_who_is_forgotten(
    town: Town,
) -> None:
    family = await household(town.billing, await publish_canteen(town.billing))
    ccas = await third_party(town.billing, CCAS)
    sharing_id = await shared(town.billing, family, (ccas, 100))
    day = family.session(3)
    await town.billing.tell(day.made())
    await came(town.billing, family, 5)
    await run_month(town.billing)
    end = {"last_day": "2026-11-30"}
    assert (await town.billing.post(f"/sharings/{sharing_id}/end", TILL, json=end)).status == 204
    await town.billing.tell(day.marked("excused"))
    await came(town.billing, family, 1, month=12)
    await run_month(town.billing, "2026-12")
    assert await books_balance(town.billing.database)
    await proved_without(town, ccas)
    await proved_without(town, family)


async def test_the_books_are_proved_when_the_roll_named_the_other_home(town: Town) -> None:
    mother, father = await two_homes(town.billing)
    day = mother.session(3)
    named = day.marked("present").model_copy(update={"family_id": father.family_id})
    await town.billing.tell(day.made(), named)
    await came(town.billing, father, 5)
    await run_month(town.billing)
    assert [len(await invoices_of(town.billing, home)) for home in (mother, father)] == [1, 1]
    await proved_without(town, father)
    await proved_without(town, mother)
    async with years_later(town, father, 11) as connection:
        assert await named_in(connection, str(father.family_id)) <= {"family", "outbox", "inbox"}
