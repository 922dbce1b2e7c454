"""A child's charges are paid by several, or by somebody who is no family."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.events.accounts import FamiliesMerged
from contracts.events.billing import InvoiceIssued, ThirdPartyUpdated
from contracts.roles import AGENT, LEADER
from services.chassis.testing import RunningService, guardian, staff
from tests.integration.billing.books import books_balance
from tests.integration.billing.conftest import Town
from tests.integration.billing.test_organisations import data_of
from tests.integration.billing.town import (
    TILL,
    Household,
    charges_of,
    household,
    invoices_of,
    publish_canteen,
    run_month,
)

GRANDMOTHER: dict[str, Any] = {
    "kind": "person",
    "name": "Odile Martin",
    "lines": ["4 impasse des Tilleuls"],
    "postcode": "50300",
    "city": "Avranches",
}
CCAS: dict[str, Any] = {
    "kind": "organisation",
    "nature": "ccas",
    "name": "CCAS de Saint-Aubin",
    "lines": ["1 place de la Mairie"],
    "postcode": "50890",
    "city": "Saint-Aubin",
    "mail": "ccas@saint-aubin.example",
    "siret": "732 829 320 00074",
}


async def third_party(service: RunningService, told: dict[str, Any] = GRANDMOTHER) -> Household:
    """A third party, as an account that invoices are asked of."""
    reply = await service.post("/third-parties", TILL, json=told)
    assert reply.status == 201, reply.body
    return Household(uuid4(), UUID(reply.json["payer_id"]))


async def share(
    service: RunningService, family: Household, *parts: tuple[Household, int], **changes: Any
) -> Any:
    """Divide what the family's child costs among these, in percent."""
    body = {
        "child_id": str(family.child_id),
        "parts": [{"payer_id": str(p.family_id), "part": 100 * part} for p, part in parts],
        "valid_from": "2026-09-01",
        **changes,
    }
    return await service.post(f"/families/{family.family_id}/sharings", TILL, json=body)


async def shared(
    service: RunningService, family: Household, *parts: tuple[Household, int], **changes: Any
) -> str:
    """The same, done; the sharing's id."""
    reply = await share(service, family, *parts, **changes)
    assert reply.status == 201, reply.body
    return str(reply.json["sharing_id"])


async def came(service: RunningService, family: Household, *days: int, month: int = 11) -> None:
    """The child came on these days."""
    for number in days:
        day = family.session(number, month)
        await service.tell(day.made(), day.marked("present"))


async def totals(service: RunningService, *accounts: Household) -> list[list[int]]:
    """What the invoices of each account come to, oldest first."""
    return [[i["total_cents"] for i in await invoices_of(service, each)] for each in accounts]


async def two_homes(service: RunningService) -> tuple[Household, Household]:
    """Two parents' families, of whom the first reserves."""
    canteen = await publish_canteen(service)
    return await household(service, canteen), await household(service, canteen, first_name="Noé")


async def test_two_parents_pay_half_each(town: Town) -> None:
    mother, father = await two_homes(town.billing)
    await shared(town.billing, mother, (mother, 50), (father, 50))
    await came(town.billing, mother, 3, 5, 6)
    await run_month(town.billing)
    assert await totals(town.billing, mother, father) == [[525], [525]]
    [hers], [his] = [await invoices_of(town.billing, f) for f in (mother, father)]
    assert [line["amount_cents"] for line in hers["lines"]] == [1050, -525]
    assert hers["lines"][1]["reason"] == (
        "Répartition entre payeurs\u00a0: part d’autres payeurs, 50\u00a0% de 10,50\u00a0€"
    )
    [part] = his["lines"]
    assert part["reason"].endswith("50\u00a0% de 10,50\u00a0€ à votre charge")
    assert (part["child_name"], part["amount_cents"]) == ("Léa Martin", 525)
    assert await books_balance(town.billing.database)


