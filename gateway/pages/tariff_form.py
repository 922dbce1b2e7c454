"""What the régisseur typed of a tariff, as billing takes it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from gateway.forms import FieldRefused, Form

MOST_BANDS: Final = 8
KINDS: Final = (
    ("flat", "Prix unique"),
    ("quotient", "Par tranche de quotient familial"),
    ("effort_rate", "Taux d’effort : un pourcentage du quotient"),
)
# A case of its own: by default priced as everyone is.
CASES: Final = {
    "dehors": ("outside", (("supplement", "Un supplément"), *KINDS)),
    "pai": ("own_meal", KINDS),
}
SIBLINGS: Final = (
    ("enrolled", "Frères et sœurs inscrits à une activité de même sorte"),
    ("same_day", "Frères et sœurs présents le même jour"),
)
HOURS: Final = (
    ("half_hours", "Par demi-heure commencée"),
    ("time_bands", "Par plage horaire"),
)
MONTHLY: Final = (
    ("cap", "Un plafond : le mois ne coûte jamais plus"),
    ("fee", "Un forfait : le mois coûte ce prix, quel que soit le nombre de séances"),
)
SIBLING_ROWS: Final = range(2, 5)
TIME_ROWS: Final = range(1, 5)
TIME: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
# Amounts and shares of the whole tariff, by the field that they are typed in.
PLAIN: Final = {
    "majoration": "unreserved_surcharge_cents",
    "majoration_taux": "unreserved_surcharge_percent",
    "retard": "late_surcharge_cents",
    "retard_taux": "late_surcharge_percent",
    "cout": "cost_cents",
}


@dataclass
class TariffForm:
    """Reads a tariff; `body` is what billing takes, `fields` where it was typed: ours by theirs."""

    form: Form
    body: dict[str, Any] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)

    def read(self) -> "TariffForm":
        """Read it all. Raises FieldRefused."""
        self._put("activite", "activity_id", str(self.form.id("activite")))
        self._put("du", "valid_from", self.form.date("du").isoformat())
        self.body |= self.price("base", "")
        for key, (name, _) in CASES.items():
            self._case(key, name)
        self._siblings()
        self._hours()
        self._monthly()
        for ours, theirs in PLAIN.items():
            read = self.form.integer if ours.endswith("_taux") else self.form.cents
            if (value := read(ours, optional=True)) is not None:
                self._put(ours, theirs, value)
        return self

    def _siblings(self) -> None:
        counted = self.form.text("fratrie_sorte")
        if not counted:
            return
        percents = {
            f"fratrie_{row}": self.form.integer(f"fratrie_{row}", optional=True)
            for row in SIBLING_ROWS
        }
        typed = {ours: percent for ours, percent in percents.items() if percent is not None}
        self.fields |= {ours: f"siblings.percents.{i}" for i, ours in enumerate(typed)}
        self.fields.setdefault("fratrie_2", "siblings.percents")
        if not typed:
            raise FieldRefused("fratrie_2", "Indiquez au moins une réduction.")
        self.body["siblings"] = {"counted": counted, "percents": list(typed.values())}

    def _monthly(self) -> None:
        rule = self.form.text("mois_regle")
        if rule:
            self.body["monthly"] = {"rule": rule, **self.price("mensuel", "monthly.")}

    def _hours(self) -> None:
        kind = self.form.text("heures_sorte")
        if not kind:
            return
        self.fields["heures_sorte"] = "hours.bands"
        rows = [row for row in TIME_ROWS if self.form.text(f"plage_{row}_de")]
        bands = [self._time_band(row, i) for i, row in enumerate(rows)]
        self.body["hours"] = {"kind": kind, "bands": bands if kind == "time_bands" else []}

    def _time_band(self, row: int, index: int) -> dict[str, Any]:
        typed = {"starts_at": f"plage_{row}_de", "ends_at": f"plage_{row}_a"}
        times = {theirs: self._time(ours) for theirs, ours in typed.items()}
        prefix = f"hours.bands.{index}."
        self.fields |= {ours: prefix + theirs for theirs, ours in typed.items()}
        price = self._cents(prefix, price_cents=f"plage_{row}_prix")
        return {"kind": "flat"} | times | price

    def _time(self, name: str) -> str:
        text = self.form.text(name)
        if not TIME.fullmatch(text):
            raise FieldRefused(name, "Saisissez une heure, par exemple 16:30.")
        return text

    def _put(self, ours: str, theirs: str, value: Any) -> None:
        self.body[theirs] = value
        self.fields[ours] = theirs

    def _case(self, key: str, name: str) -> None:
        kind = self.form.text(f"{key}_sorte")
        if kind == "supplement":
            cents = self.form.cents(f"{key}_supplement")
            self._put(f"{key}_supplement", f"{name}_supplement_cents", cents)
        elif kind:
            self.body[name] = self.price(key, f"{name}.")

    def price(self, key: str, prefix: str) -> dict[str, Any]:
        """A price by its kind. Raises FieldRefused."""
        kind = self.form.text(f"{key}_sorte")
        self.fields[f"{key}_sorte"] = f"{prefix}kind"
        match kind:
            case "flat":
                return {"kind": kind} | self._cents(prefix, price_cents=f"{key}_prix")
            case "effort_rate":
                limits = self._cents(
                    prefix, floor_cents=f"{key}_plancher", ceiling_cents=f"{key}_plafond"
                )
                self.fields[f"{key}_taux"] = f"{prefix}rate"
                return {"kind": kind, "rate": self._share(f"{key}_taux")} | limits
            case "quotient":
                return {"kind": kind, "bands": self._bands(key, prefix)}
            case _:
                raise FieldRefused(f"{key}_sorte", "Choisissez une sorte de prix.")

    def _cents(self, prefix: str, **typed: str) -> dict[str, Any]:
        self.fields |= {ours: prefix + theirs for theirs, ours in typed.items()}
        return {theirs: self.form.cents(ours) for theirs, ours in typed.items()}

    def _share(self, name: str) -> int:
        """A percentage with two decimals, in ten-thousandths."""
        try:
            return self.form.cents(name)
        except FieldRefused:
            message = "Saisissez un pourcentage, par exemple 0,50."
            raise FieldRefused(name, message) from None

    def _bands(self, key: str, prefix: str) -> list[dict[str, Any]]:
        """Bands from the upper bounds typed: each begins where the one before ends."""
        bands: list[dict[str, Any]] = []
        start: int | None = 0
        for row in range(1, MOST_BANDS + 1):
            price = self.form.cents(f"{key}_prix_{row}", optional=True)
            end = self.form.integer(f"{key}_jusque_{row}", optional=True)
            if price is None and end is None:
                continue
            if price is None:
                raise FieldRefused(f"{key}_prix_{row}", "Indiquez le prix de cette tranche.")
            if start is None or (end is not None and end <= start):
                message = "Chaque tranche finit plus haut que la précédente."
                raise FieldRefused(f"{key}_jusque_{row}", message)
            band = f"{prefix}bands.{len(bands)}."
            self.fields[f"{key}_jusque_{row}"] = f"{band}to_quotient"
            self.fields[f"{key}_prix_{row}"] = f"{band}price_cents"
            bands.append({"from_quotient": start, "to_quotient": end, "price_cents": price})
            start = end
        if not bands:
            raise FieldRefused(f"{key}_prix_1", "Indiquez au moins un prix.")
        # The last band has no upper bound, so that every quotient has its price.
        if start is not None:
            message = "Laissez vide la limite de la dernière tranche."
            raise FieldRefused(f"{key}_jusque_{len(bands)}", message)
        return bands


def refused(draft: TariffForm, refusal: Exception) -> Form:
    """The form with what is wrong beside the fields."""
    return draft.form.refused(refusal, **draft.fields)


def names() -> tuple[str, ...]:
    """Every field of the form, for the summary of errors."""
    prices = ("sorte", "supplement", "prix", "taux", "plancher", "plafond")
    rows = [f"{name}_{row}" for name in ("jusque", "prix") for row in range(1, MOST_BANDS + 1)]
    lists = [f"{key}_{name}" for key in ("base", *CASES, "mensuel") for name in (*prices, *rows)]
    times = [f"plage_{row}_{name}" for row in TIME_ROWS for name in ("de", "a", "prix")]
    ranks = [f"fratrie_{row}" for row in SIBLING_ROWS]
    cases = ("fratrie_sorte", *ranks, "heures_sorte", *times, "mois_regle")
    return ("activite", "du", "mois", *lists, *cases, *PLAIN)


def choices() -> Mapping[str, Any]:
    """What the form's template offers."""
    return {
        "kinds": KINDS,
        "cases": {key: kinds for key, (_, kinds) in CASES.items()},
        "rows": range(1, MOST_BANDS + 1),
        "siblings": SIBLINGS,
        "sibling_rows": SIBLING_ROWS,
        "hours": HOURS,
        "time_rows": TIME_ROWS,
        "monthly": MONTHLY,
        "names_of_fields": names(),
    }
