"""The payment page: French, readable by every means, no script."""

from html import escape
from urllib.parse import urlsplit

from deploy.payments.operations import Operation

STYLE = """
:root { color-scheme: light dark; --ink: #1b1b1b; --paper: #fff; --line: #6a6a6a;
  --note: #fff4d6; --note-ink: #5c4300; --go: #00529b; --go-ink: #fff; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #f2f2f2; --paper: #1d1f21; --line: #a0a0a0; --note: #4a3900;
    --note-ink: #ffecb3; --go: #8fc7ff; --go-ink: #10202f; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 1.0625rem/1.5 system-ui, sans-serif; }
header, main, footer { max-width: 38rem; margin: 0 auto; padding: 1rem; }
.demo { background: var(--note); color: var(--note-ink); border: 2px solid currentColor;
  border-radius: .25rem; padding: .75rem 1rem; font-weight: bold; margin: 0; }
h1 { font-size: 1.5rem; line-height: 1.25; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1rem; margin: 1rem 0; }
dd { margin: 0; font-weight: bold; }
form { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1.5rem 0; }
button, .back { font: inherit; min-height: 2.75rem; padding: .5rem 1.25rem; border-radius: .25rem;
  border: 2px solid var(--line); background: transparent; color: inherit; cursor: pointer; }
.back { display: inline-block; }
button.go { background: var(--go); border-color: var(--go); color: var(--go-ink);
  font-weight: bold; }
button:focus-visible, a:focus-visible { outline: 3px solid currentColor; outline-offset: 3px; }
@media (max-width: 30rem) { form { flex-direction: column; } dl { grid-template-columns: 1fr; } }
"""

PAGE = """<!DOCTYPE html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title} – Serveur de démonstration</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header><p class="demo">Serveur de démonstration&nbsp;: aucun argent ne circule, aucune carte
n’est demandée.</p></header>
<main>
<h1>{title}</h1>
{content}
</main>
</body>
</html>
"""

FORM = """<dl>
<dt>Référence</dt><dd>{reference}</dd>
<dt>Objet</dt><dd>{subject}</dd>
<dt>Montant</dt><dd>{amount}</dd>
</dl>
<p>Choisissez l’issue du paiement&nbsp;: sur le vrai serveur, vous saisiriez ici votre carte.</p>
<form method="post" action="/tpa/paiementws.web">
<input type="hidden" name="idop" value="{idop}">
<button class="go" name="issue" value="payer">Payer {amount}</button>
<button name="issue" value="refuser">Refuser la carte</button>
<button name="issue" value="annuler">Annuler</button>
</form>"""


def payment_page(operation: Operation) -> str:
    """The page on which the payer decides."""
    content = FORM.format(
        reference=escape(operation.fields["refdet"]),
        subject=escape(operation.fields["objet"]),
        amount=escape(euros(operation.amount_cents)),
        idop=escape(operation.idop),
    )
    return PAGE.format(title="Paiement en ligne", content=content)


def closed_page(operation: Operation) -> str:
    """The page of an operation that takes no more decision."""
    content = (
        "<p>Ce paiement est terminé ou a expiré. Rien de plus ne sera débité.</p>"
        f'<p><a class="back" href="{escape(operation.fields["urlredirect"])}">'
        "Revenir au portail famille</a></p>"
    )
    return PAGE.format(title="Paiement clos", content=content)


def unknown_page() -> str:
    """The page of an operation nobody opened."""
    content = "<p>Cette adresse de paiement n’existe pas, ou n’existe plus.</p>"
    return PAGE.format(title="Paiement inconnu", content=content)


def headers(operation: Operation | None = None) -> dict[str, str]:
    """Nothing runs on the page; its form leads here, and on to where the payer came from."""
    # A form's redirect is held to form-action too, so the portal must be allowed.
    target = f" {_origin(operation.fields['urlredirect'])}" if operation else ""
    policy = (
        "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
        f"form-action 'self'{target}"
    )
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def euros(cents: int) -> str:
    """1234 as 12,34 €."""
    return f"{cents // 100},{cents % 100:02d}\u00a0€"