async def test_each_payer_is_told_of_an_invoice_of_its_own(town: Town) -> None:
    mother, father = await two_homes(town.billing)
    await shared(town.billing, mother, (mother, 70), (father, 30))
    await came(town.billing, mother, 3)
    await run_month(town.billing)
    told = {e.family_id: e.total_cents for e in await town.billing.outbox(InvoiceIssued)}
    assert (told[mother.family_id], told[father.family_id]) == (245, 105)


async def test_a_parent_sees_only_its_own_invoice(town: Town) -> None:
    mother, father = await two_homes(town.billing)
    await shared(town.billing, mother, (mother, 50), (father, 50))
    await came(town.billing, mother, 3)
    await run_month(town.billing)
    [his] = await invoices_of(town.billing, father)
    path = f"/invoices/{his['invoice_id']}"
    assert (await town.billing.get(path, guardian(mother.family_id))).status == 404
    assert (await town.billing.get(path, guardian(father.family_id))).status == 200


async def test_a_third_party_pays_a_part_in_a_letter_of_its_own(town: Town) -> None:
    family = await household(town.billing, await publish_canteen(town.billing))
    odile = await third_party(town.billing)
    await shared(town.billing, family, (family, 70), (odile, 30))
    await came(town.billing, family, 3, 5)
    await run_month(town.billing)
    assert await totals(town.billing, family, odile) == [[490], [210]]
    [invoice] = await invoices_of(town.billing, odile)
    assert invoice["family_reference"].startswith("T")
    assert invoice["lines"][0]["child_name"] == "Léa Martin"
    async with town.billing.database.connection() as connection:
        addressee = await connection.fetchval(
            "SELECT addressee FROM invoice WHERE invoice_id = $1", UUID(invoice["invoice_id"])
        )
    assert addressee == ["Odile Martin", "4 impasse des Tilleuls", "50300 AVRANCHES"]


async def test_a_third_party_pays_it_all(town: Town) -> None:
    family = await household(town.billing, await publish_canteen(town.billing))
    ccas = await third_party(town.billing, CCAS)
    await shared(town.billing, family, (ccas, 100))
    await came(town.billing, family, 3, 5)
    await run_month(town.billing)
    assert await totals(town.billing, family, ccas) == [[], [700]]
    assert await charges_of(town.billing, family) == []
    # The price is frozen with the invoice: a quotient that comes later changes nothing.
    await town.billing.tell(family.file(version=2, quotient=100))
    await run_month(town.billing, "2026-12")
    assert await totals(town.billing, family, ccas) == [[], [700]]


async def test_an_absence_excused_after_the_invoice_is_given_back_to_who_paid(town: Town) -> None:
    family = await household(town.billing, await publish_canteen(town.billing))
    ccas = await third_party(town.billing, CCAS)
    await shared(town.billing, family, (ccas, 100))
    day = family.session(3)
    await town.billing.tell(day.made())
    await run_month(town.billing)
    await town.billing.tell(day.marked("excused"))
    await came(town.billing, family, 1, 2, month=12)
    await run_month(town.billing, "2026-12")
    assert await totals(town.billing, family, ccas) == [[], [350, 350]]


async def test_a_correction_is_shared_like_what_it_corrects(town: Town) -> None:
    mother, father = await two_homes(town.billing)
    await shared(town.billing, mother, (mother, 50), (father, 50))
    day = mother.session(3)
    await town.billing.tell(day.made())
    await run_month(town.billing)
    await town.billing.tell(day.marked("excused"))
    await came(town.billing, mother, 1, 2, 3, month=12)
    await run_month(town.billing, "2026-12")
    # 10,50 less 3,50 of November, half each.
    assert await totals(town.billing, mother, father) == [[175, 350], [175, 350]]


async def test_a_change_in_mid_month_counts_from_its_day(town: Town) -> None:
    mother, father = await two_homes(town.billing)
    await shared(town.billing, mother, (father, 100), valid_until="2026-11-15")
    await shared(town.billing, mother, (mother, 50), (father, 50), valid_from="2026-11-16")
    await came(town.billing, mother, 3, 5, 17, 19)
    await run_month(town.billing)
    assert await totals(town.billing, mother, father) == [[350], [1050]]


