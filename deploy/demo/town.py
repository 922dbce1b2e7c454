"""What there is in Saint-Aubin-sur-Vire, which exists nowhere: schools, activities, prices."""

from dataclasses import dataclass
from datetime import date
from typing import Any

SCHOOL_YEAR = {"label": "2026-2027", "starts_on": "2026-09-01", "ends_on": "2027-07-02"}
FIRST_SCHOOL_DAY, LAST_SCHOOL_DAY = date(2026, 9, 1), date(2027, 7, 2)

NAME, POSTCODE = "Saint-Aubin-sur-Vire", "50890"
NEIGHBOURS = (
    ("Condé-sur-Vire", "50890"),
    ("Tessy-Bocage", "50420"),
    ("Torigny-les-Villes", "50160"),
    ("Moyon-Villages", "50860"),
    ("Saint-Lô", "50000"),
)

NURSERY_CLASSES = ("PS", "MS", "GS")
ELEMENTARY_CLASSES = ("CP", "CE1", "CE2", "CM1", "CM2")
ALL_CLASSES = NURSERY_CLASSES + ELEMENTARY_CLASSES


# The code of the slot that fills the day.
WHOLE_DAY = "journee"


@dataclass(frozen=True, slots=True)
class School:
    """A school, the part of town it serves, and where its children eat."""

    code: str
    name: str
    address: str
    sector: str  # "bourg", "vire" or "" for the private school, which takes all
    classes: tuple[str, ...]
    canteen: str


SCHOOLS = (
    School(
        "EPB",
        "École primaire du Bourg",
        f"2 place de l’Église, {POSTCODE} {NAME}",
        "bourg",
        ALL_CLASSES,
        "cantine-bourg",
    ),
    School(
        "EMV",
        "École maternelle des Bords-de-Vire",
        f"14 chemin du Halage, {POSTCODE} {NAME}",
        "vire",
        NURSERY_CLASSES,
        "cantine-vire",
    ),
    School(
        "EEV",
        "École élémentaire Jacques-Prévert",
        f"16 chemin du Halage, {POSTCODE} {NAME}",
        "vire",
        ELEMENTARY_CLASSES,
        "cantine-vire",
    ),
    School(
        "END",
        "École privée Notre-Dame",
        f"9 rue du Presbytère, {POSTCODE} {NAME}",
        "",
        ALL_CLASSES,
        "cantine-bourg",
    ),
)

STREETS = {
    "bourg": (
        "place de l’Église",
        "rue du Presbytère",
        "rue de la Libération",
        "rue des Tanneurs",
        "rue du Général-Leclerc",
        "rue du 6-Juin-1944",
        "rue de la Fontaine",
        "impasse du Lavoir",
        "rue des Écoles",
        "rue Victor-Hugo",
        "route de Saint-Lô",
        "rue du Champ-de-Foire",
        "allée des Tilleuls",
    ),
    "vire": (
        "chemin du Halage",
        "rue du Vieux-Pont",
        "rue des Pommiers",
        "rue du Moulin",
        "rue des Saules",
        "allée des Libellules",
        "rue Jacques-Prévert",
        "rue Marie-Curie",
        "lotissement des Prés-Hauts",
        "rue des Primevères",
        "route de Condé",
        "rue Simone-Veil",
        "La Roquetière",
    ),
}

_TWO_DAYS = {"kind": "working_days_before", "days": 2, "at": "12:00"}
_THURSDAY_NOON = {"kind": "weekday_before", "weekday": 4, "weeks": 1, "at": "12:00"}
_EVE = {"kind": "calendar_days_before", "days": 1, "at": "18:00"}
_NONE = {"kind": "none"}


def _activity(**fields: Any) -> dict[str, Any]:
    common = {
        "school_year": SCHOOL_YEAR["label"],
        "min_age": 3,
        "max_age": 11,
        "document_types": ["insurance"],
    }
    return common | fields


def _canteen(code: str, name: str, place: str, capacity: int) -> dict[str, Any]:
    return _activity(
        code=code,
        name=name,
        kind="canteen",
        place=place,
        description="Repas cuisinés sur place, produits locaux et un repas végétarien par semaine.",
        days="school_days",
        weekdays=[1, 2, 4, 5],
        starts_at="11:45",
        ends_at="13:30",
        capacity=capacity,
        reserve_rule=_THURSDAY_NOON,
        cancel_rule=_THURSDAY_NOON,
        absence_rule={"certificate_days": 7, "waiting_days": 1},
    )


