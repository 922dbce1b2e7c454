"""accounts, as the portal asks it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from gateway.clients.access import OwnAccess
from gateway.clients.area import IMPORT
from gateway.clients.staff import StaffClient
from gateway.readers import (
    CodesPreview,
    Family,
    FamilyList,
    ImportReport,
    Me,
    SessionState,
    Tokens,
)
from gateway.transfer import MAX_IMPORT_BYTES, Upload
from gateway.visitor import Visitor


class Accounts(OwnAccess, StaffClient):
    """Families, access codes, signing in and out."""

    async def sign_in(
        self, login: str, password: str, totp: str | None = None, visitor: Visitor | None = None
    ) -> Tokens:
        """Refused with 401: invalid-credentials, totp-required, totp-invalid, code-expired;

        429: too-many-attempts; 503: too-busy.
        """
        body: dict[str, Any] = {"login": login, "password": password}
        if totp:
            body["totp"] = totp
        if visitor:
            body["client"] = visitor.model_dump()
        return await self.send(Tokens, "POST", "/sessions", body, is_secret=True)

    async def session_is_active(self, session_id: UUID) -> bool:
        """Whether the session was not ended elsewhere."""
        return (await self.read(SessionState, f"/sessions/{session_id}")).active

    async def sign_out(self, session_id: UUID) -> None:
        await self.order("DELETE", f"/sessions/{session_id}")

    async def sign_out_everywhere(self) -> None:
        await self.order("DELETE", "/sessions")

    async def change_password(
        self, current: str, new: str, device: str = "", repeated: str | None = None
    ) -> Tokens:
        """The new session's tokens; the person's other sessions are over."""
        body = {"current": current, "new": new, "repeated": repeated, "device": device}
        return await self.send(Tokens, "POST", "/password", body, is_secret=True)

    async def me(self) -> Me:
        return await self.read(Me, "/me")

    async def family(self, family_id: UUID | None = None) -> Family:
        """The caller's own family, or for the staff the one named."""
        return await self.read(Family, f"/families/{family_id or self.caller.family_id}")

    async def families(self, search: str = "", page: int = 1, size: int = 25) -> FamilyList:
        return await self.read(FamilyList, "/families", search=search, page=page, size=size)

    async def amend_family(
        self,
        family_id: UUID | None = None,
        *,
        guardian_id: UUID | None = None,
        phone: str | None = None,
        mail: str | None = None,
        address: Mapping[str, Any] | None = None,
        resident: bool | None = None,
    ) -> Family:
        """Change what is given: {lines, postcode, city} for the address."""
        changes = {
            "guardian_id": str(guardian_id) if guardian_id else None,
            "phone": phone,
            "mail": mail,
            "address": address,
            "resident": resident,
        }
        given = {name: value for name, value in changes.items() if value is not None}
        path = f"/families/{family_id or self.caller.family_id}"
        return await self.send(Family, "PATCH", path, given)

    async def import_families(
        self, upload: Upload, *, dry_run: bool, school_codes: Sequence[str] = ()
    ) -> ImportReport:
        """Refused with `import-refused` and an error a bad line; then nothing is imported."""
        return await self.pour(
            ImportReport,
            "/imports/families",
            upload.stream(MAX_IMPORT_BYTES),
            "text/csv",
            deadline=IMPORT,
            dry_run=dry_run,
            school_codes=",".join(school_codes) or None,
        )

    async def preview_access_codes(self, guardians: str = "first") -> CodesPreview:
        """For the first guardian of each family, or for `all` of them."""
        return await self.read(CodesPreview, "/access-codes", guardians=guardians)
