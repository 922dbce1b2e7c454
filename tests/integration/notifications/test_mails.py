"""Messages by mail: one for each event, whatever happens on the way."""

import base64
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from nacl.public import SealedBox

from contracts.events.accounts import (
    AccountRequestReceived,
    AccountRequestRefused,
    FamiliesMerged,
    RecordChangeDecided,
)
from contracts.events.audit import StaffActed
from contracts.events.billing import (
    CreditNoteIssued,
    PaymentReceived,
    PaymentReceivedV2,
    PaymentReversed,
    ThirdPartyErased,
    ThirdPartyUpdated,
)
from contracts.events.enrolment import (
    ActivityPublished,
    DeadlineRule,
    EnrolmentAccepted,
    EnrolmentRefused,
)
from contracts.events.treasury import DirectDebitMandateEnds
from services.chassis.testing import eventually, guardian, staff
from services.notifications import repository
from services.notifications.commands import release_waiting
from tests.integration.notifications.conftest import (
    PORTAL,
    TOWN_KEY,
    Home,
    PostOffice,
    a_home_with_mail,
    a_home_without_mail,
)

RULE = DeadlineRule(kind="none")


def an_activity(name: str = "Restaurant scolaire", version: int = 1) -> ActivityPublished:
    return ActivityPublished(
        activity_id=uuid4(),
        version=version,
        name=name,
        kind="canteen",
        school_year="2026-2027",
        place="École Jules-Ferry",
        starts_on="2026-09-01",
        ends_on="2027-07-02",
        days="school_days",
        weekdays=(1, 2, 4, 5),
        starts_at="12:00",
        ends_at="13:30",
        capacity=80,
        reserve_rule=RULE,
        cancel_rule=RULE,
    )


def accepted(home: Home, activity: ActivityPublished) -> EnrolmentAccepted:
    return EnrolmentAccepted(
        enrolment_id=uuid4(),
        version=2,
        family_id=home.family_id,
        child_id=home.child_id,
        activity_id=activity.activity_id,
        school_year="2026-2027",
        starts_on="2026-09-01",
        ends_on="2027-07-02",
    )


def text_of(mail: object) -> str:
    part = mail.get_body(("plain",))  # type: ignore[attr-defined]
    return str(part.get_content()).replace("\u00a0", " ")


async def test_an_invoice_is_announced_by_mail_and_told(office: PostOffice) -> None:
    home = a_home_with_mail()
    invoice = home.invoice("2026-000777", 123456)
    await office.service.tell(home.file(), invoice)
    mail = await office.server.mail_to(home.mail or "")
    assert mail["Subject"] == "Votre facture de novembre\u00a02026"
    assert "1\u202f234,56 €" in text_of(mail)
    assert f"{PORTAL}/factures/{invoice.invoice_id}" in text_of(mail)
    assert mail.get_body(("html",)) is not None
    await office.statuses(home, "sent")
    [event] = await office.sent(home)
    assert (event.subject_kind, event.channel) == ("invoice_issued", "mail")


async def test_a_payer_who_is_no_family_is_not_sent_to_the_portal(office: PostOffice) -> None:
    home = a_home_with_mail()
    payer = ThirdPartyUpdated(
        payer_id=home.family_id,
        version=1,
        name="CCAS de Plescop",
        lines=("1 place de la Mairie",),
        postcode="56890",
        city="Plescop",
        mail=home.mail,
    )
    await office.service.tell(home.invoice("2026-000781"), payer)
    mail = await office.server.mail_to(home.mail or "")
    assert "Bonjour CCAS de Plescop" in text_of(mail)
    assert "par courrier" in text_of(mail)
    assert f"{PORTAL}/factures" not in mail.as_string()


