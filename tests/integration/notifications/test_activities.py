"""What becomes of enrolments and places reaches the families; so does what the staff writes."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from contracts.events.accounts import FamiliesMerged, JoinedChild
from contracts.events.enrolment import (
    EnrolmentAccepted,
    EnrolmentReturned,
    EnrolmentWaitlisted,
    EnrolmentWithdrawn,
)
from contracts.events.reservations import (
    LateReservationAnswered,
    PlaceOffered,
    ReservationCancelled,
    ReservationMade,
    SessionClosed,
    WaitingListLeft,
)
from services.chassis.clock import paris_date, utc_now
from services.chassis.testing import guardian, staff
from services.notifications.commands import forget_past_days, tell_closures
from tests.integration.notifications.conftest import (
    PORTAL,
    Home,
    PostOffice,
    a_home_with_mail,
    a_home_without_mail,
)
from tests.integration.notifications.test_mails import an_activity, text_of

OFFICE_AGENT = staff("agent")
THIS_YEAR = date(datetime.now(UTC).year, 1, 1)
COMING = paris_date(utc_now()) + timedelta(days=10)


def step(event: type[Any], home: Home, activity_id: UUID, **changes: Any) -> Any:
    """A step of an enrolment of the home's child."""
    known = {
        "enrolment_id": uuid4(),
        "version": 2,
        "family_id": home.family_id,
        "child_id": home.child_id,
        "activity_id": activity_id,
        "school_year": "2026-2027",
    }
    return event.model_validate({**known, **changes})


def accepted(home: Home, activity_id: UUID, **changes: Any) -> EnrolmentAccepted:
    period = {"starts_on": THIS_YEAR, "ends_on": COMING + timedelta(days=100)}
    found: EnrolmentAccepted = step(EnrolmentAccepted, home, activity_id, **{**period, **changes})
    return found


def at_session(event: type[Any], home: Home, activity_id: UUID, **changes: Any) -> Any:
    """What happens to the home's child at a session."""
    known = {
        "version": 1,
        "family_id": home.family_id,
        "child_id": home.child_id,
        "activity_id": activity_id,
        "session_id": uuid4(),
        "date": COMING,
    }
    named = next(
        name for name in ("reservation_id", "ask_id", "waiting_id") if name in event.model_fields
    )
    return event.model_validate({**known, named: uuid4(), **changes})


async def preview(office: PostOffice, activity_id: UUID, **query: str) -> dict[str, Any]:
    params = {"activity_id": str(activity_id), **query}
    reply = await office.service.get("/broadcasts/preview", OFFICE_AGENT, params=params)
    assert reply.status == 200, reply.body
    found: dict[str, Any] = reply.json
    return found


async def test_each_step_of_an_enrolment_is_told(office: PostOffice) -> None:
    home, activity = a_home_with_mail(), an_activity()
    enrolment_id, a = uuid4(), activity.activity_id
    await office.service.tell(
        home.file(),
        activity,
        step(EnrolmentReturned, home, a, enrolment_id=enrolment_id, version=2),
        step(EnrolmentWaitlisted, home, a, enrolment_id=enrolment_id, version=4),
        accepted(home, a, enrolment_id=enrolment_id, version=5),
        step(
            EnrolmentWithdrawn, home, a, enrolment_id=enrolment_id, version=6, ends_on="2026-12-18"
        ),
    )
    await office.statuses(home, *["sent"] * 4)
    subjects = {str(mail["Subject"]) for mail in office.server.to(home.mail or "")}
    assert subjects == {
        "Votre demande d’inscription est à compléter",
        "Votre demande d’inscription est en liste d’attente",
        "Votre demande d’inscription est acceptée",
        "Une inscription est retirée",
    }


async def test_an_offered_place_is_told_with_its_last_hour_and_never_after_it(
    office: PostOffice,
) -> None:
    home, activity = a_home_with_mail(), an_activity()
    until = datetime.now(UTC) + timedelta(hours=24)
    offer = at_session(PlaceOffered, home, activity.activity_id, answer_until=until)
    await office.service.tell(home.file(), activity, offer)
    text = text_of(await office.server.mail_to(home.mail or ""))
    assert "Répondre avant le" in text
    assert f"{PORTAL}/reservations?mois={COMING:%Y-%m}" in text
    late = at_session(
        PlaceOffered,
        home,
        activity.activity_id,
        answer_until=datetime.now(UTC) - timedelta(minutes=1),
    )
    await office.service.tell(late)
    await office.statuses(home, "failed", "sent")


async def test_the_end_of_waiting_is_told_unless_the_family_ended_it(office: PostOffice) -> None:
    home, activity = a_home_with_mail(), an_activity()
    left = [
        at_session(WaitingListLeft, home, activity.activity_id, cause=cause)
        for cause in ("placed", "given_up", "unanswered")
    ]
    answered = at_session(LateReservationAnswered, home, activity.activity_id, accepted=False)
    await office.service.tell(home.file(), activity, *left, answered)
    await office.statuses(home, "sent", "sent", "sent")


