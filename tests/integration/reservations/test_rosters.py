"""What a roster says of each child, and how it is cut and ordered."""

from contracts.events.enrolment import AgeGroup
from services.chassis.testing import RunningService
from tests.integration.reservations.town import (
    OFFICE_AGENT,
    Home,
    canteen,
    child_file,
    enrolled,
    family_file,
    reserved,
)


async def test_the_roster_has_what_whoever_looks_after_a_child_must_know(
    reservations: RunningService,
) -> None:
    lea = child_file(
        school_code="BOURG",
        pick_ups=[{"name": "Rose Évain", "relation": "Tante", "phone": "0600000001"}],
        care_instructions="Trousse au bureau",
        care_valid_until="2026-11-27",
        consents=[{"title": "Photographies", "granted": False}],
    )
    tom = child_file(
        first_name="Tom", birth_date="2022-01-05", school_class="PS", care_valid_until="2026-11-26"
    )
    tom = tom.model_copy(update={"care_instructions": "Terminé"})
    family = family_file(lea, tom)
    little_ones = AgeGroup(name="Petits", min_age=0, max_age=5, children_per_adult=10)
    activity = canteen(age_groups=(little_ones,))
    await reservations.tell(
        activity,
        family,
        *(enrolled(family, child, activity) for child in (lea, tom)),
    )
    for child in (lea, tom):
        await reserved(reservations, Home(family, child, activity))
    path = f"/sessions/{Home(family, lea, activity).item()['session_id']}/roster"
    found = (await reservations.get(path, OFFICE_AGENT)).json
    first, second = found["children"]
    assert first["pick_ups"][0]["phone"] == "0600000001"
    assert first["care_instructions"] == "Trousse au bureau"
    assert first["consents"] == [{"title": "Photographies", "granted": False}]
    assert (second["age"], second["care_instructions"]) == (4, "")
    assert [(s["name"], s["expected"], s["adults"]) for s in found["staffing"]] == [
        ("Petits", 1, 1),
        ("", 1, None),
    ]
    assert (found["classes"], found["school_codes"]) == (["CE1", "PS"], ["BOURG"])
    little = await reservations.get(path, OFFICE_AGENT, params={"max_age": 5, "sort": "age"})
    assert [c["first_name"] for c in little.json["children"]] == ["Tom"]
    wrong = await reservations.get(path, OFFICE_AGENT, params={"sort": "colour"})
    assert (wrong.status, wrong.json["errors"][0]["field"]) == (422, "sort")
