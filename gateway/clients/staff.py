"""accounts, as an administrator asks it about the staff's accounts."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from gateway.clients.area import Area
from gateway.readers.roll import StaffNames, names_of
from gateway.readers.staff import HandedCode, StaffAccount, StaffAccounts, StaffProfile


class StaffClient(Area):
    """The staff's accounts."""

    async def staff(self) -> tuple[StaffAccount, ...]:
        return (await self.read(StaffAccounts, "/staff-accounts")).accounts

    async def staff_names(self) -> dict[UUID, str]:
        """What each account of the staff is called; for whoever takes the roll."""
        return names_of((await self.read(StaffNames, "/staff-names")).staff)

    async def create_staff(self, profile: Mapping[str, Any]) -> HandedCode:
        """Refused with 409 when the login is taken. The code is shown this once."""
        return await self.send(HandedCode, "POST", "/staff-accounts/new", profile, is_secret=True)

    async def change_staff(self, account_id: UUID, profile: Mapping[str, Any]) -> None:
        """Refused with 409 when administrators would shut themselves out."""
        path = f"/staff-accounts/{account_id}"
        await self.send(StaffProfile, "PUT", path, profile, is_secret=True)

    async def renew_staff_code(self, account_id: UUID) -> HandedCode:
        path = f"/staff-accounts/{account_id}/code"
        return await self.send(HandedCode, "POST", path, is_secret=True)
