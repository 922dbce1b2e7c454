"""The six services, each as a class whose methods are the portal's use cases."""

from dataclasses import dataclass

import aiohttp

from gateway.clients.accounts import Accounts
from gateway.clients.admissions import AdmissionsClient
from gateway.clients.agenda import AgendaClient
from gateway.clients.area import Area
from gateway.clients.billing import BillingClient
from gateway.clients.certificates import CertificatesClient
from gateway.clients.documents import DocumentsClient
from gateway.clients.enrolment import EnrolmentClient
from gateway.clients.notifications import NotificationsClient
from gateway.clients.office import OfficeClient
from gateway.clients.papers import PapersClient
from gateway.clients.payers import PayersClient
from gateway.clients.personal_data import PersonalData
from gateway.clients.places import PlacesClient
from gateway.clients.publications import PublicationsClient
from gateway.clients.record import RecordClient
from gateway.clients.reservations import ReservationsClient
from gateway.clients.roll import RollClient
from gateway.clients.till import TillClient
from gateway.clients.town import TownClient
from gateway.clients.trail import Trail
from gateway.clients.treasury import TreasuryClient
from gateway.clients.vault import VaultClient
from services.chassis.auth import Caller
from services.chassis.http_client import ServiceClient

__all__ = ["Area", "Clients", "Services"]


@dataclass(frozen=True, slots=True)
class Services:
    """The services by name, and the pool of connections to them."""

    session: aiohttp.ClientSession
    by_name: dict[str, ServiceClient]

    def on_behalf_of(self, caller: Caller, key: str = "") -> "Clients":
        """The services as this caller may use them."""
        return Clients(self, caller, key)


@dataclass(slots=True)
class Clients:
    """The services bound to a caller; each is made when first asked for."""

    services: Services
    caller: Caller
    key: str = ""

    @property
    def accounts(self) -> Accounts:
        return Accounts(self.services.by_name["accounts"], *self._bound)

    @property
    def record(self) -> RecordClient:
        return RecordClient(self.services.by_name["accounts"], *self._bound)

    @property
    def office(self) -> OfficeClient:
        return OfficeClient(self.services.by_name["accounts"], *self._bound)

    @property
    def enrolment(self) -> EnrolmentClient:
        return EnrolmentClient(self.services.by_name["enrolment"], *self._bound)

    @property
    def admissions(self) -> AdmissionsClient:
        return AdmissionsClient(self.services.by_name["enrolment"], *self._bound)

    @property
    def reservations(self) -> ReservationsClient:
        return ReservationsClient(self.services.by_name["reservations"], *self._bound)

    @property
    def places(self) -> PlacesClient:
        return PlacesClient(self.services.by_name["reservations"], *self._bound)

    @property
    def town(self) -> TownClient:
        return TownClient(self.services.by_name["reservations"], *self._bound)

    @property
    def agenda(self) -> AgendaClient:
        return AgendaClient(self.services.by_name["reservations"], *self._bound)

    @property
    def roll(self) -> RollClient:
        return RollClient(self.services.by_name["reservations"], *self._bound)

    @property
    def billing(self) -> BillingClient:
        return BillingClient(self.services.by_name["billing"], *self._bound)

    @property
    def till(self) -> TillClient:
        return TillClient(self.services.by_name["billing"], *self._bound)

    @property
    def treasury(self) -> TreasuryClient:
        return TreasuryClient(self.services.by_name["billing"], *self._bound)

    @property
    def payers(self) -> PayersClient:
        return PayersClient(self.services.by_name["billing"], *self._bound)

    @property
    def papers(self) -> PapersClient:
        return PapersClient(self.services.by_name["billing"], *self._bound)

    @property
    def documents(self) -> DocumentsClient:
        return DocumentsClient(self.services.by_name["documents"], *self._bound)

    @property
    def notifications(self) -> NotificationsClient:
        return NotificationsClient(self.services.by_name["notifications"], *self._bound)

    @property
    def certificates(self) -> CertificatesClient:
        return CertificatesClient(self.services.by_name["documents"], *self._bound)

    @property
    def publications(self) -> PublicationsClient:
        return PublicationsClient(self.services.by_name["documents"], *self._bound)

    def vault(self, token: str = "") -> VaultClient:
        """The family's vault, opened by this token."""
        return VaultClient(self.services.by_name["documents"], *self._bound, token=token)

    @property
    def personal_data(self) -> PersonalData:
        return PersonalData(self.services.by_name, *self._bound)

    @property
    def trail(self) -> Trail:
        return Trail(self.services.by_name["accounts"], *self._bound)

    @property
    def _bound(self) -> tuple[aiohttp.ClientSession, Caller, str]:
        return self.services.session, self.caller, self.key
