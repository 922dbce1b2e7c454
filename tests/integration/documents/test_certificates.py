"""Papers on demand, from what the other services told, and their check by anyone."""

import io
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pypdf
import pytest

from contracts.events.accounts import ChildFile
from contracts.events.audit import StaffActed
from contracts.events.billing import ChargesPaid, PaidPortion
from contracts.events.documents import CertificateIssued
from contracts.events.enrolment import (
    ActivityPublished,
    DeadlineRule,
    EnrolmentAccepted,
    EnrolmentRefused,
    EnrolmentWithdrawn,
)
from contracts.events.reservations import AttendanceRecorded
from contracts.roles import ANONYMOUS
from services.chassis.auth import Caller
from services.chassis.clock import paris_date, utc_now
from services.chassis.testing import Reply, guardian, staff
from tests.integration.documents.conftest import Archive, Home, family_file
from tests.unit.documents.builders import pdf

TODAY = paris_date(utc_now())
ANYONE = Caller(frozenset({ANONYMOUS}))


def activity(kind: Any = "wednesday", name: str = "Centre de loisirs") -> ActivityPublished:
    return ActivityPublished(
        activity_id=uuid4(),
        version=1,
        name=name,
        kind=kind,
        school_year="2026-2027",
        place="Les Tilleuls",
        starts_on=date(2026, 9, 1),
        ends_on=date(2027, 7, 3),
        days="wednesdays",
        weekdays=(3,),
        starts_at="08:00",
        ends_at="18:00",
        capacity=30,
        reserve_rule=DeadlineRule(kind="none"),
        cancel_rule=DeadlineRule(kind="none"),
    )


def enrolment(home: Home, activity_id: UUID, **changes: Any) -> EnrolmentAccepted:
    return EnrolmentAccepted(
        enrolment_id=changes.pop("enrolment_id", uuid4()),
        version=changes.pop("version", 2),
        family_id=home.family_id,
        child_id=home.child_id,
        activity_id=activity_id,
        school_year="2026-2027",
        starts_on=TODAY - timedelta(days=30),
        ends_on=TODAY + timedelta(days=200),
    )


def attendance(home: Home, activity_id: UUID, day: date, state: Any = "present") -> Any:
    return AttendanceRecorded(
        attendance_id=uuid4(),
        version=1,
        family_id=home.family_id,
        child_id=home.child_id,
        activity_id=activity_id,
        session_id=uuid4(),
        date=day,
        state=state,
    )


def payment(home: Home, **cents_by_activity: tuple[UUID, int]) -> ChargesPaid:
    return money(home, *(portion(home.child_id, *paid) for paid in cents_by_activity.values()))


def money(home: Home, *portions: PaidPortion, received_at: datetime | None = None) -> ChargesPaid:
    return ChargesPaid(
        payment_id=uuid4(),
        family_id=home.family_id,
        method="card",
        received_at=received_at or datetime.now(UTC),
        portions=portions,
    )


def portion(child_id: UUID, activity_id: UUID, cents: int) -> PaidPortion:
    return PaidPortion(
        invoice_id=uuid4(),
        invoice_number="EJ-2026-000007",
        child_id=child_id,
        activity_id=activity_id,
        period="2026-10",
        amount_cents=cents,
    )


async def issue(archive: Archive, caller: Caller, kind: str, **wish: Any) -> Reply:
    return await archive.service.post("/certificates", caller, json={"kind": kind, **wish})


async def check(archive: Archive, code: str) -> Reply:
    return await archive.service.get("/certificate-checks", ANYONE, params={"code": code})


async def text_of(archive: Archive, caller: Caller, certificate_id: str) -> str:
    reply = await archive.service.get(f"/certificates/{certificate_id}/content", caller)
    assert reply.headers["Content-Type"] == "application/pdf"
    return "".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(reply.body)).pages)


async def test_an_enrolment_is_certified_printed_and_checked(archive: Archive, home: Home) -> None:
    leisure = activity()
    await archive.service.tell(leisure, enrolment(home, leisure.activity_id))
    made = await issue(archive, home.guardian, "enrolment", child_id=str(home.child_id))
    assert made.status == 201
    printed = await text_of(archive, home.guardian, made.json["certificate_id"])
    assert "Zoé LE GOFF" in printed
    assert "Centre de loisirs – Les Tilleuls" in printed
    assert made.json["code"] in printed
    checked = (await check(archive, made.json["code"].lower())).json
    assert checked["title"] == "Attestation d’inscription"
    assert checked["issued_on"] == TODAY.isoformat()
    assert checked["initials"] == ["Z. L."]
    assert checked["rows"][0]["text"] == "Centre de loisirs – Les Tilleuls"
    assert "Zoé" not in str(checked)
    assert "GOFF" not in str(checked)
    told = await archive.service.outbox(CertificateIssued)
    assert [e.kind for e in told if e.family_id == home.family_id] == ["enrolment"]