async def test_an_erased_payer_is_forgotten_and_no_late_address_brings_it_back(
    office: PostOffice,
) -> None:
    home = a_home_with_mail()
    payer = ThirdPartyUpdated(
        payer_id=home.family_id,
        version=1,
        name="Odile Martin",
        lines=("4 impasse des Tilleuls",),
        postcode="50300",
        city="Avranches",
        mail=home.mail,
    )
    await office.service.tell(payer, home.invoice("2026-000782"))
    erased_at = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
    await office.service.tell(ThirdPartyErased(payer_id=home.family_id, erased_at=erased_at))
    await office.service.tell(payer.model_copy(update={"version": 2}))
    async with office.service.database.connection() as connection:
        for table in ("family", "message"):
            count = f"SELECT count(*) FROM {table} WHERE family_id = $1"  # noqa: S608 - our own tables
            assert await connection.fetchval(count, home.family_id) == 0


async def test_a_mandates_end_moved_there_and_back_is_told_each_time(office: PostOffice) -> None:
    home, mandate_id = a_home_with_mail(), uuid4()
    moves = [
        DirectDebitMandateEnds(
            mandate_id=mandate_id,
            family_id=home.family_id,
            rum="PF20261128018F00000000",
            ends_on=date(2027, month, 30),
            decided_at=datetime(2026, 12, day, 9, 30, tzinfo=UTC),
        )
        for day, month in ((1, 6), (2, 4), (3, 6))
    ]
    await office.service.tell(*moves, moves[0])
    async with office.service.database.connection() as connection:
        told = "SELECT count(*) FROM message WHERE family_id = $1 AND kind = 'mandate_ends'"
        assert await connection.fetchval(told, home.family_id) == 3


async def test_a_payment_told_in_two_versions_is_one_message(office: PostOffice) -> None:
    home = a_home_with_mail()
    invoice = home.invoice("2026-000778")
    told = {
        "payment_id": uuid4(),
        "family_id": home.family_id,
        "amount_cents": 4250,
        "method": "card",
        "invoice_ids": (invoice.invoice_id,),
        "received_at": datetime(2026, 12, 1, 16, 5, tzinfo=UTC),
    }
    await office.service.tell(home.file(), invoice)
    await office.service.tell(PaymentReceived(**told), PaymentReceivedV2(**told))
    await office.statuses(home, "sent", "sent")
    kinds = [event.subject_kind for event in await office.sent(home)]
    assert sorted(kinds) == ["invoice_issued", "payment_received"]


async def test_a_family_is_told_of_its_credit_note_and_of_a_bounced_cheque(
    office: PostOffice,
) -> None:
    home = a_home_with_mail()
    invoice = home.invoice("2026-000779")
    note = CreditNoteIssued(
        credit_note_id=uuid4(),
        invoice_id=invoice.invoice_id,
        family_id=home.family_id,
        number="A2026-EJ-000004",
        total_cents=700,
        credited_cents=0,
        issued_on=date(2026, 12, 9),
    )
    undone = PaymentReversed(
        payment_id=uuid4(),
        family_id=home.family_id,
        amount_cents=4250,
        method="cheque",
        invoice_ids=(invoice.invoice_id,),
        reversed_at=datetime(2026, 12, 7, 8, 15, tzinfo=UTC),
    )
    await office.service.tell(home.file(), invoice)
    await office.service.tell(note, undone)
    await office.statuses(home, "sent", "sent", "sent")
    kinds = [event.subject_kind for event in await office.sent(home)]
    assert sorted(kinds) == ["credit_note_issued", "invoice_issued", "payment_reversed"]


async def test_an_access_code_goes_out_and_is_forgotten(office: PostOffice) -> None:
    home = a_home_with_mail()
    await office.service.tell(home.file(), home.access_code("k0O-l1I9-Brise"))
    mail = await office.server.mail_to(home.mail or "")
    assert "a.legoff" in text_of(mail)
    assert "k0O-l1I9-Brise" in text_of(mail)
    await office.statuses(home, "sent")
    left = await office.fetchval(
        "SELECT count(*) FROM message m WHERE family_id = $1 AND (sealed_password IS NOT NULL "
        "OR m::text LIKE '%Brise%')",
        home.family_id,
    )
    assert left == 0


