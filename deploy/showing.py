"""What the commands show in the terminal."""

import time
from typing import Final

import pyotp
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from deploy.demo_town import Logins
from deploy.ports import Ports
from deploy.state import LOGS

# Half a minute: what authenticator applications use (RFC 6238).
TOTP_SECONDS: Final = 30


def progress_bars(console: Console) -> Progress:
    """Bars as all commands show them."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
    )


def welcome(console: Console, ports: Ports, logins: Logins) -> None:
    """Where the portal is and who can sign in."""
    console.print(f"\nPortal    {ports.url('gateway')}/", soft_wrap=True)
    console.print(f"Mailbox   {ports.url('mailbox')}/", soft_wrap=True)
    console.print(f"Logs      {LOGS}\n", soft_wrap=True)
    for line in _login_lines(logins):
        # Never cut or folded, however narrow the terminal: these are copied from here.
        console.print(line, soft_wrap=True, markup=False, highlight=False)
    if logins:
        console.print(
            "\nThe staff also type a six-digit code: read the current ones with"
            " [bold].venv/bin/portail codes[/bold],\nor give the TOTP secret to an authenticator"
            " application.",
            soft_wrap=True,
        )
    console.print("\nCtrl-C stops all of it.")


def codes(console: Console, logins: Logins) -> None:
    """The staff's codes of this half minute, and for how long they hold."""
    left = TOTP_SECONDS - int(time.time()) % TOTP_SECONDS
    for who, login in logins.items():
        if secret := login.get("totp_secret"):
            code = pyotp.TOTP(secret).now()
            console.print(f"{who:<12}{login['login']:<14}{code}", markup=False, highlight=False)
    console.print(f"They change in {left} seconds.")


def _login_lines(logins: Logins) -> list[str]:
    heads = ("who", "login", "password", "TOTP secret")
    fields = ("login", "password", "totp_secret")
    rows = [heads, *((who, *(login.get(f, "") for f in fields)) for who, login in logins.items())]
    widths = [max(len(row[column]) for row in rows) for column in range(len(heads))]
    lines = ["  ".join(text.ljust(w) for text, w in zip(row, widths, strict=True)) for row in rows]
    return [line.rstrip() for line in lines] if logins else []