async def test_a_week_of_closures_is_one_message_a_family(office: PostOffice) -> None:
    home, other, activity = a_home_with_mail(), a_home_without_mail(), an_activity()
    a, days = activity.activity_id, [COMING + timedelta(days=n) for n in range(3)]
    sessions = {day: uuid4() for day in days}
    cancelled = [
        at_session(
            ReservationCancelled,
            who,
            a,
            session_id=sessions[day],
            date=day,
            late=False,
            cause="closure",
        )
        for who in (home, other)
        for day in days
    ]
    closed = [
        SessionClosed(activity_id=a, session_id=sessions[day], date=day, reason="Grève")
        for day in days
    ]
    await office.service.tell(home.file(), other.file(), activity, *cancelled, *closed)
    assert await office.messages(home) == []
    soon = datetime.now(UTC) + timedelta(minutes=1)
    await tell_closures(office.service.database, soon)
    text = text_of(await office.server.mail_to(home.mail or ""))
    assert text.count("Restaurant scolaire, Maëlys (Grève)") == 3
    # Told again, as when the bus is refilled: nobody hears of it twice.
    await office.service.tell(*cancelled)
    await tell_closures(office.service.database, soon + timedelta(minutes=1))
    await office.statuses(home, "sent")
    await office.statuses(other, "to_print")


async def test_a_place_that_the_family_gave_back_itself_is_no_news(office: PostOffice) -> None:
    home, activity = a_home_with_mail(), an_activity()
    given_back = at_session(ReservationCancelled, home, activity.activity_id, late=False)
    await office.service.tell(home.file(), activity, given_back)
    await tell_closures(office.service.database, datetime.now(UTC) + timedelta(minutes=5))
    assert await office.messages(home) == []


async def test_the_staff_writes_to_the_families_of_an_activity_each_once(
    office: PostOffice,
) -> None:
    by_mail, by_letter, gone = a_home_with_mail(), a_home_without_mail(), a_home_with_mail()
    activity, sibling = an_activity(), Home(by_mail.mail, family_id=by_mail.family_id)
    a, left = activity.activity_id, uuid4()
    await office.service.tell(
        activity,
        *(home.file() for home in (by_mail, by_letter, gone)),
        *(accepted(home, a) for home in (by_mail, sibling, by_letter)),
        accepted(gone, a, enrolment_id=left),
        step(EnrolmentWithdrawn, gone, a, enrolment_id=left, version=3, ends_on="2020-01-01"),
    )
    found = await preview(office, a)
    assert (found["families"], found["mails"], found["letters"]) == (2, 1, 1)
    body = {"activity_id": str(a), "subject": "Sortie à la mer", "body": "Prévoyez un pull."}
    headers = {"Idempotency-Key": str(uuid4())}
    for _ in range(2):
        sent = await office.service.post("/broadcasts", OFFICE_AGENT, json=body, headers=headers)
        assert (sent.status, sent.json["families"]) == (201, 2)
    # Two acceptances and the one message.
    await office.statuses(by_mail, *["sent"] * 3)
    mails = [m for m in office.server.to(by_mail.mail or "") if m["Subject"] == "Sortie à la mer"]
    assert len(mails) == 1
    assert "Prévoyez un pull." in text_of(mails[0])
    listed = (await office.service.get("/broadcasts", OFFICE_AGENT)).json["broadcasts"]
    mine = [b for b in listed if b["activity_id"] == str(a)]
    assert [(b["families"], b["activity_name"]) for b in mine] == [(2, "Restaurant scolaire")]


async def test_a_message_may_be_for_one_day_alone(office: PostOffice) -> None:
    coming, elsewhere = a_home_with_mail(), a_home_with_mail()
    activity = an_activity()
    a = activity.activity_id
    kept = at_session(ReservationMade, elsewhere, a)
    await office.service.tell(
        activity,
        coming.file(),
        elsewhere.file(),
        at_session(ReservationMade, coming, a),
        kept,
        at_session(
            ReservationCancelled,
            elsewhere,
            a,
            session_id=kept.session_id,
            version=2,
            late=False,
        ),
    )
    assert (await preview(office, a, day=COMING.isoformat()))["families"] == 1
    later = datetime.combine(COMING + timedelta(days=2), datetime.min.time(), UTC)
    async with office.service.database.transaction() as connection:
        await forget_past_days(connection, later)
    assert (await preview(office, a, day=COMING.isoformat()))["families"] == 0


async def test_a_message_to_nobody_is_refused_and_named(office: PostOffice) -> None:
    activity = an_activity()
    await office.service.tell(activity)
    body = {"activity_id": str(activity.activity_id), "subject": "Bonjour", "body": "Personne ?"}
    refused = await office.service.post("/broadcasts", OFFICE_AGENT, json=body)
    assert (refused.status, refused.json["type"].rpartition("/")[2]) == (409, "nobody-to-write-to")
    unknown = await office.service.post(
        "/broadcasts", OFFICE_AGENT, json={**body, "activity_id": str(uuid4())}
    )
    assert unknown.status == 404
    two_lines = await office.service.post(
        "/broadcasts", OFFICE_AGENT, json={**body, "subject": "Deux\nlignes"}
    )
    assert (two_lines.status, two_lines.json["errors"][0]["field"]) == (422, "subject")


async def test_writing_to_many_is_the_office_s_alone(office: PostOffice) -> None:
    body = {"activity_id": str(uuid4()), "subject": "Bonjour", "body": "Bonjour"}
    for caller in (guardian(uuid4()), staff("leader"), staff("regisseur")):
        assert (await office.service.post("/broadcasts", caller, json=body)).status == 403
        assert (await office.service.get("/broadcasts", caller)).status == 403


async def test_families_that_became_one_have_one_message(office: PostOffice) -> None:
    home, gone, activity = a_home_with_mail(), a_home_with_mail(), an_activity()
    a = activity.activity_id
    await office.service.tell(
        home.file(), gone.file(), activity, accepted(home, a), accepted(gone, a)
    )
    await office.service.tell(
        FamiliesMerged(
            family_id=home.family_id,
            merged_family_id=gone.family_id,
            children=(JoinedChild(child_id=home.child_id, merged_child_id=gone.child_id),),
        )
    )
    assert (await preview(office, a))["families"] == 1
