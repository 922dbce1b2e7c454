"""What messages say: French templates, one file a kind, the same words by mail and by letter."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from babel.numbers import format_currency
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from services.chassis import french
from services.chassis.clock import PARIS
from services.notifications.model import SECRET_KINDS, Channel, Guardian, Kind

PAPERS: Final = Path(__file__).parent.parent / "papers"

NBSP = "\u00a0"


@dataclass(frozen=True, slots=True)
class Detail:
    """A line to be found at a glance; a code is set so that 0 and O differ."""

    label: str
    value: str
    is_code: bool = False


@dataclass(frozen=True, slots=True)
class Wording:
    """A message in words, before it is a mail or a letter."""

    subject: str
    greeting: str
    opening: tuple[str, ...]
    details: tuple[Detail, ...]
    closing: tuple[str, ...]
    action: str
    action_url: str


@dataclass(frozen=True, slots=True)
class Sender:
    """In whose name messages go out, where they lead, and how the office is reached.

    What is empty is not told. `mark`: the town's as SVG.
    """

    town: str
    office: str
    portal_url: str
    address: str = ""
    phone: str = ""
    mail: str = ""
    hours: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Closure:
    """An activity that does not take place on a day, and the children who would have gone."""

    day: str
    activity: str
    children: tuple[str, ...]
    reason: str | None


@dataclass(frozen=True, slots=True)
class Background:
    """What a message speaks of, beside the event's own facts."""

    guardian: Guardian
    child: str | None = None
    activity: str | None = None
    invoice_numbers: tuple[str, ...] = ()
    closures: tuple[Closure, ...] = ()
    password: str | None = None


class Writer:
    """Puts messages into words."""

    def __init__(self, sender: Sender) -> None:
        self.sender = sender
        self._templates = Environment(
            loader=FileSystemLoader(PAPERS),
            # Wordings are plain text; they are escaped where they enter a page.
            autoescape=select_autoescape(enabled_extensions=("html.jinja",), default=False),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters.update(
            euros=euros,
            day=day,
            moment=moment,
            month=month,
            listed=listed,
            weekday=weekday,
            dialled=dialled,
        )

    def word(
        self, kind: Kind, channel: Channel, facts: Mapping[str, Any], background: Background
    ) -> Wording:
        """The message in French. Raises jinja2.TemplateError when a fact is missing."""
        template = self._templates.get_template(f"messages/{kind}.jinja")
        context = template.new_context(
            {
                "facts": facts,
                "by_mail": channel == "mail",
                "child": background.child,
                "activity": background.activity,
                "invoice_numbers": background.invoice_numbers,
                "closures": background.closures,
                "password": background.password,
                "sender": self.sender,
            }
        )
        blocks = {name: "".join(block(context)) for name, block in template.blocks.items()}
        return Wording(
            subject=one_line(blocks["subject"]),
            greeting=f"Bonjour {one_line(background.guardian.full_name)},",
            opening=paragraphs(blocks["opening"]),
            details=details(blocks["details"]),
            closing=paragraphs(blocks["closing"]),
            action=one_line(blocks["action"]),
            action_url=self.sender.portal_url.rstrip("/") + one_line(blocks["page"]),
        )

    def subject(self, kind: Kind, facts: Mapping[str, Any]) -> str:
        """What the message is about, for lists."""
        template = self._templates.get_template(f"messages/{kind}.jinja")
        context = template.new_context({"facts": facts, "sender": self.sender})
        return one_line("".join(template.blocks["subject"](context)))

    def page(self, kind: Kind, facts: Mapping[str, Any]) -> str:
        """Where on the portal the message leads; empty where a secret of its own opened that."""
        if kind in SECRET_KINDS:
            return ""
        template = self._templates.get_template(f"messages/{kind}.jinja")
        context = template.new_context({"facts": facts, "sender": self.sender})
        return one_line("".join(template.blocks["page"](context)))

    def render(self, name: str, wording: Wording) -> str:
        """One of the mail's two forms."""
        template = self._templates.get_template(name)
        return template.render(wording=wording, sender=self.sender)


def one_line(text: str) -> str:
    """The text without line breaks. French no-break spaces stay."""
    return re.sub(r"[ \t\r\n\v\f\x00-\x1f\x7f\u2028\u2029]+", " ", text).strip(" ")


def paragraphs(block: str) -> tuple[str, ...]:
    """Paragraphs stand apart by empty lines."""
    return tuple(one_line(p) for p in re.split(r"\n\s*\n", block) if p.strip())


def details(block: str) -> tuple[Detail, ...]:
    """One a line, `label | value`; a value between backquotes is a code."""
    found = []
    for line in block.splitlines():
        label, bar, value = line.strip().partition(" | ")
        if bar:
            is_code = len(value) > 2 and value[0] == value[-1] == "`"
            found.append(Detail(label, value[1:-1] if is_code else value, is_code))
    return tuple(found)


def euros(cents: int) -> str:
    """4250 as « 42,50 € »."""
    whole, rest = divmod(abs(cents), 100)
    amount = format_currency(whole, "EUR", format="#,##0", locale="fr", currency_digits=False)
    return f"{'-' if cents < 0 else ''}{amount},{rest:02d}{NBSP}€"


def day(value: str | date) -> str:
    """A day as « 1er décembre 2026 »."""
    when = date.fromisoformat(value) if isinstance(value, str) else value
    return french.long_date(when).replace(" ", NBSP)


def weekday(value: str) -> str:
    """A day as « lundi 30 novembre 2026 »."""
    when = date.fromisoformat(value)
    return f"{french.WEEKDAYS[when.weekday()]} {day(when)}"


def moment(value: str) -> str:
    """An instant as « 1er décembre 2026 à 17 h 05 », in Europe/Paris."""
    when = datetime.fromisoformat(value).astimezone(PARIS)
    return f"{day(when.date())} à {when.hour}{NBSP}h{NBSP}{when.minute:02d}"


def month(period: str) -> str:
    """« 2026-11 » as « novembre 2026 »."""
    when = date.fromisoformat(f"{period}-01")
    return f"{french.MONTHS[when.month - 1]}{NBSP}{when.year}"


def dialled(phone: str) -> str:
    """A telephone number as a link dials it."""
    return "".join(sign for sign in phone if sign.isdigit() or sign == "+")


def listed(items: tuple[str, ...]) -> str:
    """« a, b et c »."""
    return " et ".join(filter(None, [", ".join(items[:-1]), *items[-1:]]))