CAP = {"rule": "cap", "kind": "flat", "price_cents": 1000}


async def test_a_monthly_cap_follows_the_days_that_each_pays(town: Town) -> None:
    canteen = await publish_canteen(town.billing, monthly=CAP)
    mother, father = [await household(town.billing, canteen) for _ in range(2)]
    late = {"valid_from": "2026-11-16", "valid_until": "2026-11-30"}
    await shared(town.billing, mother, (father, 100), **late)
    await came(town.billing, mother, 3, 5, 6, 17, 19)
    await run_month(town.billing)
    # 17,50 € are 10,00 €: three fifths of them before the 16th.
    assert await totals(town.billing, mother, father) == [[600], [400]]
    assert await books_balance(town.billing.database)
    # Of six days each pays three, and the month costs no more: 5,00 € each.
    await came(town.billing, mother, 20)
    await came(town.billing, mother, 1, month=12)
    await run_month(town.billing, "2026-12")
    assert await totals(town.billing, mother, father) == [[600, 350 - 100], [400, 100]]
    assert await books_balance(town.billing.database)


async def test_a_fee_of_the_month_follows_the_days_that_each_pays(town: Town) -> None:
    fee = {"rule": "fee", "kind": "flat", "price_cents": 1000}
    canteen = await publish_canteen(town.billing, monthly=fee)
    mother, father = [await household(town.billing, canteen) for _ in range(2)]
    await shared(town.billing, mother, (father, 100), valid_until="2026-11-15")
    await shared(town.billing, mother, (mother, 50), (father, 50), valid_from="2026-11-16")
    await came(town.billing, mother, 3, 17, 19)
    await run_month(town.billing)
    # A third of the days is the father’s alone, two thirds are halved; one has the odd cent.
    [[hers], [his]] = await totals(town.billing, mother, father)
    assert (hers in (333, 334), hers + his) == (True, 1000)
    assert await books_balance(town.billing.database)


async def test_one_activity_may_be_shared_otherwise(town: Town) -> None:
    mother, father = await two_homes(town.billing)
    other = await publish_canteen(town.billing)
    await shared(town.billing, mother, (mother, 50), (father, 50))
    await shared(town.billing, mother, (father, 100), activity_id=str(other))
    await came(town.billing, mother, 3)
    await came(town.billing, Household(other, mother.family_id, mother.child_id), 3)
    await run_month(town.billing)
    assert await totals(town.billing, mother, father) == [[175], [525]]


async def test_a_second_run_issues_nothing_more(town: Town) -> None:
    mother, father = await two_homes(town.billing)
    odile = await third_party(town.billing)
    await shared(town.billing, mother, (mother, 34), (father, 33), (odile, 33))
    await came(town.billing, mother, 3)
    await run_month(town.billing)
    before = await totals(town.billing, mother, father, odile)
    assert sorted(total for [total] in before) == [115, 116, 119]
    await run_month(town.billing)
    assert await totals(town.billing, mother, father, odile) == before
    for account in (mother, father, odile):
        assert await charges_of(town.billing, account) == []


async def test_a_part_that_is_given_back_waits_for_the_next_invoice(town: Town) -> None:
    """The father's part of a correction is below zero in a month in which he owes nothing else."""
    mother, father = await two_homes(town.billing)
    await shared(town.billing, mother, (mother, 50), (father, 50), valid_until="2026-11-30")
    day = mother.session(3)
    await town.billing.tell(day.made())
    await run_month(town.billing)
    await town.billing.tell(day.marked("excused"))
    await came(town.billing, mother, 1, month=12)
    await run_month(town.billing, "2026-12")
    assert await totals(town.billing, mother, father) == [[175, 175], [175]]
    assert [charge["amount_cents"] for charge in await charges_of(town.billing, father)] == [-175]
    assert await books_balance(town.billing.database)


