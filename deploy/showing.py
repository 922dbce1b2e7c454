"""What the commands show in the terminal."""

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

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
    if logins:
        table = Table("who", "login", "password", "TOTP secret", box=None)
        for who, login in logins.items():
            table.add_row(who, login["login"], login["password"], login.get("totp_secret", ""))
        console.print(table)
    console.print("\nCtrl-C stops all of it.")
