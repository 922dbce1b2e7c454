"""A few pages that use every part of what a page module is offered."""

from pathlib import Path

from aiohttp import web

from contracts.roles import GUARDIAN, OFFICE
from gateway.forms import REFUSALS, Form
from gateway.page import PUBLIC, Page, get, post
from gateway.panels import panels

TEMPLATES = {
    "erreur.html": "<h1>{{ title }}</h1><p>{{ message }}</p><p>{{ status }}</p>",
    "connexion.html": '<input name="csrf_token" value="{{ csrf_token }}">{{ form.problem }}',
    "accueil.html": (
        "{% for flash in flashes %}[{{ flash.tone }}: {{ flash.text }}]{% endfor %}"
        "{% if panels.family is unavailable %}{{ panels.family.message }}"
        "{% else %}{{ panels.family.reference }}{% endif %}"
        "{% if panels.invoices is unavailable %}{{ panels.invoices.message }}"
        "{% else %}{{ panels.invoices | length }} facture(s){% endif %}"
    ),
    "famille.html": (
        '<input name="csrf_token" value="{{ csrf_token }}"><input name="form_key" '
        'value="{{ form_key }}">{{ form.value("telephone") }} {{ form.error("telephone") }} '
        "{{ form.problem }}"
    ),
    "fautive.html": "{{ unknown_name }}",
}


def write_templates(folder: Path) -> None:
    for name, text in TEMPLATES.items():
        (folder / name).write_text(text, encoding="utf-8")


async def home(page: Page) -> web.StreamResponse:
    shown = await panels(
        family=page.clients.accounts.family(), invoices=page.clients.billing.invoices()
    )
    return page.render("accueil.html", panels=shown)


async def sign_in_page(page: Page, form: Form | None = None) -> web.StreamResponse:
    return page.render("connexion.html", form=form or Form())


async def sign_in(page: Page) -> web.StreamResponse:
    form = await page.form()
    try:
        tokens = await page.clients.accounts.sign_in(form.text("login"), form.exact("password"))
    except REFUSALS as refusal:
        return await sign_in_page(page, form.refused(refusal))
    return page.sign_in(tokens, page.wanted_path())


async def sign_out(page: Page) -> web.StreamResponse:
    return await page.sign_out()


async def family(page: Page, form: Form | None = None) -> web.StreamResponse:
    return page.render("famille.html", form=form or Form())


async def amend(page: Page) -> web.StreamResponse:
    form = await page.form()
    try:
        await page.clients.accounts.amend_family(phone=form.text("telephone"))
    except REFUSALS as refusal:
        return await family(page, form.refused(refusal, telephone="phone"))
    return page.redirect("/", flash="Vos coordonnées sont enregistrées.")


async def office_only(page: Page) -> web.StreamResponse:
    return web.Response(text="bureau")


async def deposit(page: Page) -> web.StreamResponse:
    async with page.upload() as upload:
        try:
            await page.clients.documents.deposit(upload.form.text("type"), upload, max_megabytes=10)
        except REFUSALS as refusal:
            return await family(page, upload.form.refused(refusal))
    return page.redirect("/", flash="Document déposé.")


async def invoice_pdf(page: Page) -> web.StreamResponse:
    return await page.send(page.clients.billing.invoice_pdf(page.id("invoice_id")))


async def pay(page: Page) -> web.StreamResponse:
    form = await page.form()
    return page.leave_to(form.text("url"))


async def faulty(page: Page) -> web.StreamResponse:
    raise RuntimeError("a secret detail")


async def faulty_template(page: Page) -> web.StreamResponse:
    return page.render("fautive.html")


ROUTES = (
    get("/", home),
    get("/connexion", sign_in_page, allow=PUBLIC),
    post("/connexion", sign_in, allow=PUBLIC),
    post("/deconnexion", sign_out),
    get("/mot-de-passe", office_only),
    get("/famille", family, allow={GUARDIAN}),
    post("/famille", amend, allow={GUARDIAN}),
    get("/agents", office_only, allow=OFFICE),
    post("/documents", deposit, allow={GUARDIAN}, upload=True),
    get("/factures/{invoice_id}.pdf", invoice_pdf),
    post("/payer", pay, allow={GUARDIAN}),
    get("/fautive", faulty, allow=PUBLIC),
    get("/fautive-modele", faulty_template, allow=PUBLIC),
)
