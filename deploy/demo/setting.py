"""What every step of the load works with."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from deploy.demo.families import Family
from deploy.demo.portal import Mailbox, Portal
from deploy.demo.services import Services
from services.chassis.auth import CallerSigner

# Told as the load goes on: what is being loaded, how much of it is done, out of how much.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Operator:
    """What the operator of the machines may use besides the public API."""

    services: Mapping[str, str]  # base URL by service name: "accounts", "enrolment", …
    signer: CallerSigner


@dataclass(frozen=True, slots=True)
class Setting:
    """The running portal, and the town to fill it with."""

    portal: Portal
    mailbox: Mailbox
    services: Services
    progress: Progress
    families: Sequence[Family]
    today: date

    def counter(self, label: str, total: int) -> Callable[[], None]:
        """A function that tells of one more done each time it is called."""
        count = iter(range(1, total + 1))
        self.progress(label, 0, total)
        return lambda: self.progress(label, next(count, total), total)