async def test_the_family_is_told_its_part_and_not_who_pays_the_rest(town: Town) -> None:
    family = await household(town.billing, await publish_canteen(town.billing))
    odile = await third_party(town.billing)
    await shared(town.billing, family, (family, 60), (odile, 40))
    path = f"/families/{family.family_id}/sharings"
    reply = await town.billing.get(path, guardian(family.family_id))
    [seen] = reply.json["sharings"]
    assert [part["part"] for part in seen["parts"]] == [6000, 4000]
    assert b"Odile" not in reply.body
    assert str(odile.family_id).encode() not in reply.body
    assert (await town.billing.get(path, guardian(uuid4()))).status == 404
    assert b"Odile Martin" in (await town.billing.get(path, staff(AGENT))).body


async def test_a_corrected_address_is_told_and_counts_for_the_next_invoice(town: Town) -> None:
    odile = await third_party(town.billing)
    path = f"/third-parties/{odile.family_id}"
    moved = GRANDMOTHER | {"lines": ["9 rue Neuve"], "mail": "odile@mail.example"}
    reply = await town.billing.put(path, TILL, json=moved)
    assert (reply.status, reply.json["lines"]) == (200, ["9 rue Neuve"])
    told = [
        (e.version, e.lines)
        for e in await town.billing.outbox(ThirdPartyUpdated)
        if e.payer_id == odile.family_id
    ]
    assert told == [(1, ("4 impasse des Tilleuls",)), (2, ("9 rue Neuve",))]


async def test_an_ended_sharing_divides_no_more(town: Town) -> None:
    mother, father = await two_homes(town.billing)
    sharing_id = await shared(town.billing, mother, (mother, 50), (father, 50))
    ended = {"last_day": "2026-11-10"}
    reply = await town.billing.post(f"/sharings/{sharing_id}/end", TILL, json=ended)
    assert reply.status == 204, reply.body
    await came(town.billing, mother, 3, 17)
    await run_month(town.billing)
    assert await totals(town.billing, mother, father) == [[525], [175]]


async def test_a_sharing_taken_back_was_never_there(town: Town) -> None:
    mother, father = await two_homes(town.billing)
    sharing_id = await shared(town.billing, mother, (mother, 50), (father, 50))
    await came(town.billing, mother, 3)
    assert (await town.billing.delete(f"/sharings/{sharing_id}", TILL)).status == 204
    await run_month(town.billing)
    assert await totals(town.billing, mother, father) == [[350], []]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"parts": [("mother", 50), ("father", 40)]}, "parts"),
        ({"parts": [("mother", 100), ("father", 0)]}, "parts.1.part"),
        ({"parts": [("mother", 50), ("mother", 50)]}, "parts.0.payer_id"),
        ({"parts": [("mother", 50), ("nobody", 50)]}, "parts.1.payer_id"),
        ({"valid_until": "2026-08-31"}, "valid_until"),
    ],
)
async def test_what_cannot_hold_is_refused_at_its_field(
    town: Town, changes: dict[str, Any], field: str
) -> None:
    mother, father = await two_homes(town.billing)
    known = {"mother": mother, "father": father, "nobody": Household(uuid4())}
    wanted = [(known[name], part) for name, part in changes.get("parts", [("mother", 100)])]
    days = {name: day for name, day in changes.items() if name != "parts"}
    reply = await share(town.billing, mother, *wanted, **days)
    assert reply.status == 422, reply.body
    assert field in [error["field"] for error in reply.json["errors"]]


async def test_an_unknown_reference_is_refused_at_its_field(town: Town) -> None:
    mother, father = await two_homes(town.billing)
    parts = [
        {"payer_id": str(mother.family_id), "part": 5000},
        {"reference": f"X{uuid4().hex[:8]}", "part": 5000},
    ]
    reply = await share(town.billing, mother, parts=parts)
    assert [error["field"] for error in reply.json["errors"]] == ["parts.1.reference"]
    parts[1]["reference"] = father.file().reference.lower()
    assert (await share(town.billing, mother, parts=parts)).status == 201