async def test_answers_to_enrolments_name_child_and_activity(office: PostOffice) -> None:
    home, activity = a_home_with_mail(), an_activity("Mercredis à la ferme")
    await office.service.tell(home.file(), activity, accepted(home, activity))
    text = text_of(await office.server.mail_to(home.mail or ""))
    assert "l’inscription de Maëlys à l’activité « Mercredis à la ferme »" in text
    assert "du 1er septembre 2026 au 2 juillet 2027" in text
    [listed] = await office.messages(home)
    assert (listed["child_name"], listed["activity_name"]) == ("Maëlys", "Mercredis à la ferme")
    assert listed["page"] == "/reservations"


async def test_a_refusal_leads_to_its_reason(office: PostOffice) -> None:
    home, activity = a_home_with_mail(), an_activity()
    refused = EnrolmentRefused(
        enrolment_id=uuid4(),
        version=2,
        family_id=home.family_id,
        child_id=home.child_id,
        activity_id=activity.activity_id,
        school_year="2026-2027",
    )
    await office.service.tell(home.file(), activity, refused)
    assert f"{PORTAL}/demarches" in text_of(await office.server.mail_to(home.mail or ""))


async def test_a_payment_is_thanked_for_with_its_invoices(office: PostOffice) -> None:
    home = a_home_with_mail()
    invoice = home.invoice("2026-000042")
    paid = PaymentReceived(
        payment_id=uuid4(),
        family_id=home.family_id,
        amount_cents=4250,
        method="card",
        invoice_ids=(invoice.invoice_id, uuid4()),
        received_at=datetime(2026, 12, 1, 16, 5, tzinfo=UTC),
    )
    await office.service.tell(home.file(), invoice, paid)
    await office.statuses(home, "sent", "sent")
    text = text_of(office.server.to(home.mail or "")[1])
    assert "42,50 €" in text
    assert "Facture réglée : n° 2026-000042" in text


async def test_an_event_that_comes_twice_is_one_message(office: PostOffice) -> None:
    home = a_home_with_mail()
    invoice, event_id = home.invoice(), uuid4()
    await office.service.tell(home.file())
    await office.service.publish(invoice, event_id=event_id)
    await office.service.publish(invoice, event_id=event_id)
    # Told again under another id, as when the bus is refilled from another copy.
    await office.service.tell(invoice)
    await office.statuses(home, "sent")
    assert len(office.server.to(home.mail or "")) == 1


async def test_a_message_waits_for_its_family(office: PostOffice) -> None:
    home = a_home_with_mail()
    await office.service.tell(home.invoice())
    await office.statuses(home, "queued")
    await office.service.tell(home.file())
    await office.statuses(home, "sent")


async def test_a_message_waits_for_its_activity_s_name(office: PostOffice) -> None:
    home, activity = a_home_with_mail(), an_activity("Danse bretonne")
    await office.service.tell(home.file(), accepted(home, activity))
    await office.statuses(home, "queued")
    await office.service.tell(activity)
    assert "Danse bretonne" in text_of(await office.server.mail_to(home.mail or ""))


async def test_an_activity_never_told_of_does_not_hold_a_message_for_ever(
    office: PostOffice,
) -> None:
    home = a_home_with_mail()
    await office.service.tell(home.file(), accepted(home, an_activity()))
    later = datetime.now(UTC) + timedelta(minutes=11)
    await release_waiting(office.service.database, later)
    assert "à l’activité demandée" in text_of(await office.server.mail_to(home.mail or ""))


