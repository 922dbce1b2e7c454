"""Tariffs by quotient familial: bands that follow one another without a hole."""

from typing import Any, Final

from aiohttp import web

from contracts.roles import STAFF, TILL
from gateway.forms import REFUSALS, FieldRefused, Form
from gateway.page import Page, get, post
from gateway.panels import Unavailable, is_unavailable, panels
from services.chassis.http_client import ServiceUnavailable

PATH: Final = "/agents/tarifs"
MOST_BANDS: Final = 8


async def tariffs(
    page: Page, form: Form | None = None, away: Unavailable | None = None
) -> web.StreamResponse:
    """The tariffs in force and to come, by activity, and the form for a new one."""
    shown = await panels(
        tariffs=page.clients.billing.tariffs(), activities=page.clients.enrolment.activities()
    )
    activities = () if is_unavailable(shown.activities) else shown.activities
    return page.render(
        "agents/tarifs.html",
        panels=shown,
        form=form or Form(),
        away=away,
        names={activity.activity_id: activity.name for activity in activities},
        rows=range(1, MOST_BANDS + 1),
        may_amend=page.session.has(*TILL),
    )


async def save(page: Page) -> web.StreamResponse:
    """Publish a tariff from a day on."""
    form = await page.form()
    try:
        await page.clients.billing.save_tariff(
            form.id("activite"),
            form.date("du"),
            bands_of(form),
            unreserved_surcharge_cents=form.cents("majoration", optional=True) or 0,
            late_surcharge_cents=form.cents("retard", optional=True) or 0,
            late_surcharge_percent=form.integer("retard_taux", optional=True) or 0,
        )
    except ServiceUnavailable as failure:
        return await tariffs(page, form, Unavailable(failure.service))
    except REFUSALS as refusal:
        refused = form.refused(
            refusal,
            activite="activity_id",
            du="valid_from",
            majoration="unreserved_surcharge_cents",
            retard="late_surcharge_cents",
            retard_taux="late_surcharge_percent",
            prix_1="bands",
        )
        return await tariffs(page, refused)
    return page.redirect(PATH, flash="Le tarif est enregistré.")


def bands_of(form: Form) -> list[dict[str, Any]]:
    """Bands from the upper bounds typed: each begins where the one before ends.

    Raises FieldRefused.
    """
    bands: list[dict[str, Any]] = []
    start: int | None = 0
    for row in range(1, MOST_BANDS + 1):
        price = form.cents(f"prix_{row}", optional=True)
        end = form.integer(f"jusque_{row}", optional=True)
        if price is None and end is None:
            continue
        if price is None:
            raise FieldRefused(f"prix_{row}", "Indiquez le prix de cette tranche.")
        if start is None or (end is not None and end <= start):
            raise FieldRefused(f"jusque_{row}", "Chaque tranche finit plus haut que la précédente.")
        bands.append({"from_quotient": start, "to_quotient": end, "price_cents": price})
        start = end
    if not bands:
        raise FieldRefused("prix_1", "Indiquez au moins un prix.")
    # The last band has no upper bound, so that every quotient has its price.
    if bands[-1]["to_quotient"] is not None:
        raise FieldRefused(f"jusque_{len(bands)}", "Laissez vide la limite de la dernière tranche.")
    return bands


ROUTES = (get(PATH, tariffs, allow=STAFF), post(PATH, save, allow=TILL))
