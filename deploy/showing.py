"""What the commands show in the terminal."""

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from deploy.demo_town import Logins
from deploy.ports import Ports
from deploy.state import LOGS


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
    console.print("\nCtrl-C stops all of it.")


def _login_lines(logins: Logins) -> list[str]:
    heads = ("who", "login", "password", "TOTP secret")
    fields = ("login", "password", "totp_secret")
    rows = [heads, *((who, *(login.get(f, "") for f in fields)) for who, login in logins.items())]
    widths = [max(len(row[column]) for row in rows) for column in range(len(heads))]
    lines = ["  ".join(text.ljust(w) for text, w in zip(row, widths, strict=True)) for row in rows]
    return [line.rstrip() for line in lines] if logins else []
