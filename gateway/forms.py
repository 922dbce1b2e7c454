"""What a person typed: values converted, refusals put beside their fields."""

import re
from collections.abc import Iterable, Mapping
from datetime import date as day
from typing import Literal, overload
from uuid import UUID

from services.chassis.http_client import ServiceProblem

FORM_KEY = "form_key"  # hidden field: the same form sent twice is done once
FORM_TOKEN = "csrf_token"  # noqa: S105 - a field's name, not a secret

# A month as its field sends it: 2026-11.
MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])", re.ASCII)

_CENTS = re.compile(r"^(\d{1,7})(?:[.,](\d{1,2}))?$")


class FieldRefused(Exception):
    """A field that cannot be read, with what would be right."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


# What a page module catches to show the form again. Statuses that no form can mend pass through.
REFUSALS = (ServiceProblem, FieldRefused)
BEYOND_THE_FORM = frozenset({403, 404})


class Form:
    """One form's values and, once refused, its errors. Empty when a page is first shown."""

    def __init__(self, values: Mapping[str, Iterable[str]] | None = None) -> None:
        self._values = {name: list(texts) for name, texts in (values or {}).items()}
        self.errors: dict[str, str] = {}
        self.problem = ""
        self.reason = ""
        self.retry_after: int | None = None

    def text(self, name: str) -> str:
        """The field's text without surrounding spaces; empty when absent."""
        found = self._values.get(name)
        return found[0].strip() if found else ""

    def texts(self, name: str) -> list[str]:
        """All values of a repeated field."""
        return [text.strip() for text in self._values.get(name, ())]

    def exact(self, name: str) -> str:
        """The field's text as typed: for passwords, where a space counts."""
        found = self._values.get(name)
        return found[0] if found else ""

    def checked(self, name: str) -> bool:
        """Whether a checkbox was ticked."""
        return name in self._values

    @overload
    def integer(self, name: str) -> int: ...
    @overload
    def integer(self, name: str, *, optional: Literal[True]) -> int | None: ...
    def integer(self, name: str, *, optional: bool = False) -> int | None:
        """A whole number. Raises FieldRefused."""
        text = self.text(name).replace(" ", "")
        if not text and optional:
            return None
        # Longer ones would not fit a database's integer.
        if not re.fullmatch(r"-?\d{1,9}", text, re.ASCII):
            raise FieldRefused(name, "Saisissez un nombre entier.")
        return int(text)

    @overload
    def cents(self, name: str) -> int: ...
    @overload
    def cents(self, name: str, *, optional: Literal[True]) -> int | None: ...
    def cents(self, name: str, *, optional: bool = False) -> int | None:
        """An amount in cents: "12,50" is 1250. Raises FieldRefused."""
        text = re.sub(r"[\s€]", "", self.text(name))
        if not text and optional:
            return None
        found = _CENTS.match(text)
        if found is None or not text.isascii():
            raise FieldRefused(name, "Saisissez un montant en euros, par exemple 12,50.")
        return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))

    @overload
    def date(self, name: str) -> day: ...
    @overload
    def date(self, name: str, *, optional: Literal[True]) -> day | None: ...
    def date(self, name: str, *, optional: bool = False) -> day | None:
        """A day, as date fields send it or as people write it. Raises FieldRefused."""
        text = self.text(name)
        if not text and optional:
            return None
        written = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text, re.ASCII)
        if written:
            text = f"{written[3]}-{written[2]:0>2}-{written[1]:0>2}"
        try:
            return day.fromisoformat(text)
        except ValueError:
            raise FieldRefused(name, "Saisissez une date, par exemple 23/11/2026.") from None

    def month(self, name: str) -> str:
        """A month: 2026-11. Raises FieldRefused."""
        text = self.text(name)
        if not MONTH.fullmatch(text):
            raise FieldRefused(name, "Choisissez un mois, par exemple 2026-11.")
        return text

    @overload
    def id(self, name: str) -> UUID: ...
    @overload
    def id(self, name: str, *, optional: Literal[True]) -> UUID | None: ...
    def id(self, name: str, *, optional: bool = False) -> UUID | None:
        """The identifier behind a choice. Raises FieldRefused."""
        if not self.text(name) and optional:
            return None
        return _chosen(name, self.text(name))

    def ids(self, name: str) -> list[UUID]:
        """The identifiers behind several choices. Raises FieldRefused."""
        return [_chosen(name, text) for text in self.texts(name)]

    def fingerprint(self) -> str:
        """A text that is the same for the same values, whatever token came with them."""
        return repr(sorted((n, v) for n, v in self._values.items() if n != FORM_TOKEN))

    def value(self, name: str, default: object = "") -> str:
        """For templates: what was typed, or what stood there before."""
        return self.text(name) if name in self._values else str(default)

    def error(self, name: str) -> str:
        """For templates: what is wrong with this field, or nothing."""
        return self.errors.get(name, "")

    @property
    def is_refused(self) -> bool:
        return bool(self.problem or self.errors)

    def refused(self, refusal: Exception, **service_fields: str) -> "Form":
        """This form with its errors; `form_field="service_field"` where the names differ.

        Raises the refusal again when no change of the form could mend it.
        """
        if isinstance(refusal, FieldRefused):
            return self.with_error(refusal.field, refusal.message)
        if not isinstance(refusal, ServiceProblem) or refusal.status in BEYOND_THE_FORM:
            raise refusal
        form_fields = {theirs: ours for ours, theirs in service_fields.items()}
        for error in refusal.problem.get("errors") or ():
            theirs = str(error.get("field", ""))
            self.errors.setdefault(form_fields.get(theirs, theirs), str(error.get("message", "")))
        self.problem = str(refusal.problem.get("detail") or refusal.problem.get("title") or "")
        self.reason = str(refusal.problem.get("type", "")).rpartition("/")[2]
        self.retry_after = refusal.problem.get("retry_after")
        return self

    def with_error(self, field: str, message: str) -> "Form":
        """This form with one more error of the page's own."""
        self.errors[field] = message
        self.problem = self.problem or "Corrigez les champs signalés."
        return self


def _chosen(name: str, text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise FieldRefused(name, "Choisissez une valeur de la liste.") from None
