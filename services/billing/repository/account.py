"""Where charges stand: in the books, or on a draft that tries something."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Account:
    """The tables of what is open and of what invoices hold.

    `divided`: whether what it says is divided among payers in the end.
    """

    open: str
    invoiced: str
    divided: bool = True

    def on(self, statement: str) -> str:
        """The statement on these tables; all texts are constants of ours."""
        named = statement.replace("open_charge", self.open)
        return named.replace("invoiced_charge", self.invoiced)


BOOKS = Account("open_charge", "invoiced_charge")
