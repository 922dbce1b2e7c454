"""The demo town as the launcher sees it: loaded once, its logins kept in var/demo.json."""

import json
from collections.abc import Mapping
from typing import Any

from rich.progress import Progress, TaskID

from contracts.topics import SERVICES
from deploy import demo
from deploy.errors import LaunchError
from deploy.keys import Keys
from deploy.ports import Ports
from deploy.state import DEMO, LOGS
from services.chassis.auth import CallerSigner

Logins = Mapping[str, Mapping[str, str]]


async def load_demo(families: int, ports: Ports, keys: Keys, progress: Progress) -> Logins:
    """Load the town into the running portal, telling how far it is. Raises LaunchError."""
    bars: dict[str, TaskID] = {}

    def tell(step: str, done: int, total: int) -> None:
        if step not in bars:
            bars[step] = progress.add_task(step, total=total)
        progress.update(bars[step], completed=done, total=total)

    operator = demo.Operator(
        {name: ports.url(name) for name in SERVICES}, CallerSigner(keys.caller_private)
    )
    try:
        return await demo.load(ports.url("gateway"), ports.url("mailbox"), families, operator, tell)
    except demo.LoadFailed as error:
        raise LaunchError(f"the demo town could not be loaded: {error}; see {LOGS}") from error


def known_logins() -> Logins | None:
    """The logins of a town that was loaded whole; None before."""
    if not DEMO.exists():
        return None
    told: dict[str, Any] = json.loads(DEMO.read_text(encoding="utf-8"))
    logins: Logins = told["logins"]
    return logins or None


def write_demo(ports: Ports, logins: Logins) -> None:
    """Tell programs where the portal is and who can sign in."""
    content = {"portal": ports.url("gateway"), "mailbox": ports.url("mailbox"), "logins": logins}
    draft = DEMO.with_suffix(".new")
    draft.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    draft.replace(DEMO)
