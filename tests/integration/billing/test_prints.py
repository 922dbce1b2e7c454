"""A month's invoices on paper: which, in what order, and that the file comes to its end."""

import io
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from pypdf import PdfReader

from contracts.events.accounts import Address
from contracts.roles import AGENT, LEADER
from services.billing.commands.print_invoices import erase_prints
from services.billing.model.prints import KEEP_PRINTS
from services.chassis.testing import Reply, RunningService, eventually, guardian, staff
from tests.integration.billing.conftest import Town
from tests.integration.billing.test_papers import read
from tests.integration.billing.town import Household, publish_canteen, run_month

OFFICE = staff(AGENT)


@pytest.fixture(scope="module")
async def paying_town(own_town: Town) -> Town:
    """A batch is of all families invoiced for its month."""
    return own_town


@pytest.fixture(scope="module")
async def billing(paying_town: Town) -> RunningService:
    """Its billing service."""
    return paying_town.billing


async def invoiced(service: RunningService, month: int, *homes: tuple[str, str, str, bool]) -> str:
    """Families with an invoice each of a month of the test's own; returns it.

    Of each: child, street, postcode, whether it has a mail address.
    """
    activity_id = await publish_canteen(service, valid_from="2026-01-01")
    for name, street, postcode, mail in homes:
        family = Household(activity_id, first_name=name)
        address = Address(lines=(street,), postcode=postcode, city="Saint-Aubin")
        file = family.file(address=address)
        if not mail:
            guardians = tuple(g.model_copy(update={"mail": None}) for g in file.guardians)
            file = file.model_copy(update={"guardians": guardians})
        day = family.session(3, month)
        await service.tell(file, day.made(), day.marked("present"))
    await run_month(service, f"2026-{month:02}")
    return f"2026-{month:02}"


async def printed(service: RunningService, month: str, **wish: Any) -> list[dict[str, Any]]:
    """Asked for, and waited for."""
    reply = await service.post("/print-batches", OFFICE, json={"month": month, **wish})
    assert reply.status == 201, reply.body
    batches: list[dict[str, Any]] = []

    async def all_are_kept() -> bool:
        listed = await service.get(f"/print-batches?month={month}", OFFICE)
        batches[:] = listed.json["print_batches"]
        return all(batch["kept"] for batch in batches)

    await eventually(all_are_kept, within=30)
    return batches


async def file_of(service: RunningService, batch: dict[str, Any]) -> Reply:
    """The file of a batch."""
    return await service.get(f"/print-batches/{batch['batch_id']}.pdf", OFFICE)


def order(text: str, *names: str) -> list[str]:
    """The names in the order of the text."""
    return sorted((name for name in names if name in text), key=text.index)


async def test_letters_are_in_postal_order_behind_their_cover(billing: RunningService) -> None:
    month = await invoiced(
        billing,
        1,
        ("Zoé", "10 rue du Lavoir", "50890", True),
        ("Ali", "2 rue du Lavoir", "50890", True),
        ("Max", "7 avenue des Ormes", "50890", True),
        ("Eva", "1 rue du Lavoir", "14500", True),
    )
    (batch,) = await printed(billing, month, without_mail=False)
    assert (batch["invoices"], batch["done"], batch["pages"]) == (4, 4, 4)
    reply = await file_of(billing, batch)
    pages = PdfReader(io.BytesIO(reply.body)).pages
    assert len(pages) == 5
    cover = " ".join(pages[0].extract_text().split())
    assert "Lettres 4" in cover
    assert cover.index("14500") < cover.index("50890")
    assert order(read(reply.body), "Eva", "Max", "Ali", "Zoé") == ["Eva", "Max", "Ali", "Zoé"]


async def test_only_families_without_mail_are_printed_unless_all_are_asked_for(
    billing: RunningService,
) -> None:
    month = await invoiced(
        billing,
        2,
        ("Ali", "2 rue du Lavoir", "50890", True),
        ("Max", "7 avenue des Ormes", "50890", False),
    )
    (batch,) = await printed(billing, month)
    assert batch["invoices"] == 1
    text = read((await file_of(billing, batch)).body)
    assert "Max" in text
    assert "Ali" not in text


async def test_a_large_month_comes_in_slices_and_volumes(
    billing: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.billing.repository.prints.SLICE", 2)
    monkeypatch.setattr("services.billing.repository.prints.VOLUME", 3)
    month = await invoiced(
        billing, 3, *((f"Nom{n}", f"{n} rue du Lavoir", "50890", False) for n in range(1, 6))
    )
    first, second = await printed(billing, month)
    assert [(b["volume"], b["volumes"], b["invoices"]) for b in (first, second)] == [
        (1, 2, 3),
        (2, 2, 2),
    ]
    names = [f"Nom{n}" for n in range(1, 6)]
    assert order(read((await file_of(billing, first)).body), *names) == names[:3]
    assert order(read((await file_of(billing, second)).body), *names) == names[3:]


async def test_a_month_without_letters_is_refused(billing: RunningService) -> None:
    month = await invoiced(billing, 4, ("Ali", "2 rue du Lavoir", "50890", True))
    reply = await billing.post("/print-batches", OFFICE, json={"month": month})
    assert (reply.status, reply.json["type"]) == (409, "/problems/nothing-to-print")


async def test_a_file_is_erased_in_time_and_the_batch_stays_known(town: Town) -> None:
    month = await invoiced(town.billing, 5, ("Max", "7 avenue des Ormes", "50890", False))
    (batch,) = await printed(town.billing, month)
    async with town.billing.database.transaction() as connection:
        await erase_prints(connection, now=town.clock.now + KEEP_PRINTS + timedelta(days=1))
    reply = await file_of(town.billing, batch)
    assert (reply.status, reply.json["type"]) == (409, "/problems/print-not-there")


@pytest.mark.parametrize("caller", [staff(LEADER), guardian(uuid4())])
async def test_others_do_not_print(billing: RunningService, caller: Any) -> None:
    assert (await billing.get("/print-batches", caller)).status == 403
