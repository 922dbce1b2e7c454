"""accounts, as the portal asks it about one's own access."""

from uuid import UUID

from gateway.clients.area import Area
from gateway.readers.access import (
    Accepted,
    Access,
    Arrival,
    ConfirmedMail,
    Departure,
    Enrolled,
    NewSecret,
    OpenSession,
    OpenSessions,
    OtherSignOut,
    PasswordReset,
    RecoveryCodes,
)
from gateway.readers.accounts import Tokens
from gateway.visitor import Visitor


class OwnAccess(Area):
    """Sessions, second factor, forgotten password, mail address."""

    async def access(self) -> Access:
        return await self.read(Access, "/access")

    async def sessions(self) -> tuple[OpenSession, ...]:
        return (await self.read(OpenSessions, "/sessions")).sessions

    async def begin_second_factor(self, password: str) -> NewSecret:
        """A secret that counts once its first code is confirmed."""
        body = {"password": password}
        return await self.send(NewSecret, "POST", "/second-factor", body, is_secret=True)

    async def pending_second_factor(self) -> NewSecret:
        """Refused with 409 when none waits for its first code."""
        return await self.read(NewSecret, "/second-factor")

    async def confirm_second_factor(self, code: str, device: str) -> Enrolled:
        """The new session's tokens and the recovery codes; the other sessions are over."""
        body = {"code": code, "device": device}
        path = "/second-factor/confirmation"
        return await self.send(Enrolled, "POST", path, body, is_secret=True)

    async def renew_recovery_codes(self, password: str) -> RecoveryCodes:
        body = {"password": password}
        path = "/second-factor/recovery-codes"
        return await self.send(RecoveryCodes, "POST", path, body, is_secret=True)

    async def give_up_second_factor(self, password: str) -> None:
        await self.tell("POST", "/second-factor/removal", {"password": password})

    async def reset_second_factor(self, account_id: UUID) -> None:
        """For somebody who lost it; an administrator may."""
        await self.order("DELETE", f"/accounts/{account_id}/second-factor")

    async def depart(self) -> Departure:
        """Refused with 404 where FranceConnect is not offered, 503 while it does not answer."""
        return await self.send(Departure, "POST", "/france-connect/departures", is_secret=True)

    async def arrive(self, code: str, state: str, token: str, visitor: Visitor) -> Arrival:
        """Refused with 410: out of time or used; 401: not believed; 403: password-needed."""
        body = {"code": code, "state": state, "browser_token": token}
        client = {"client": visitor.model_dump()}
        path = "/france-connect/arrivals"
        return await self.send(Arrival, "POST", path, body | client, is_secret=True)

    async def link_france_connect(
        self, ticket: str, login: str, password: str, totp: str | None, visitor: Visitor
    ) -> Tokens:
        """Refused as a sign-in is; 410 when the ticket is spent, 409 for another person's."""
        body = {"ticket": ticket, "login": login, "password": password}
        more = {"client": visitor.model_dump()} | ({"totp": totp} if totp else {})
        return await self.send(Tokens, "POST", "/france-connect/links", body | more, is_secret=True)

    async def unlink_france_connect(self, password: str) -> None:
        await self.tell("POST", "/france-connect/removal", {"password": password})

    async def france_connect_sign_out(self) -> str:
        """Where to end the other session; empty when there is none."""
        path = "/france-connect/sign-outs"
        return (await self.send(OtherSignOut, "POST", path, is_secret=True)).url or ""

    async def ask_for_reset(self, login: str, address: str) -> None:
        """The same answer whether or not there is such a login."""
        body = {"login": login, "address": address}
        await self.send(Accepted, "POST", "/password-resets", body)

    async def check_reset(self, token: str) -> None:
        """Whether the link still opens anything: refused with 410 when it is spent."""
        await self.tell("POST", "/password-resets/check", {"token": token})

    async def reset_password(
        self, token: str, new: str, repeated: str | None = None
    ) -> PasswordReset:
        """Refused with 410 when the link is spent."""
        body = {"token": token, "new": new, "repeated": repeated}
        path = "/password-resets/completion"
        return await self.send(PasswordReset, "POST", path, body, is_secret=True)

    async def ask_for_mail(self, mail: str, password: str) -> None:
        body = {"mail": mail, "password": password}
        await self.send(Accepted, "POST", "/mail-changes", body, is_secret=True)

    async def give_mail_up(self) -> None:
        await self.order("DELETE", "/mail-changes")

    async def confirm_mail(self, token: str) -> ConfirmedMail:
        """Refused with 410 when the link is spent, 409 when the address is another's login."""
        path = "/mail-changes/confirmation"
        return await self.send(ConfirmedMail, "POST", path, {"token": token}, is_secret=True)

    async def refuse_mail(self, token: str) -> ConfirmedMail:
        """Refused with 410 when the link is spent."""
        path = "/mail-changes/cancellation"
        return await self.send(ConfirmedMail, "POST", path, {"token": token}, is_secret=True)
