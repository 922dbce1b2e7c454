"""The whole way of one family over the JSON API, step by step, so that a test can break in."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import count
from typing import Any

import aiohttp
import asyncpg
import pyotp
from yarl import URL

from deploy.demo.portal import CODE
from deploy.trial import TrialTown
from services.chassis.clock import paris_date, utc_now
from services.chassis.testing import eventually

PASSWORD = "Une-Famille-En-Chemin-2026"
COLUMNS = (
    "dossier;adresse;complement;code_postal;commune;resident;quotient;quotient_fin;"
    "resp1_nom;resp1_prenom;resp1_mail;resp1_telephone;resp2_nom;resp2_prenom;resp2_mail;"
    "resp2_telephone;enfant_nom;enfant_prenom;enfant_naissance;enfant_ecole;enfant_classe;"
    "enfant_regime;enfant_allergies"
)
_numbers = count(1)


class StepFailed(Exception):
    """A step was refused; the answer says why."""


@dataclass
class Journey:
    """One new family in a running town; `between` is called after each step of the family's way."""

    town: TrialTown
    session: aiohttp.ClientSession
    between: Callable[[str], Awaitable[None]] = field(default=lambda _step: _nothing())
    number: int = field(default_factory=lambda: next(_numbers))
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def mail(self) -> str:
        return f"famille{self.number}@voyage.example"

    @property
    def reference(self) -> str:
        return f"VOYAGE-{self.number}"

    async def whole_way(self) -> dict[str, Any]:
        """From the imported record to the receipt; what was billed and paid."""
        family_id = await self.import_family()
        await self.between("imported")
        await self.issue_code(family_id)
        await self.between("code issued")
        await self.sign_in()
        await self.between("signed in")
        child_id, activity_id = await self.enrol()
        await self.between("enrolment asked")
        await self.accept(child_id)
        await self.between("enrolment accepted")
        reserved = await self.reserve(child_id, activity_id)
        await self.between("reserved")
        await self.take_roll(reserved["session_id"], child_id)
        await self.between("roll taken")
        invoice = await self.bill(reserved["date"][:7])
        await self.between("billed")
        payment = await self.pay(invoice["invoice_id"])
        await self.between("paid")
        return {"family_id": family_id, "invoice": invoice, "payment": payment}

    async def import_family(self) -> str:
        line = (
            f"{self.reference};1 RUE DU PONT;;50620;SAINT-AUBIN-SUR-VIRE;oui;500;2027-08-31;"
            f"VOYAGE;Alix;{self.mail};0600000000;;;;;VOYAGE;Sacha;2018-05-04;;CE2;standard;"
        )
        await self.call(
            "POST",
            "/staff/families/import",
            await self.staff("admin"),
            data=f"{COLUMNS}\n{line}\n".encode(),
            headers={"Content-Type": "text/csv"},
        )
        answer = await self.call(
            "GET",
            "/staff/families",
            await self.staff("admin"),
            params={"search": self.reference},
        )
        # The search is a kind one: it finds what resembles too.
        (family,) = [f for f in answer["families"] if f["reference"] == self.reference]
        return str(family["family_id"])

    async def issue_code(self, family_id: str) -> None:
        await self.call(
            "POST",
            "/staff/access-codes",
            await self.staff("admin"),
            json={"family_ids": [family_id]},
        )

    async def sign_in(self) -> None:
        mails = await eventually(
            lambda: self.mails("provisoire"), within=60, what="the access code"
        )
        code = re.search(CODE, mails[0]["text"])
        assert code, mails[0]["text"]
        body = {"login": self.mail, "password": code[0]}
        first = await self.call("POST", "/tokens", json=body)
        assert first["must_change_password"]
        change = {"current": code[0], "new": PASSWORD}
        changed = await self.call("POST", "/password", first["access_token"], json=change)
        self.tokens["family"] = changed["access_token"]

    async def enrol(self) -> tuple[str, str]:
        token = self.tokens["family"]
        family = await self.call("GET", "/family", token)
        child_id = family["children"][0]["child_id"]
        activities = (await self.call("GET", "/activities", token))["activities"]
        canteen = next(a for a in activities if a["kind"] == "canteen")
        body = {
            "child_id": child_id,
            "activity_id": canteen["activity_id"],
            "regulations_accepted": True,
        }
        await self.call("POST", "/enrolments", token, until_known=True, json=body)
        return child_id, canteen["activity_id"]

    async def accept(self, child_id: str) -> None:
        token = self.tokens["family"]
        enrolment = (await self.call("GET", f"/enrolments?child_id={child_id}", token))[
            "enrolments"
        ][0]
        path = f"/staff/enrolments/{enrolment['enrolment_id']}/accept"
        await self.call("POST", path, await self.staff("agent"))

    async def reserve(self, child_id: str, activity_id: str) -> dict[str, Any]:
        token = self.tokens["family"]
        today = paris_date(utc_now())
        period = {"from": str(today + timedelta(days=7)), "to": str(today + timedelta(days=60))}

        async def free() -> list[dict[str, Any]]:
            days = (await self.call("GET", "/calendar", token, params=period))["days"]
            return [
                {"session_id": entry["session_id"], "date": day["date"]}
                for day in days
                for entry in day["entries"]
                if entry["state"] == "free" and entry["activity_id"] == activity_id
            ]

        chosen: dict[str, Any] = (await eventually(free, within=60, what="a free session"))[0]
        item = {"child_id": child_id, "session_id": chosen["session_id"]}
        answer = await self.call(
            "POST",
            "/reservations",
            token,
            json={"items": [item]},
            headers={"Idempotency-Key": f"reserve-{self.number}"},
        )
        assert answer["items"][0]["outcome"] == "confirmed", answer
        return chosen

    async def take_roll(self, session_id: str, child_id: str) -> None:
        marks = {"marks": [{"child_id": child_id, "state": "present"}]}
        path = f"/staff/sessions/{session_id}/attendance"
        await self.call("POST", path, await self.staff("leader"), json=marks)

    async def bill(self, month: str) -> dict[str, Any]:
        async def invoiced() -> Any:
            # The charge may still be on its way: a rerun takes it in and changes nothing else.
            regisseur = await self.staff("regisseur")
            body = {"month": month, "not_over_confirmed": True}
            await self.call("POST", "/staff/billing-runs", regisseur, json=body)
            return (await self.call("GET", "/invoices", self.tokens["family"]))["invoices"]

        invoices = await eventually(invoiced, within=60, what="the invoice")
        whole: dict[str, Any] = await self.call(
            "GET", f"/invoices/{invoices[0]['invoice_id']}", self.tokens["family"]
        )
        return whole

    async def pay(self, invoice_id: str) -> dict[str, Any]:
        token = self.tokens["family"]
        started = await self.call(
            "POST",
            "/payments",
            token,
            json={"invoice_ids": [invoice_id]},
            headers={"Idempotency-Key": f"pay-{self.number}"},
        )
        await self.pay_at_the_counter(started["redirect_url"])

        async def settled() -> Any:
            payment = await self.call("GET", f"/payments/{started['payment_id']}", token)
            return payment if payment["status"] == "paid" else None

        payment: dict[str, Any] = await eventually(settled, within=60, what="the payment")
        return payment

    async def pay_at_the_counter(self, url: str) -> None:
        async with self.session.get(url) as page:
            html = await page.text()
        action = re.search(r'<form[^>]*action="([^"]+)"', html)
        fields = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', html))
        button = re.search(r'<button[^>]*name="([^"]+)"[^>]*value="([^"]*)"[^>]*>\s*Payer', html)
        assert action, html
        if button:
            fields[button[1]] = button[2]
        target = URL(url).join(URL(action[1].replace("&amp;", "&")))
        async with self.session.post(target, data=fields, allow_redirects=False) as answer:
            assert answer.status in (302, 303), await answer.text()

    async def mails(self, word: str) -> list[dict[str, Any]]:
        """The mails to the family whose subject or text has this word, newest first."""
        url = self.town.ports.url("mailbox") + "/messages.json"
        async with self.session.get(url, params={"to": self.mail}) as answer:
            found = (await answer.json())["messages"]
        return [m for m in found if word in (m["subject"] + m["text"]).lower()]

    async def staff(self, who: str) -> str:
        """A token of a member of the staff."""
        if who not in self.tokens:
            login = self.town.logins[who]
            body = {"login": login["login"], "password": login["password"]}
            body["totp"] = pyotp.TOTP(login["totp_secret"]).now()
            self.tokens[who] = (await self.call("POST", "/tokens", json=body))["access_token"]
        return self.tokens[who]

    async def call(
        self,
        method: str,
        path: str,
        token: str = "",
        *,
        until_known: bool = False,
        **options: Any,
    ) -> Any:
        """Ask; a service that is away just now is asked again, as a person would."""
        headers = dict(options.pop("headers", {}))
        if token:
            headers["Authorization"] = f"Bearer {token}"
        passing = {503} | ({404, 422} if until_known else set())

        async def answered() -> tuple[int, Any] | None:
            async with self.session.request(
                method,
                self.town.ports.url("gateway") + "/api/v1" + path,
                headers=headers,
                **options,
            ) as answer:
                body = await answer.json(content_type=None)
                return None if answer.status in passing else (answer.status, body)

        async def asked() -> tuple[int, Any] | None:
            try:
                return await answered()
            except aiohttp.ClientError:
                return None  # the gateway itself is away

        status, body = await eventually(asked, within=60, what=f"{method} {path}")
        if status >= 400:
            raise StepFailed(f"{method} {path}: {status} {body}")
        return body


async def nothing_lost_nothing_twice(journey: Journey, family_id: str) -> None:
    """One reservation, one charge, one invoice, one payment, one message of each kind."""
    billing = await asyncpg.connect(journey.town.database_url("billing"))
    reservations = await asyncpg.connect(journey.town.database_url("reservations"))
    try:
        for database, table in (
            (reservations, "reservation"),
            (billing, "invoice"),
            (billing, "payment"),
        ):
            rows = await database.fetchval(
                f"SELECT count(*) FROM {table} WHERE family_id = $1",  # noqa: S608 - names above
                family_id,
            )
            assert rows == 1, table
    finally:
        await billing.close()
        await reservations.close()
    for subject in ("vos accès", "est acceptée", "votre facture", "est bien reçu"):
        await eventually(partial(journey.mails, subject), within=60, what=f"the mail: {subject}")
    all_mails = await journey.mails("")
    assert len({mail["subject"] for mail in all_mails}) == len(all_mails) == 4, all_mails


async def _nothing() -> None:
    return None