def _care(
    code: str, name: str, kind: str, hours: tuple[str, str], rule: Any, **fields: Any
) -> dict[str, Any]:
    return _activity(
        code=code,
        name=name,
        kind=kind,
        place="Maison de l’enfance",
        description="Jeux calmes, temps de lecture et aide aux devoirs.",
        days="school_days",
        weekdays=[1, 2, 4, 5],
        starts_at=hours[0],
        ends_at=hours[1],
        capacity=120,
        reserve_rule=rule,
        cancel_rule=rule,
        **fields,
    )


def _centre(code: str, name: str, kind: str, **fields: Any) -> dict[str, Any]:
    """A day at the leisure centre."""
    return _activity(
        code=code,
        name=name,
        kind=kind,
        place="Centre de loisirs des Prés-Hauts",
        document_types=["insurance", "vaccination"],
        **fields,
    )


_HOLIDAYS: dict[str, Any] = {
    "kind": "holiday",
    "days": "holidays",
    "weekdays": [1, 2, 3, 4, 5],
    "ends_on": "2027-08-27",
    "description": "Petites et grandes vacances, hors jours fériés.",
    "starts_at": "08:00",
    "ends_at": "18:00",
    "reserve_rule": {
        "kind": "windows",
        "windows": [
            {"first": first, "last": last, "opens": f"{opens}T08:30", "closes": f"{closes}T23:59"}
            for first, last, opens, closes in (
                ("2026-10-19", "2026-10-30", "2026-09-14", "2026-10-04"),
                ("2026-12-21", "2026-12-31", "2026-11-16", "2026-12-06"),
                ("2027-02-22", "2027-03-05", "2027-01-18", "2027-02-07"),
                ("2027-04-19", "2027-04-30", "2027-03-15", "2027-04-04"),
                ("2027-07-05", "2027-08-27", "2027-05-24", "2027-06-20"),
            )
        ],
    },
    "cancel_rule": {"kind": "calendar_days_before", "days": 15, "at": "23:59"},
}

# Asked for in a window of some weeks, then given by criteria.
SUMMER = "vacances-ete"
# Part of a day at the leisure centre: reserved by itself, and the lunch with the whole day.
_PARTS_OF_DAY = [
    {"code": code, "name": name, "starts_at": starts_at, "ends_at": ends_at, "capacity": places}
    for code, name, starts_at, ends_at, places in (
        ("matin", "Matin", "08:00", "12:00", 20),
        ("apres-midi", "Après-midi", "13:30", "18:00", 20),
        (WHOLE_DAY, "Journée avec repas", "08:00", "18:00", None),
    )
]
_AGE_GROUPS = [
    {"name": "3 à 5 ans", "min_age": 3, "max_age": 5, "capacity": 24, "children_per_adult": 8},
    {"name": "6 à 11 ans", "min_age": 6, "max_age": 11, "capacity": 40, "children_per_adult": 12},
]

ACTIVITIES = (
    _canteen("cantine-bourg", "Restaurant scolaire du Bourg", "École primaire du Bourg", 160),
    _canteen("cantine-vire", "Restaurant scolaire des Bords-de-Vire", "École Jacques-Prévert", 180),
    _care(
        "matin",
        "Accueil du matin",
        "morning_care",
        ("07:15", "08:30"),
        _EVE,
        after_deadline={"policy": "late"},
    ),
    _care("soir", "Accueil du soir", "evening_care", ("16:30", "18:45"), _NONE),
    _centre(
        "mercredi",
        "Accueil de loisirs du mercredi",
        "wednesday",
        days="wednesdays",
        weekdays=[3],
        slots=_PARTS_OF_DAY,
        capacity=64,
        age_groups=_AGE_GROUPS,
        description="Ateliers et sorties, à la demi-journée ou à la journée, repas compris.",
        reserve_rule=_THURSDAY_NOON,
        cancel_rule=_TWO_DAYS,
        after_deadline={"policy": "ask"},
    ),
    _centre(
        "vacances-petits",
        "Accueil de loisirs des vacances, 3 à 5 ans",
        capacity=24,
        **_HOLIDAYS | {"min_age": 3, "max_age": 5},
    ),
    _centre(
        "vacances-grands",
        "Accueil de loisirs des vacances, 6 à 11 ans",
        capacity=48,
        **_HOLIDAYS | {"min_age": 6, "max_age": 11},
    ),
    _centre(
        SUMMER,
        "Accueil de loisirs de l’été",
        capacity=24,
        **_HOLIDAYS
        | {
            "min_age": 3,
            "max_age": 11,
            "starts_on": "2027-07-05",
            "description": "Juillet et août, par semaines entières. Les places sont attribuées "
            "par critères.",
        },
    ),
)

