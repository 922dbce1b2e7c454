"""What the demo town publishes for its families: rules, menus, a calendar."""

from dataclasses import dataclass
from datetime import date, timedelta

from deploy.demo import town
from deploy.demo.office import Office
from deploy.demo.papers import typeset
from deploy.demo.setting import Setting
from deploy.settings import TOWN_NAME

SENDER = (f"Ville de {TOWN_NAME}", "1, place de la Mairie")


@dataclass(frozen=True, slots=True)
class Handout:
    """A document of the town; without `valid_until` it holds until it is withdrawn."""

    title: str
    kind: str
    audience: str
    paragraphs: tuple[str, ...]
    valid_from: date
    valid_until: date | None = None


def handouts(today: date) -> list[Handout]:
    """The rules, this month's menus, and a calendar for families."""
    first = today.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    year = town.SCHOOL_YEAR["label"]
    return [
        Handout(
            f"Règlement des services périscolaires {year}",
            "rules",
            "everyone",
            (
                "Les inscriptions sont annuelles ; les réservations se font sur le portail.",
                "Toute absence non signalée dans les délais est facturée.",
                "Les enfants sont confiés aux seules personnes désignées par les parents.",
            ),
            today,
        ),
        Handout(
            f"Menus du restaurant scolaire, {first:%m/%Y}",
            "menu",
            "everyone",
            (
                "Lundi : potage de légumes, poulet rôti, haricots verts, pomme.",
                "Mardi : carottes râpées, lasagnes aux légumes, yaourt de la ferme.",
                "Jeudi : betteraves, poisson du marché, riz, compote.",
                "Vendredi : salade verte, omelette, pommes de terre, fromage, poire.",
            ),
            first,
            last,
        ),
        Handout(
            f"Calendrier des vacances et des accueils de loisirs {year}",
            "calendar",
            "families",
            ("Vacances scolaires de la zone B. Les accueils ouvrent de 7 h 30 à 18 h 30.",),
            today,
        ),
    ]


async def publish_handouts(setting: Setting, office: Office) -> None:
    """Publish those that are not there yet."""
    found = await setting.portal.call("GET", "/publications", office.agent)
    there = {publication["title"] for publication in found["publications"]}
    wanted = [each for each in handouts(setting.today) if each.title not in there]
    done = setting.counter("Documents of the town", len(wanted))
    for handout in wanted:
        query = {
            "title": handout.title,
            "kind": handout.kind,
            "audience": handout.audience,
            "valid_from": handout.valid_from.isoformat(),
            "filename": f"{handout.title}.pdf",
        }
        if handout.valid_until:
            query["valid_until"] = handout.valid_until.isoformat()
        content = typeset(handout.title, SENDER, handout.paragraphs, setting.today)
        await setting.portal.call(
            "POST", "/staff/publications", office.agent, params=query, data=content
        )
        done()
