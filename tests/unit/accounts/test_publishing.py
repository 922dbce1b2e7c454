"""What accounts tells is what the published examples show."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

import pytest

from contracts.envelope import Event
from services.accounts import publishing
from services.accounts.model.amending import FIELDS, Change
from services.accounts.model.care import CarePlan, Contact
from services.accounts.model.codes import PreparedCode
from services.accounts.model.consents import ConsentAnswer, ConsentText, SaidConsent
from services.accounts.model.custody import Alternation, Custody, Stay
from services.accounts.model.family import Address, Child, FamilyRecord, Guardian
from services.accounts.model.issuing import IssuedCode, PlannedBatch, Recipient
from services.accounts.model.joining import Joined
from services.accounts.model.leaving import ErasureRequest
from services.accounts.model.links import Forgetful, MailChange
from services.accounts.model.requests import AccountRequest, Adult, RequestForm
from services.accounts.model.signing_in import Account
from services.accounts.publishing import access
from tests.contract.published import example_id, example_of, written

FAMILY = example_id("1")
OTHER_HOME = example_id("9")
GUARDIAN = example_id("4")
PARENT = example_id("3")
CHILD = example_id("5")
BATCH = example_id("2")
MAIL = "camille.exemple@example.org"
SEALED = "c2VhbGVk"
SAID = datetime(2026, 11, 23, 8, tzinfo=UTC)

RECORD = FamilyRecord(
    family_id=FAMILY,
    reference="D-00042",
    record_version=3,
    resident=True,
    quotient=870,
    quotient_valid_until=date(2027, 8, 31),
    address=Address(("4 RUE DES TILLEULS",), "50620", "SAINT AUBIN SUR VIRE"),
    guardians=(
        Guardian(
            guardian_id=GUARDIAN,
            first_name="Camille",
            last_name="Exemple",
            mail=MAIL,
            phone="0600000000",
            link="mother",
            address=Address(("3 rue du Port",), "56000", "Vannes"),
        ),
    ),
    children=(
        Child(
            child_id=CHILD,
            first_name="Lou",
            last_name="Exemple",
            birth_date=date(2018, 4, 2),
            school_code="JULES-FERRY",
            school_class="CE2",
            pai=CarePlan("Trousse d’urgence au bureau.", date(2027, 7, 31)),
            contacts=(
                Contact("Andrée Exemple", "0600000001", "grand-mère", may_pick_up=True),
                Contact("Une voisine", "0600000002", emergency=True),
            ),
            homes=(FAMILY, OTHER_HOME),
            custody=Custody(
                Alternation(FAMILY, OTHER_HOME, change_weekday=5),
                (Stay(OTHER_HOME, date(2026, 12, 19), date(2026, 12, 26)),),
            ),
        ),
    ),
)
CONSENTS = (
    SaidConsent(CHILD, "Photographies", granted=True),
    SaidConsent(example_id("6"), "Sorties", granted=False),
)
REQUEST = AccountRequest(
    request_id=example_id("c1"),
    status="unconfirmed",
    form=RequestForm((Adult("Soizic", "Le Bihan", "soizic.lebihan@exemple.fr"),), (), Address()),
    asked_at=datetime(2026, 11, 25, 8, tzinfo=UTC),
    link_expires_at=datetime(2026, 11, 27, 8, tzinfo=UTC),
)
CHANGE = Change(
    change_id=example_id("a"),
    family_id=FAMILY,
    person_id=CHILD,
    field=next(field for field in FIELDS if field.code == "child.school_class"),
    before={"school_class": "CE1"},
    after={"school_class": "CE2"},
    status="refused",
    asked_by=PARENT,
    by_staff=False,
    asked_at=SAID,
)
PARENTS_ACCOUNT = Account(
    example_id("21"), MAIL, "Camille Exemple", ("guardian",), "hash", False, FAMILY, GUARDIAN
)
STAFF_ACCOUNT = Account(example_id("22"), "agent", "Anne Le Goff", ("agent",), "hash", False)
TEXT = ConsentText(example_id("41"), 2, "Photographies", "J’autorise…", SAID)
ANSWER = ConsentAnswer(FAMILY, PARENT, TEXT.consent_id, 2, granted=True, answered_at=SAID)


def told_of_records() -> list[Event]:
    merged = example_id("2")
    kept, gone = example_id("11"), example_id("12")
    registered, _ = publishing.family_saved(replace(RECORD, record_version=1), CONSENTS)
    return [
        registered,
        *publishing.family_saved(RECORD, CONSENTS),
        publishing.families_merged(Joined(RECORD, merged, {}, {gone: kept})),
        publishing.change_decided(
            CHANGE,
            "Classe de Lou",
            datetime(2026, 11, 25, 9, 30, tzinfo=UTC),
            asked_by=GUARDIAN,
            reason="L’école n’a pas confirmé ce changement de classe.",
        ),
        access.consent_published(TEXT),
        access.consent_withdrawn(TEXT.consent_id),
        access.consent_answered(ANSWER),
    ]


def told_of_ways_in() -> list[Event]:
    recipient = Recipient(FAMILY, GUARDIAN, "Exemple", MAIL)
    code = IssuedCode(PARENT, MAIL, recipient, PreparedCode("hash", SEALED))
    mail_change = MailChange(
        change_id=OTHER_HOME,
        account_id=PARENT,
        family_id=FAMILY,
        guardian_id=GUARDIAN,
        login=MAIL,
        old_mail=MAIL,
        new_mail="camille.nouvelle@example.org",
        expires_at=SAID + timedelta(days=3),
        old_confirms=True,
    )
    planned = PlannedBatch(example_id("31"), date(2026, 12, 1))
    forgetful = Forgetful(PARENT, FAMILY, GUARDIAN, MAIL, MAIL)
    disabled_no_more = replace(STAFF_ACCOUNT, roles=("agent", "regisseur"))
    return [
        *publishing.codes_issued([code], BATCH, SAID + timedelta(days=30)),
        access.codes_planned(planned),
        access.codes_withdrawn(planned.batch_id),
        publishing.password_changed(PARENT, FAMILY),
        publishing.reset_ready(example_id("8"), forgetful, SEALED, SAID + timedelta(hours=1)),
        publishing.mail_change_requested(mail_change, SEALED, SEALED),
        access.second_factor_taken_up(PARENTS_ACCOUNT),
        access.second_factor_given_up(PARENTS_ACCOUNT),
        access.france_connect_linked(PARENTS_ACCOUNT),
        access.france_connect_unlinked(PARENTS_ACCOUNT),
        access.staff_account_kept(STAFF_ACCOUNT, is_new=True),
        access.staff_account_kept(disabled_no_more, is_new=False),
    ]


def told_of_coming_and_going() -> list[Event]:
    asked = datetime(2026, 11, 23, 8, 12, tzinfo=UTC)
    erasure = ErasureRequest(example_id("51"), FAMILY, asked, PARENT)
    return [
        publishing.request_received(REQUEST, "c2VhbGVkIGJveA=="),
        publishing.request_confirmed(REQUEST.request_id),
        publishing.request_approved(REQUEST.request_id, FAMILY),
        publishing.request_refused(
            REQUEST, "Votre famille a déjà un dossier ; nous vous appelons."
        ),
        publishing.erasure_planned(erasure),
        access.erasure_withdrawn(FAMILY),
        access.erasure_refused(FAMILY),
        publishing.family_erased(FAMILY, datetime(2026, 12, 1, 9, 30, tzinfo=UTC)),
    ]


TOLD: Final = (*told_of_records(), *told_of_ways_in(), *told_of_coming_and_going())


@pytest.mark.parametrize("event", TOLD, ids=lambda event: type(event).__name__)
def test_what_is_told_is_the_published_example(event: Event) -> None:
    assert written(event) == example_of(type(event))


def test_the_services_are_told_of_those_who_may_fetch_a_child_and_of_no_other_contact() -> None:
    _, file = publishing.family_saved(RECORD, CONSENTS)
    assert "Andrée Exemple" in file.model_dump_json()
    assert "Une voisine" not in file.model_dump_json()


def test_the_town_at_large_learns_that_a_record_changed_and_nothing_of_it() -> None:
    changed, _ = publishing.family_saved(RECORD, CONSENTS)
    assert set(written(changed)) == {"family_id", "record_version"}