# What counts when more families ask for the summer than there are places.
SUMMER_PLACES = 14
SUMMER_CRITERIA = (
    {
        "code": "travail",
        "label": "Tous les responsables légaux travaillent ou étudient",
        "weight": 10,
        "source": "declared",
    },
    {"code": "commune", "label": "Réside dans la commune", "weight": 8, "source": "resident"},
    {
        "code": "besoin",
        "label": "Besoin d’accompagnement particulier",
        "weight": 6,
        "source": "declared",
        "per_child": True,
    },
    {
        "code": "fratrie",
        "label": "Frère ou sœur déjà inscrit aux vacances",
        "weight": 5,
        "source": "sibling",
    },
    {
        "code": "secteur",
        "label": "Scolarisé dans une école publique",
        "weight": 3,
        "source": "school",
        "schools": ["EPB", "EMV", "EEV"],
    },
)

# Upper end of each band of quotient (excluded) and price in cents, after real towns' tables.
_MEAL = ((623, 100), (1001, 330), (1501, 340), (None, 350))
_DAY = ((600, 698), (852, 1000), (1101, 1200), (1409, 1300), (None, 1450))
_MORNING = ((623, 80), (1001, 110), (1501, 140), (None, 160))
_EVENING = ((623, 130), (1001, 180), (1501, 220), (None, 260))
# A reservation kept after the limit, where the activity takes it.
_LATE_SURCHARGES = {"morning_care": 50}
_PRICES = {
    "canteen": (_MEAL, 200),
    "morning_care": (_MORNING, 50),
    "evening_care": (_EVENING, 100),
    "wednesday": (_DAY, 300),
    "holiday": (_DAY, 300),
}


# What else a price depends on: a meal brought from home (PAI) has its own, and none goes beyond
# its cost; in the leisure centre, where the family lives and who comes the same day.
_RULES: dict[str, dict[str, Any]] = {
    "canteen": {"own_meal": {"kind": "flat", "price_cents": 145}, "cost_cents": 900},
    "wednesday": {
        "outside_supplement_cents": 300,
        "siblings": {"counted": "same_day", "percents": [10, 20]},
    },
    "holiday": {
        "outside_supplement_cents": 300,
        "siblings": {"counted": "same_day", "percents": [10, 20]},
    },
}


def tariff(kind: str) -> dict[str, Any]:
    """Bands, surcharges and further rules of an activity of this kind."""
    steps, surcharge = _PRICES[kind]
    starts = [0, *(end for end, _ in steps if end is not None)]
    return {
        "valid_from": SCHOOL_YEAR["starts_on"],
        "bands": [
            {"from_quotient": start, "to_quotient": end, "price_cents": price}
            for start, (end, price) in zip(starts, steps, strict=True)
        ],
        "unreserved_surcharge_cents": surcharge,
        "late_surcharge_cents": _LATE_SURCHARGES.get(kind, 0),
        **_RULES.get(kind, {}),
    }


REGULATIONS = {
    "school_year": SCHOOL_YEAR["label"],
    "title": "Règlement intérieur des services périscolaires et extrascolaires",
    "text": (
        "Article 1 – L’inscription est annuelle et préalable à toute réservation.\n"
        "Article 2 – Les repas se réservent et s’annulent jusqu’au jeudi midi de la semaine "
        "précédente. "
        "Passé ce délai, le repas réservé est dû.\n"
        "Article 3 – Une présence sans réservation est facturée avec une majoration.\n"
        "Article 4 – Une absence pour maladie n’est pas facturée si un certificat médical est "
        "remis dans les sept jours.\n"
        "Article 5 – Les tarifs dépendent du quotient familial ; sans attestation valable, le "
        "tarif le plus élevé s’applique.\n"
        "Article 6 – Les enfants ne sont remis qu’aux personnes désignées par la famille.\n"
    ),
}


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A demo login: password and second factor stand here for everyone, as in any demo."""

    role: str
    login: str
    name: str
    password: str
    totp_secret: str


STAFF = (
    StaffMember(
        "agent", "agent", "Sylvie Hamel", "Enfance-2026!", "PORTAILDEMOAGENT234567PORTAILDEM"
    ),
    StaffMember(
        "leader", "animateur", "Mehdi Roussel", "Centre-2026!", "PORTAILDEMOLEADER34567PORTAILDEM"
    ),
    StaffMember(
        "regisseur", "regie", "Odile Leconte", "Recette-2026!", "PORTAILDEMOREGIE234567PORTAILDEM"
    ),
    StaffMember(
        "admin", "admin", "Bruno Marie", "Mairie-2026!", "PORTAILDEMOADMIN234567PORTAILDEM"
    ),
)
