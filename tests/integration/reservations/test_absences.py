"""Absences: declared by families, proved by certificates, decided by the office."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from contracts.events.documents import DocumentStateChanged
from contracts.events.enrolment import AbsenceRule
from contracts.events.reservations import AbsenceAnswered, AttendanceRecorded
from services.chassis.testing import Reply, RunningService, guardian
from tests.integration.reservations.town import (
    FRIDAY,
    MONDAY,
    OFFICE_AGENT,
    TUESDAY,
    Home,
    enrol_home,
    reserved,
)

DAYS = (FRIDAY, MONDAY, TUESDAY)


def certificate(home: Home, state: str, version: int = 1, **changes: Any) -> DocumentStateChanged:
    known = {
        "document_id": uuid4(),
        "version": version,
        "family_id": home.family.family_id,
        "child_id": home.child.child_id,
        "document_type": "medical_certificate",
        "state": state,
        "deposited_at": datetime(2026, 11, 28, 9, tzinfo=UTC),
    }
    return DocumentStateChanged.model_validate({**known, **changes})


async def ill(
    service: RunningService, home: Home, first: date = FRIDAY, last: date = TUESDAY
) -> Reply:
    """The parent declares the child ill."""
    body = {
        "child_id": str(home.child.child_id),
        "from": first.isoformat(),
        "to": last.isoformat(),
        "reason_kind": "illness",
    }
    return await service.post("/absences", home.guardian, json=body)


async def absent_home(service: RunningService, **rule: int) -> Home:
    """A child with three reserved days, whose absence on all of them is declared."""
    home = await enrol_home(service, absence_rule=AbsenceRule(**rule))
    for day in DAYS:
        await reserved(service, home, day)
    assert (await ill(service, home)).status == 201
    return home


async def absence_of(service: RunningService, home: Home) -> dict[str, Any]:
    [found] = (await service.get("/absences", home.guardian)).json["absences"]
    assert isinstance(found, dict)
    return found


async def answers(service: RunningService, home: Home) -> list[AbsenceAnswered]:
    """What the family was told of its absences."""
    told = await service.outbox(AbsenceAnswered)
    return [answer for answer in told if answer.child_id == home.child.child_id]


async def excused_days(service: RunningService, home: Home) -> list[date]:
    told = await service.outbox(AttendanceRecorded)
    own = [e for e in told if e.child_id == home.child.child_id]
    assert all(e.reservation_id for e in own)
    return sorted(e.date for e in own if e.state == "excused")


async def test_an_accepted_certificate_excuses_all_but_the_waiting_days(
    reservations: RunningService,
) -> None:
    home = await absent_home(reservations, waiting_days=1)
    waiting = await absence_of(reservations, home)
    assert (waiting["state"], waiting["certificate_due"]) == ("declared", "2026-12-04")
    handed_in = certificate(home, "submitted")
    await reservations.tell(handed_in)
    assert (await absence_of(reservations, home))["under_review"]
    assert await excused_days(reservations, home) == []
    accepted = handed_in.model_copy(update={"state": "accepted", "version": 2})
    for _ in range(2):
        await reservations.tell(accepted)
    found = await absence_of(reservations, home)
    assert (found["state"], found["certificate_on"]) == ("excused", "2026-11-28")
    outcomes = [session["outcome"] for session in found["sessions"]]
    assert outcomes == ["charged", "excused", "excused"]
    assert await excused_days(reservations, home) == [MONDAY, TUESDAY]


async def test_a_certificate_excuses_the_absence_that_it_was_handed_in_for(
    reservations: RunningService,
) -> None:
    home = await enrol_home(reservations, absence_rule=AbsenceRule())
    for day in (FRIDAY, MONDAY):
        await reserved(reservations, home, day)
    meant = (await ill(reservations, home, FRIDAY, FRIDAY)).json["absence_id"]
    await ill(reservations, home, MONDAY, MONDAY)
    after_both = datetime(2026, 11, 30, 9, tzinfo=UTC)
    handed_in = certificate(home, "submitted", absence_id=meant, deposited_at=after_both)
    await reservations.tell(handed_in)
    listed = (await reservations.get("/absences", home.guardian)).json["absences"]
    assert [one["absence_id"] for one in listed if one["under_review"]] == [meant]
    await reservations.tell(handed_in.model_copy(update={"state": "accepted", "version": 2}))
    listed = (await reservations.get("/absences", home.guardian)).json["absences"]
    assert [(one["from"], one["state"]) for one in listed] == [
        ("2026-11-30", "declared"),
        ("2026-11-27", "excused"),
    ]


async def test_a_certificate_that_was_there_first_proves_at_once(
    reservations: RunningService,
) -> None:
    home = await enrol_home(reservations)
    await reserved(reservations, home)
    await reservations.tell(certificate(home, "accepted"))
    reply = await ill(reservations, home)
    assert reply.json["state"] == "excused"
    assert await excused_days(reservations, home) == [FRIDAY]


async def test_a_late_certificate_is_refused_and_the_staff_may_override(
    reservations: RunningService,
) -> None:
    home = await absent_home(reservations, certificate_days=3)
    late = datetime(2026, 12, 2, 9, tzinfo=UTC)
    await reservations.tell(certificate(home, "accepted", deposited_at=late))
    refused = await absence_of(reservations, home)
    assert refused["state"] == "refused"
    assert "02/12/2026" in refused["refusal"]
    assert "30/11/2026" in refused["refusal"]
    path = f"/absences/{refused['absence_id']}/excuse"
    body = {"certificate_on": "2026-12-02"}
    denied = await reservations.post(path, OFFICE_AGENT, json=body)
    assert (denied.status, denied.json["type"]) == (409, "/problems/certificate-late")
    assert (await reservations.post(path, home.guardian, json=body)).status == 403
    reply = await reservations.post(path, OFFICE_AGENT, json={**body, "override": True})
    assert reply.status == 200, reply.body
    assert (await absence_of(reservations, home))["overridden"]
    told = await answers(reservations, home)
    assert [(t.version, t.excused, t.sessions, t.free) for t in told] == [
        (2, False, 3, 0),
        (3, True, 3, 3),
    ]
    assert [t.reason for t in told] == [refused["refusal"], None]
    assert await excused_days(reservations, home) == list(DAYS)


async def test_a_prompt_certificate_spares_the_waiting_days(reservations: RunningService) -> None:
    rule = {"certificate_days": 10, "waiting_days": 2, "prompt_days": 3}
    prompt, slow = await absent_home(reservations, **rule), await absent_home(reservations, **rule)
    shown = await absence_of(reservations, slow)
    assert (shown["certificate_prompt"], shown["certificate_due"]) == ("2026-11-30", "2026-12-07")
    for home, days_after in ((prompt, 3), (slow, 4)):
        handed_in = datetime(2026, 11, 27, 9, tzinfo=UTC) + timedelta(days=days_after)
        await reservations.tell(certificate(home, "accepted", deposited_at=handed_in))
    assert await excused_days(reservations, prompt) == list(DAYS)
    assert await excused_days(reservations, slow) == [TUESDAY]
    assert [answer.free for answer in await answers(reservations, slow)] == [1]


async def test_what_was_excused_by_mistake_is_charged_again(reservations: RunningService) -> None:
    home = await absent_home(reservations)
    absence = (await absence_of(reservations, home))["absence_id"]
    await reservations.post(
        f"/absences/{absence}/excuse", OFFICE_AGENT, json={"certificate_on": "2026-11-28"}
    )
    reply = await reservations.post(
        f"/absences/{absence}/refuse", OFFICE_AGENT, json={"reason": "Faux certificat"}
    )
    assert reply.json["state"] == "refused"
    told = await reservations.outbox(AttendanceRecorded)
    own = [e for e in told if e.child_id == home.child.child_id and e.date == MONDAY]
    assert [(e.version, e.state) for e in own] == [(1, "excused"), (2, "absent")]


async def test_an_announced_absence_is_on_the_roster_and_can_be_withdrawn(
    reservations: RunningService,
) -> None:
    home = await absent_home(reservations)
    path = f"/sessions/{home.item()['session_id']}/roster"
    [child] = (await reservations.get(path, OFFICE_AGENT)).json["children"]
    assert (child["announced_absent"], child["state"]) == (True, None)
    absence = (await absence_of(reservations, home))["absence_id"]
    for _ in range(2):
        reply = await reservations.delete(f"/absences/{absence}", home.guardian)
        assert reply.json["state"] == "withdrawn"
    [child] = (await reservations.get(path, OFFICE_AGENT)).json["children"]
    assert not child["announced_absent"]


async def test_a_day_is_declared_once(reservations: RunningService) -> None:
    home = await absent_home(reservations)
    again = await ill(reservations, home, MONDAY, MONDAY)
    assert (again.status, again.json["type"]) == (409, "/problems/absence-overlaps")
    backwards = await ill(reservations, home, TUESDAY, MONDAY)
    assert (backwards.status, backwards.json["errors"][0]["field"]) == (422, "to")
    old = await ill(reservations, home, date(2026, 9, 1), date(2026, 9, 2))
    assert (old.status, old.json["type"]) == (422, "/problems/absence-too-old")


async def test_a_family_declares_no_absence_from_days_without_a_reservation(
    reservations: RunningService,
) -> None:
    home = await enrol_home(reservations)
    refused = await ill(reservations, home, MONDAY, MONDAY)
    assert (refused.status, refused.json["type"]) == (422, "/problems/nothing-reserved")
    assert refused.json["errors"][0]["field"] == "from"


async def test_another_familys_child_and_absence_do_not_exist(
    reservations: RunningService,
) -> None:
    home = await absent_home(reservations)
    stranger = guardian(uuid4())
    body = {
        "child_id": str(home.child.child_id),
        "from": "2026-12-03",
        "to": "2026-12-03",
        "reason_kind": "other",
    }
    assert (await reservations.post("/absences", stranger, json=body)).status == 404
    absence = (await absence_of(reservations, home))["absence_id"]
    assert (await reservations.delete(f"/absences/{absence}", stranger)).status == 404
    assert (await reservations.get("/absences", stranger)).json["absences"] == []
