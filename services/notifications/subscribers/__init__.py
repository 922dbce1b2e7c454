"""What notifications listens to, and which message each event gives reason for."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from contracts.envelope import Event
from contracts.events.accounts import (
    AccessCodeReady,
    AccountRequestReceived,
    AccountRequestRefused,
    Address,
    FamiliesMerged,
    FamilyFileUpdated,
    MailChangeRequested,
    PasswordResetReady,
    RecordChangeDecided,
)
from contracts.events.billing import (
    InvoiceIssued,
    PaymentReceived,
    PaymentReceivedV2,
    ThirdPartyErased,
    ThirdPartyUpdated,
)
from contracts.events.documents import DocumentState, DocumentStateChanged
from contracts.events.enrolment import ActivityPublished
from services.chassis import personal_data
from services.chassis.database import Connection
from services.chassis.intake import on
from services.notifications import commands
from services.notifications.model import Draft, Family, Guardian, Home, Kind, masked
from services.notifications.personal_data import PERSONAL
from services.notifications.subscribers import activity as activity_subscribers
from services.notifications.subscribers import till as till_subscribers
from services.notifications.subscribers import treasury as treasury_subscribers


async def family_file_updated(connection: Connection, event: FamilyFileUpdated) -> None:
    """Keep names and addresses."""
    family = Family(
        family_id=event.family_id,
        record_version=event.record_version,
        address=event.address.lines,
        postcode=event.address.postcode,
        city=event.address.city,
        guardians=tuple(
            Guardian(g.guardian_id, g.first_name, g.last_name, g.mail, _home(g.address))
            for g in event.guardians
        ),
        children={c.child_id: c.first_name for c in event.children},
        classes={c.child_id: c.school_class for c in event.children if c.school_class},
    )
    await commands.keep_family(connection, family)


def _home(address: Address | None) -> Home | None:
    return Home(address.lines, address.postcode, address.city) if address else None


async def third_party_updated(connection: Connection, event: ThirdPartyUpdated) -> None:
    """Keep where what is for a payer who is no family goes."""
    payer = Family(
        family_id=event.payer_id,
        record_version=event.version,
        address=event.lines,
        postcode=event.postcode,
        city=event.city,
        guardians=(Guardian(event.payer_id, "", event.name, event.mail),),
        children={},
        outsider=True,
    )
    await commands.keep_family(connection, payer)


async def third_party_erased(connection: Connection, event: ThirdPartyErased) -> None:
    """Forget where it was written to, and what."""
    await personal_data.erase(connection, PERSONAL, {}, event.payer_id, event.erased_at)


async def families_merged(connection: Connection, event: FamiliesMerged) -> None:
    """Two families are one: its messages are the other's."""
    children = {c.merged_child_id: c.child_id for c in event.children}
    await commands.merge_families(connection, event.family_id, event.merged_family_id, children)


async def activity_published(connection: Connection, event: ActivityPublished) -> None:
    """Keep what the activity is called."""
    await commands.keep_activity(connection, event.activity_id, event.version, event.name)


async def access_code_ready(connection: Connection, event: AccessCodeReady) -> None:
    """A guardian gets a login and a temporary password."""
    draft = Draft(
        cause=f"access-code:{event.batch_id}:{event.account_id}",
        family_id=event.family_id,
        kind="access_code",
        concerns=event.account_id,
        facts=_facts(event, "login", "expires_at"),
        guardian_id=event.guardian_id,
        wished_channel=event.channel,
        sealed_password=event.sealed_password,
        expires_at=event.expires_at,
    )
    await commands.compose(connection, draft)


async def account_request_received(connection: Connection, event: AccountRequestReceived) -> None:
    """A newcomer gets the link that confirms their mail address."""
    draft = Draft(
        cause=f"account-request-received:{event.request_id}",
        family_id=event.request_id,
        kind="account_request_received",
        concerns=event.request_id,
        facts=_facts(event, "expires_at"),
        wished_channel="mail",
        sealed_password=event.sealed_token,
        expires_at=event.expires_at,
        newcomer=_newcomer(event),
    )
    await commands.compose(connection, draft)


async def password_reset_ready(connection: Connection, event: PasswordResetReady) -> None:
    """A guardian gets a link by which to choose another password."""
    draft = Draft(
        cause=f"password-reset:{event.reset_id}",
        family_id=event.family_id,
        kind="password_reset",
        concerns=event.account_id,
        facts=_facts(event, "login", "expires_at"),
        guardian_id=event.guardian_id,
        sealed_password=event.sealed_token,
        expires_at=event.expires_at,
        mail_to=event.mail,
    )
    await commands.compose(connection, draft)


