"""A register (régie): what it bills, under which prefix, from which amount on."""

from dataclasses import dataclass

# Bills what no other register is named for.
DEFAULT_REGISTER = "EJ"


@dataclass(frozen=True, slots=True)
class Register:
    """Its code stands in its numbers and never changes: 2026-CL-000001.

    `least_cents`: less than that waits for a later month (CGCT L.1611-5); None: as for the town.
    """

    code: str
    label: str
    kinds: tuple[str, ...] = ()
    least_cents: int | None = None