async def test_nothing_is_lost_while_the_server_is_down(office: PostOffice) -> None:
    homes = [a_home_with_mail() for _ in range(3)]
    office.server.stop()
    for home in homes:
        await office.service.tell(home.file(), home.invoice())

    async def tried() -> bool:
        tries = "SELECT min(attempts) FROM message WHERE family_id = ANY($1)"
        return bool(await office.fetchval(tries, [home.family_id for home in homes]))

    await eventually(tried, what="each mail having been tried")
    await office.all_stand(homes, "queued")
    await office.server.start()
    await office.all_stand(homes, "sent")
    assert all(len(office.server.to(home.mail or "")) == 1 for home in homes)


async def test_a_crash_after_the_server_took_a_mail_repeats_the_same_mail(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = a_home_with_mail()
    mark_sent = repository.mark_sent
    crashes = iter([True])

    async def crash_once(*args: object) -> None:
        if next(crashes, False):
            raise RuntimeError("killed")
        await mark_sent(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(repository, "mark_sent", crash_once)
    await office.service.tell(home.file(), home.invoice())
    await office.statuses(home, "sent")
    first, again = office.server.to(home.mail or "")
    assert first["Message-ID"] == again["Message-ID"]
    assert len(await office.sent(home)) == 1


async def test_a_batch_shares_one_connection(office: PostOffice) -> None:
    homes = [a_home_with_mail() for _ in range(20)]
    # They become ready all at once: each waits for its family, and one look releases them.
    await office.service.tell(*(home.invoice() for home in homes))
    office.server.stop()
    await office.service.tell(*(home.file() for home in homes))
    await office.all_stand(homes, "queued")
    families = [home.family_id for home in homes]

    async def all_tried_in_vain() -> bool:
        tried = "SELECT bool_and(attempts > 0) FROM message WHERE family_id = ANY($1)"
        return bool(await office.fetchval(tried, families))

    await eventually(all_tried_in_vain, what="every mail being tried")
    later = "UPDATE message SET next_attempt_at = now() + $2 WHERE family_id = ANY($1)"
    await office.execute(later, families, timedelta(hours=1))
    before = office.server.connections
    await office.server.start()
    await office.execute(later, families, timedelta(0))
    await office.all_stand(homes, "sent")
    assert office.server.connections - before <= 2


async def test_a_refused_address_fails_for_good_and_can_go_by_letter(office: PostOffice) -> None:
    home = a_home_with_mail()
    office.server.answers[home.mail or ""] = "550 5.1.1 No such user"
    await office.service.tell(home.file(), home.access_code("Vague-Calme-7"))
    await office.statuses(home, "failed")
    [message] = (
        await office.service.get(f"/messages?family_id={home.family_id}", staff("agent"))
    ).json["messages"]
    assert "No such user" in message["reason"]
    assert message["may_be_posted"]
    assert message["recipient"].startswith("Anne Le Goff")
    own = (await office.messages(home))[0]
    assert (own["reason"], own["recipient"], own["may_be_posted"]) == (None, None, False)
    agent = staff("agent")
    found = (await office.service.get("/messages?status=failed", agent)).json["messages"]
    assert message["message_id"] in {one["message_id"] for one in found}
    assert {one["status"] for one in found} == {"failed"}
    # Who reads what was sent to families leaves a line.
    acts = [a for a in await office.service.outbox(StaffActed) if a.account_id == agent.account_id]
    assert [act.action for act in acts] == ["list_messages"]
    path = f"/messages/{message['message_id']}/letter"
    assert (await office.service.post(path, staff("agent"))).status == 204
    _, pages = await office.print_tray()
    assert any("Vague-Calme-7" in page for page in pages)
    assert (await office.service.post(path, staff("agent"))).status == 409


async def test_a_mail_that_is_put_off_is_tried_again(office: PostOffice) -> None:
    home, other = a_home_with_mail(), a_home_with_mail()
    office.server.answers[home.mail or ""] = "451 4.3.0 Try again later"
    await office.service.tell(home.file(), other.file(), home.invoice(), other.invoice())
    await office.statuses(other, "sent")
    await office.statuses(home, "queued")

    async def put_off() -> bool:
        return bool(
            await office.fetchval(
                "SELECT next_attempt_at > now() + interval '20 s' FROM message "
                "WHERE family_id = $1",
                home.family_id,
            )
        )

    await eventually(put_off, what="the mail being put off")
    office.server.answers.clear()
    await office.execute(
        "UPDATE message SET next_attempt_at = now() WHERE family_id = $1", home.family_id
    )
    await office.statuses(home, "sent")


async def test_an_address_taken_out_of_the_file_meanwhile_becomes_a_letter(
    office: PostOffice,
) -> None:
    home = a_home_with_mail()
    office.server.answers[home.mail or ""] = "451 4.3.0 Try again later"
    await office.service.tell(home.file(), home.invoice())
    await office.statuses(home, "queued")
    await office.service.tell(home.file(2, mail=None))
    await office.execute(
        "UPDATE message SET next_attempt_at = now() WHERE family_id = $1", home.family_id
    )
    await office.statuses(home, "to_print")


async def test_a_newer_code_replaces_one_that_has_not_left(office: PostOffice) -> None:
    home = a_home_with_mail()
    old, new = home.access_code("Ancien-Code-1", days=10), home.access_code("Nouveau-2", days=30)
    await office.service.tell(old, new)
    await office.service.tell(home.file())
    await office.statuses(home, "sent", "failed")
    [mail] = office.server.to(home.mail or "")
    assert "Nouveau-2" in text_of(mail)


async def test_a_newer_code_that_came_first_makes_the_older_one_useless(
    office: PostOffice,
) -> None:
    home = a_home_with_mail()
    await office.service.tell(home.file(), home.access_code("Nouveau-2", days=30))
    await office.statuses(home, "sent")
    await office.service.tell(home.access_code("Ancien-Code-1", days=10))
    await office.statuses(home, "failed", "sent")


async def test_a_code_that_has_expired_never_leaves(office: PostOffice) -> None:
    home = a_home_with_mail()
    await office.service.tell(home.file(), home.access_code("Trop-Tard-3", days=-1))
    await office.statuses(home, "failed")
    assert office.server.to(home.mail or "") == []


async def test_a_password_that_does_not_open_holds_up_no_one(office: PostOffice) -> None:
    home, other = a_home_with_mail(), a_home_with_mail()
    broken = home.access_code("x", sealed_password="bm90IGEgYm94")
    await office.service.tell(home.file(), other.file(), broken, other.invoice())
    await office.statuses(other, "sent")
    await office.statuses(home, "failed")


async def test_a_family_sees_its_own_messages_only(office: PostOffice) -> None:
    home = a_home_with_mail()
    await office.service.tell(home.file(), home.invoice())
    await office.statuses(home, "sent")
    stranger = guardian(uuid4())
    assert (await office.service.get("/messages", stranger)).json == {"messages": []}
    path = f"/messages?family_id={home.family_id}"
    assert (await office.service.get(path, stranger)).status == 404
    assert (await office.service.get(path, staff("leader"))).status == 403
    assert len((await office.service.get(path, staff("agent"))).json["messages"]) == 1


async def test_an_older_family_file_does_not_bring_back_an_old_address(
    office: PostOffice,
) -> None:
    home = a_home_with_mail()
    await office.service.tell(home.file(2), home.file(1, mail="ancienne@example.org"))
    await office.service.tell(home.invoice())
    await office.server.mail_to(home.mail or "")
    assert office.server.to("ancienne@example.org") == []


async def test_many_messages_leave_each_once(office: PostOffice) -> None:
    homes = [a_home_with_mail() for _ in range(60)]
    await office.service.tell(*(home.file() for home in homes))
    await office.service.tell(*(home.invoice() for home in homes))
    await office.all_stand(homes, "sent")
    assert all(len(office.server.to(home.mail or "")) == 1 for home in homes)


async def test_letters_are_not_for_families(office: PostOffice) -> None:
    caller = guardian(a_home_without_mail().family_id)
    for path in ("/letters", f"/letters/{uuid4()}.pdf", f"/print-batches/{uuid4()}.pdf"):
        assert (await office.service.get(path, caller)).status == 403
    assert (await office.service.post("/letters/print", caller)).status == 403


@pytest.mark.parametrize("accepted", [True, False])
async def test_a_parent_learns_what_became_of_a_change_to_the_record(
    office: PostOffice, *, accepted: bool
) -> None:
    home = a_home_with_mail()
    decided = RecordChangeDecided(
        change_id=uuid4(),
        family_id=home.family_id,
        what="Classe de Maëlys",
        accepted=accepted,
        reason=None if accepted else "L’école n’a pas confirmé ce changement.",
        decided_at=datetime(2026, 11, 25, 9, 30, tzinfo=UTC),
    )
    await office.service.tell(home.file(), decided)
    text = text_of(await office.server.mail_to(home.mail or ""))
    assert "Classe de Maëlys" in text
    assert ("votre fiche est à jour" in text) is accepted
    assert ("L’école n’a pas confirmé" in text) is not accepted
    assert f"{PORTAL}/famille" in text


async def test_a_newcomer_is_written_to_before_there_is_a_family(office: PostOffice) -> None:
    home = a_home_with_mail()
    sealed = SealedBox(TOWN_KEY.public_key).encrypt(b"a-token_of-the-link")
    await office.service.tell(
        AccountRequestReceived(
            request_id=home.family_id,
            first_name="Soizic",
            last_name="Le Bihan",
            mail=home.mail or "",
            sealed_token=base64.b64encode(sealed).decode(),
            expires_at=datetime.now(UTC) + timedelta(days=2),
        )
    )
    mail = await office.server.mail_to(home.mail or "")
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "Bonjour Soizic Le Bihan" in text
    assert f"{PORTAL}/demande-de-compte/confirmer?jeton=a-token_of-the-link" in text
    await office.statuses(home, "sent")
    kept = await office.fetchval(
        "SELECT sealed_password FROM message WHERE family_id = $1", home.family_id
    )
    assert kept is None


async def test_a_refused_newcomer_reads_the_reason(office: PostOffice) -> None:
    home = a_home_with_mail()
    await office.service.tell(
        AccountRequestRefused(
            request_id=home.family_id,
            first_name="Soizic",
            last_name="Le Bihan",
            mail=home.mail or "",
            reason="Votre commune a son propre portail.",
        )
    )
    mail = await office.server.mail_to(home.mail or "")
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "Votre commune a son propre portail." in text


async def test_a_link_that_came_too_late_is_not_mailed(office: PostOffice) -> None:
    home = a_home_with_mail()
    await office.service.tell(
        AccountRequestReceived(
            request_id=home.family_id,
            first_name="Soizic",
            last_name="Le Bihan",
            mail=home.mail or "",
            sealed_token="",
            expires_at=datetime.now(UTC) - timedelta(minutes=1),
        )
    )
    await office.statuses(home, "failed")
    assert office.server.to(home.mail or "") == []


async def test_messages_follow_a_family_into_the_one_that_stays(office: PostOffice) -> None:
    home, gone = a_home_with_mail(), a_home_with_mail()
    await office.service.tell(home.file(), gone.file())
    await office.service.tell(gone.invoice())
    await office.statuses(gone, "sent")
    merger = FamiliesMerged(family_id=home.family_id, merged_family_id=gone.family_id)
    await office.service.tell(merger)
    await office.statuses(home, "sent")
    assert await office.messages(gone) == []
    # What is told late of the family that is gone goes to the one that stays.
    await office.service.tell(gone.file(version=2), gone.invoice("2026-000124"))
    await office.statuses(home, "sent", "sent")
    assert len(office.server.to(home.mail or "")) == 1
    assert len(office.server.to(gone.mail or "")) == 1
