"""Invoices as papers show them, for `portail bench pdf`: all texts, no service needed."""

from typing import Any

LINES = 20
# A code as dense as that of the portal's address.
MODULES = 29


def sample(number: int, lines: int) -> dict[str, Any]:
    """An invoice of two children and so many lines; each number's texts are its own."""
    return {
        **letterhead_only(number),
        "children": [_child(name, number, lines // 2) for name in ("Léa Martin", "Tom Martin")],
    }


def letterhead_only(number: int) -> dict[str, Any]:
    """The same letter before anything is charged."""
    return {
        "sender": {
            "town": "Ville de Saint-Aubin",
            "office": "Régie enfance et jeunesse",
            "lines": ["Hôtel de ville", "1 place de la Mairie", "50890 Saint-Aubin"],
            "portal_url": "https://famille.saint-aubin.example",
            "siret": "21500000100019",
            "mark": "",
        },
        "addressee": [f"Madame Anne MARTIN {number}", "12 rue des Lilas", "50890 SAINT-AUBIN"],
        "number": f"2026-EJ-{number:06}",
        "date": "2026-12-01",
        "issued_on": "1er décembre 2026",
        "due_on": "31 décembre 2026",
        "as_of": "4 décembre 2026",
        "title": "Facture de novembre 2026",
        "period": "novembre 2026",
        "family_reference": f"F-{number:05}",
        "payer": None,
        "children": [],
        "total": f"{number},00 €",
        "deductions": [["Déjà réglé", f"-{number},50 €"]],
        "given_up": False,
        "balance": f"{number},50 €",
        "settled": False,
        "debited_on": None,
        "others": [],
        "pay_address": "famille.saint-aubin.example/factures",
        "pay_square": _square(),
    }


def _child(name: str, number: int, lines: int) -> dict[str, Any]:
    return {
        "name": f"{name} {number}",
        "subtotal": f"{number},00 €",
        "lines": [
            {
                "activity": f"Restaurant scolaire du Bourg {line % 4}",
                "days": f"novembre 2026 : les {line + 1}, 10, 17 et 24",
                "reason": f"Présence – quotient familial {600 + number}, tranche de 600 à 1199",
                "quantity": "4",
                "unit": f"{line},50 €",
                "amount": f"{number % 100},{line:02} €",
            }
            for line in range(lines)
        ],
    }


def _square() -> str:
    cells = [(x, y) for x in range(MODULES) for y in range(MODULES) if (x * y + x) % 3 == 0]
    path = "".join(f"M{x} {y}h1v1h-1z" for x, y in cells)
    box = f"0 0 {MODULES} {MODULES}"
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}"><path d="{path}"/></svg>'