async def test_a_refused_enrolment_is_not_certified(archive: Archive, home: Home) -> None:
    leisure, enrolment_id = activity(), uuid4()
    accepted = enrolment(home, leisure.activity_id, enrolment_id=enrolment_id)
    refused = EnrolmentRefused(**accepted.model_dump(exclude={"version"}) | {"version": 3})
    await archive.service.tell(leisure, refused)
    await archive.service.tell(accepted)  # told late: the later version holds
    made = await issue(archive, home.guardian, "enrolment", child_id=str(home.child_id))
    assert (made.status, made.json["type"]) == (409, "/problems/nothing-to-certify")


async def test_who_left_is_certified_up_to_the_last_day_only(archive: Archive, home: Home) -> None:
    leisure, never = activity(), activity(name="Séjour à la mer")
    accepted = enrolment(home, leisure.activity_id)
    known = accepted.model_dump(exclude={"version", "starts_on", "ends_on"})
    last_day = TODAY + timedelta(days=3)
    left = EnrolmentWithdrawn(**known | {"version": 3, "ends_on": last_day})
    of_never = {"enrolment_id": uuid4(), "activity_id": never.activity_id, "version": 3}
    await archive.service.tell(leisure, never, accepted)
    await archive.service.tell(left, EnrolmentWithdrawn(**known | of_never))
    await archive.service.tell(accepted)  # told again: the later version holds
    made = await issue(archive, home.guardian, "enrolment", child_id=str(home.child_id))
    printed = await text_of(archive, home.guardian, made.json["certificate_id"])
    assert "Centre de loisirs" in printed
    assert f"{last_day:%d/%m/%Y}" in printed
    assert "Séjour" not in printed


async def test_attendance_is_certified_as_the_roll_says(archive: Archive, home: Home) -> None:
    leisure = activity()
    absent = attendance(home, leisure.activity_id, TODAY - timedelta(days=1))
    corrected = absent.model_copy(update={"version": 2, "state": "absent"})
    present = attendance(home, leisure.activity_id, TODAY - timedelta(days=2))
    await archive.service.tell(leisure, absent, corrected, present, present)
    period = {"from": str(TODAY - timedelta(days=7)), "to": str(TODAY)}
    wish = {"child_id": str(home.child_id), **period}
    made = await issue(archive, home.guardian, "attendance", **wish)
    assert made.json["total"] == "1 présence"


async def test_payments_and_the_year_s_childcare_are_certified(
    archive: Archive, home: Home
) -> None:
    leisure, canteen = activity(), activity("canteen", "Restaurant scolaire")
    paid = payment(home, care=(leisure.activity_id, 4200), meals=(canteen.activity_id, 1050))
    await archive.service.tell(leisure, canteen, paid)
    await archive.service.tell(paid)
    whole = await issue(
        archive, home.guardian, "payment", **{"from": f"{TODAY.year}-01-01", "to": str(TODAY)}
    )
    assert whole.json["total"] == "52,50\u00a0€"
    tax = await issue(archive, home.guardian, "childcare_tax", year=TODAY.year)
    # Born in March 2019: six years old on the 1st of January 2026.
    assert tax.status == 409


