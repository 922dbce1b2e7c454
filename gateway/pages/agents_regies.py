"""The registers: what each one bills, under which prefix, from which amount on."""

import re
from collections.abc import Sequence
from typing import Any, Final

from aiohttp import web

from contracts.roles import DESK, TILL
from gateway.forms import REFUSALS, FieldRefused, Form
from gateway.labels import KINDS
from gateway.page import Page, get, post
from gateway.panels import Unavailable, is_unavailable, panels
from gateway.readers import KeptRegister
from services.chassis.http_client import ServiceUnavailable

PATH: Final = "/agents/facturation/regies"
CODE: Final = re.compile(r"[A-Z0-9]{1,8}", re.ASCII)
CODE_RULE: Final = "Saisissez 1 à 8 chiffres ou majuscules sans accent, par exemple CL."


async def registers(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """The registers, and the form for another one, or for the one that is asked for."""
    shown = await panels(kept=page.clients.billing.registers())
    kept = () if is_unavailable(shown.kept) else shown.kept.registers
    code = form.text("modifie") if form else page.query.get("code")
    asked = next((register for register in kept if register.code == code), None)
    return page.render(
        "agents/regies.html",
        panels=shown,
        asked=asked,
        form=form or _filled(asked),
        away=away,
        activity_kinds=_kinds(kept),
        may_amend=page.session.has(*TILL),
    )


def _filled(register: KeptRegister | None) -> Form:
    if register is None:
        return Form()
    least = register.least_cents
    return Form(
        {
            "libelle": [register.label],
            "sortes": register.kinds,
            "seuil": [] if least is None else [f"{least // 100},{least % 100:02}"],
        }
    )


def _kinds(kept: Sequence[KeptRegister]) -> tuple[tuple[str, str], ...]:
    """Each kind of activity and who bills it today: a tick takes it from that register."""
    billed = {kind: register.label for register in kept for kind in register.kinds}
    return tuple(
        (kind, f"{label} (aujourd’hui\u00a0: {billed[kind]})" if kind in billed else label)
        for kind, label in KINDS.items()
    )


async def save(page: Page) -> web.StreamResponse:
    """Keep a register; its code is settled when it is new."""
    form = await page.form()
    try:
        await page.clients.billing.save_register(_register(form))
    except ServiceUnavailable as failure:
        return await registers(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        names = {"libelle": "label", "sortes": "kinds", "seuil": "least_cents"}
        return await registers(page, form.refused(refusal, **names))
    return page.redirect(
        PATH, flash="La régie est enregistrée\u00a0: elle vaut dès la prochaine facture."
    )


def _register(form: Form) -> dict[str, Any]:
    changed = form.text("modifie")
    code = changed or form.text("code").upper()
    if not CODE.fullmatch(code):
        raise FieldRefused("code", CODE_RULE)
    if not form.text("libelle"):
        raise FieldRefused("libelle", "Indiquez le nom de la régie.")
    return {
        "code": code,
        "label": form.text("libelle"),
        "kinds": form.texts("sortes"),
        "least_cents": form.cents("seuil", optional=True),
        "new": not changed,
    }


ROUTES = (get(PATH, registers, allow=DESK), post(PATH, save, allow=TILL))