async def test_two_sharings_do_not_hold_at_once(town: Town) -> None:
    mother, father = await two_homes(town.billing)
    await shared(town.billing, mother, (father, 100), valid_until="2026-11-15")
    reply = await share(town.billing, mother, (mother, 100), valid_from="2026-11-15")
    assert (reply.status, reply.json["errors"][0]["field"]) == (409, "valid_from")


async def test_a_month_that_is_issued_is_not_divided_again(town: Town) -> None:
    mother, father = await two_homes(town.billing)
    sharing_id = await shared(town.billing, mother, (father, 100))
    await came(town.billing, mother, 3, 5)
    await run_month(town.billing)
    end = f"/sharings/{sharing_id}/end"
    refused = await town.billing.post(end, TILL, json={"last_day": "2026-11-04"})
    assert (refused.status, refused.json["errors"][0]["field"]) == (409, "last_day")
    assert (await town.billing.delete(f"/sharings/{sharing_id}", TILL)).status == 409
    assert (await town.billing.post(end, TILL, json={"last_day": "2026-11-05"})).status == 204
    alone = await household(town.billing, mother.activity_id)
    await came(town.billing, alone, 3)
    await run_month(town.billing)
    refused = await share(town.billing, alone, (father, 100), valid_from="2026-11-03")
    assert (refused.status, refused.json["errors"][0]["field"]) == (409, "valid_from")
    await shared(town.billing, alone, (father, 100), valid_from="2026-11-04")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"siret": "73282932000074"}, "siret"),
        ({"kind": "organisation", "nature": "ccas", "siret": "73282932000075"}, "siret"),
        ({"kind": "organisation"}, "nature"),
        ({"kind": "organisation", "nature": "guild"}, "nature"),
        ({"nature": "ccas"}, "nature"),
        ({"postcode": "5089O"}, "postcode"),
        ({"lines": []}, "lines"),
        ({"mail": "odile"}, "mail"),
    ],
)
async def test_a_payer_who_could_not_be_reached_is_refused(
    town: Town, changes: dict[str, Any], field: str
) -> None:
    reply = await town.billing.post("/third-parties", TILL, json=GRANDMOTHER | changes)
    assert reply.status == 422, reply.body
    assert reply.json["errors"][0]["field"].startswith(field)


async def test_an_organisations_part_carries_its_data(town: Town) -> None:
    family = await household(town.billing, await publish_canteen(town.billing))
    ccas = await third_party(town.billing, CCAS)
    await shared(town.billing, family, (family, 50), (ccas, 50))
    await came(town.billing, family, 3)
    await run_month(town.billing)
    assert await data_of(town, ccas) == "factur-x.xml"


async def test_when_the_homes_are_merged_nobody_owes_the_other(town: Town) -> None:
    mother, father = await two_homes(town.billing)
    await shared(town.billing, mother, (mother, 50), (father, 50))
    await came(town.billing, mother, 3)
    await run_month(town.billing)
    await came(town.billing, mother, 1, month=12)
    await town.billing.tell(
        FamiliesMerged(family_id=mother.family_id, merged_family_id=father.family_id, children=())
    )
    await run_month(town.billing, "2026-12")
    assert sorted((await totals(town.billing, mother))[0]) == [175, 175, 350]
    assert await books_balance(town.billing.database)


async def test_only_the_till_decides_who_pays(town: Town) -> None:
    family = await household(town.billing, await publish_canteen(town.billing))
    path = f"/families/{family.family_id}/sharings"
    body = {"child_id": str(family.child_id), "parts": [], "valid_from": str(date(2026, 9, 1))}
    for caller in (staff(AGENT), staff(LEADER), guardian(family.family_id)):
        assert (await town.billing.post(path, caller, json=body)).status == 403
        assert (await town.billing.post("/third-parties", caller, json=CCAS)).status == 403