async def test_the_care_of_the_youngest_alone_makes_the_tax_certificate(
    archive: Archive, home: Home
) -> None:
    young, older = uuid4(), uuid4()
    file = family_file(home.family_id, 2)
    children = tuple(
        ChildFile(child_id=who, first_name=name, last_name="Le Goff", birth_date=born)
        for who, name, born in (
            # Under six on the 1st of January of this year, by one day; and six on that very day.
            (young, "Naïg", date(TODAY.year - 6, 1, 2)),
            (older, "Malo", date(TODAY.year - 6, 1, 1)),
        )
    )
    leisure, care = activity(), activity("evening_care", "Accueil du soir")
    canteen = activity("canteen", "Restaurant scolaire")
    this_year = money(
        home,
        portion(young, leisure.activity_id, 4200),
        portion(young, care.activity_id, 1230),
        portion(young, canteen.activity_id, 1050),
        portion(older, leisure.activity_id, 9900),
    )
    given_back = money(home, portion(young, leisure.activity_id, -700))
    before = datetime(TODAY.year - 1, 12, 31, 12, tzinfo=UTC)
    last_year = money(home, portion(young, leisure.activity_id, 5000), received_at=before)
    await archive.service.tell(file.model_copy(update={"children": children}))
    await archive.service.tell(leisure, care, canteen)
    await archive.service.tell(this_year, given_back, last_year)
    await archive.service.tell(this_year)  # told again, it counts once
    made = await issue(archive, home.guardian, "childcare_tax", year=TODAY.year)
    assert (made.status, made.json["total"]) == (201, "47,30\u00a0€")
    printed = await text_of(archive, home.guardian, made.json["certificate_id"])
    assert "Naïg LE GOFF" in printed
    assert "47,30" in printed
    assert "Malo" not in printed
    checked = (await check(archive, made.json["code"])).json
    assert (checked["title"], checked["initials"]) == (
        "Attestation fiscale de frais de garde",
        ["N. L."],
    )


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"kind": "enrolment"}, "child_id"),
        ({"kind": "enrolment", "child_id": str(uuid4())}, "child_id"),
        ({"kind": "attendance"}, "child_id"),
        ({"kind": "payment", "to": "2026-01-01"}, "from"),
        ({"kind": "childcare_tax"}, "year"),
        ({"kind": "good_conduct"}, "kind"),
    ],
)
async def test_a_wish_that_says_too_little_names_the_field(
    archive: Archive, home: Home, wish: dict[str, Any], field: str
) -> None:
    reply = await archive.service.post("/certificates", home.guardian, json=wish)
    assert (reply.status, reply.json["errors"][0]["field"]) == (422, field)


async def test_another_family_s_certificate_does_not_exist(archive: Archive, home: Home) -> None:
    leisure = activity()
    await archive.service.tell(leisure, enrolment(home, leisure.activity_id))
    made = await issue(archive, home.guardian, "enrolment", child_id=str(home.child_id))
    path = f"/certificates/{made.json['certificate_id']}/content"
    stranger = guardian(uuid4())
    assert (await archive.service.get(path, stranger)).status == 404
    listing = f"/certificates?family_id={home.family_id}"
    assert (await archive.service.get(listing, stranger)).status == 404
    wish = {"child_id": str(home.child_id), "family_id": str(home.family_id)}
    assert (await issue(archive, stranger, "enrolment", **wish)).status == 404
    for role, status in (("agent", 200), ("leader", 403), ("regisseur", 403)):
        assert (await archive.service.get(path, staff(role))).status == status


async def test_the_office_certifies_for_a_family_that_it_names(
    archive: Archive, home: Home
) -> None:
    leisure = activity()
    await archive.service.tell(leisure, enrolment(home, leisure.activity_id))
    wish = {"child_id": str(home.child_id), "family_id": str(home.family_id)}
    assert (await issue(archive, staff("agent"), "enrolment", **wish)).status == 201
    listed = (await archive.service.get("/certificates", home.guardian)).json["certificates"]
    assert [c["title"] for c in listed] == ["Attestation d’inscription"]


async def test_the_office_that_looks_a_family_s_papers_over_leaves_lines(
    archive: Archive, home: Home
) -> None:
    agent = staff("agent")
    deposited = (await archive.deposit(home.guardian, pdf())).json["document_id"]
    await archive.service.get(f"/certificates?family_id={home.family_id}", agent)
    await archive.service.get(f"/documents/{deposited}", agent)
    lines = [
        a for a in await archive.service.outbox(StaffActed) if a.account_id == agent.account_id
    ]
    assert [act.action for act in lines] == ["list_certificates", "read_document"]
    assert {act.family_id for act in lines} == {home.family_id}


@pytest.mark.parametrize("code", ["AAAA-BBBB-CCCC", "", "'; DROP TABLE certificate", "é" * 100])
async def test_an_unknown_code_is_no_paper_of_ours(archive: Archive, code: str) -> None:
    reply = await check(archive, code)
    assert (reply.status, reply.json["type"]) == (404, "/problems/code-unknown")


async def test_the_database_alone_tells_neither_codes_nor_names(
    archive: Archive, home: Home
) -> None:
    leisure = activity()
    await archive.service.tell(leisure, enrolment(home, leisure.activity_id))
    made = await issue(archive, home.guardian, "enrolment", child_id=str(home.child_id))
    row = await archive.fetchval(
        "SELECT c::text FROM certificate c WHERE family_id = $1", home.family_id
    )
    assert made.json["code"].replace("-", "") not in row
    assert b"LE GOFF".hex() not in row