async def account_request_refused(connection: Connection, event: AccountRequestRefused) -> None:
    """A newcomer reads why there is no account."""
    draft = Draft(
        cause=f"account-request-refused:{event.request_id}",
        family_id=event.request_id,
        kind="account_request_refused",
        concerns=event.request_id,
        facts=_facts(event, "reason"),
        wished_channel="mail",
        newcomer=_newcomer(event),
    )
    await commands.compose(connection, draft)


def _newcomer(event: AccountRequestReceived | AccountRequestRefused) -> Guardian:
    return Guardian(event.request_id, event.first_name, event.last_name, event.mail)


async def mail_change_requested(connection: Connection, event: MailChangeRequested) -> None:
    """The new address is asked whether it is the guardian's, the old one asked or told."""
    asked = Draft(
        cause=f"mail-confirmation:{event.change_id}",
        family_id=event.family_id,
        kind="mail_confirmation",
        concerns=event.account_id,
        facts=_facts(event, "expires_at"),
        guardian_id=event.guardian_id,
        sealed_password=event.sealed_confirmation,
        expires_at=event.expires_at,
        mail_to=event.new_mail,
    )
    await commands.compose(connection, asked)
    if event.old_mail and event.sealed_cancellation:
        told = replace(
            asked,
            cause=f"mail-notice:{event.change_id}",
            kind="mail_notice",
            facts={
                **asked.facts,
                "new_mail": masked(event.new_mail),
                "old_confirms": event.old_confirms,
            },
            sealed_password=event.sealed_cancellation,
            mail_to=event.old_mail,
        )
        await commands.compose(connection, told)


async def invoice_issued(connection: Connection, event: InvoiceIssued) -> None:
    """The family has an invoice to read, and mostly to pay."""
    await commands.keep_invoice(connection, event.invoice_id, event.number)
    draft = Draft(
        cause=f"invoice-issued:{event.invoice_id}",
        family_id=event.family_id,
        kind="invoice_issued",
        concerns=event.invoice_id,
        facts=_facts(event, "invoice_id", "number", "period", "total_cents", "due_on"),
    )
    await commands.compose(connection, draft)


async def payment_received(
    connection: Connection, event: PaymentReceived | PaymentReceivedV2
) -> None:
    """The family's money has come in; told in two versions, it is one cause."""
    draft = Draft(
        cause=f"payment-received:{event.payment_id}",
        family_id=event.family_id,
        kind="payment_received",
        concerns=event.payment_id,
        facts=_facts(event, "amount_cents", "received_at", "invoice_ids"),
    )
    await commands.compose(connection, draft)


async def record_change_decided(connection: Connection, event: RecordChangeDecided) -> None:
    """The guardian who asked for the change learns what became of it."""
    draft = Draft(
        cause=f"record-change-decided:{event.change_id}",
        family_id=event.family_id,
        kind="record_change_decided",
        concerns=event.change_id,
        facts=_facts(event, "what", "accepted", "reason"),
        guardian_id=event.guardian_id,
    )
    await commands.compose(connection, draft)


# The steps of a document's life that make a message; each is told to the family once.
DOCUMENT_NEWS: Mapping[DocumentState, Kind] = {
    "accepted": "document_accepted",
    "rejected": "document_rejected",
    "infected": "document_infected",
    "expiring": "document_expiring",
    "expired": "document_expired",
}


async def document_state_changed(connection: Connection, event: DocumentStateChanged) -> None:
    """The family is told what became of its document, or that its end is near."""
    kind = DOCUMENT_NEWS.get(event.state)
    if kind is None or not event.tell_family:
        return
    draft = Draft(
        cause=f"document:{event.document_id}:{event.version}",
        family_id=event.family_id,
        kind=kind,
        concerns=event.document_id,
        facts=_facts(event, "called", "child_id", "valid_until"),
    )
    await commands.compose(connection, draft)


def _facts(event: Event, *names: str) -> dict[str, Any]:
    return event.model_dump(mode="json", include=set(names))


SUBSCRIPTIONS = (
    on(FamilyFileUpdated, family_file_updated),
    on(ThirdPartyUpdated, third_party_updated),
    on(ThirdPartyErased, third_party_erased),
    on(FamiliesMerged, families_merged),
    on(ActivityPublished, activity_published),
    on(AccessCodeReady, access_code_ready),
    on(AccountRequestReceived, account_request_received),
    on(AccountRequestRefused, account_request_refused),
    on(PasswordResetReady, password_reset_ready),
    on(MailChangeRequested, mail_change_requested),
    on(InvoiceIssued, invoice_issued),
    on(PaymentReceived, payment_received),
    on(PaymentReceivedV2, payment_received),
    on(RecordChangeDecided, record_change_decided),
    on(DocumentStateChanged, document_state_changed),
    *activity_subscribers.SUBSCRIPTIONS,
    *treasury_subscribers.SUBSCRIPTIONS,
    *till_subscribers.SUBSCRIPTIONS,
)
