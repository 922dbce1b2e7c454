"""What can go wrong when activities are published and children enrolled."""

from services.chassis.errors import Conflict, Invalid, NotFound


class UnknownSchoolYear(NotFound):
    """No school year has this label."""

    slug, title = "unknown-school-year", "Cette année scolaire n’existe pas"


class UnknownRegulations(NotFound):
    """No regulations were published for this school year."""

    slug, title = "unknown-regulations", "Aucun règlement n’est publié pour cette année scolaire"


class UnknownActivity(NotFound):
    """No activity has this id."""

    slug, title = "unknown-activity", "Cette activité n’existe pas"


class UnknownChild(NotFound):
    """The child is not in this family's file, or the file has not arrived yet."""

    slug, title = "unknown-child", "Cet enfant ne figure pas dans le dossier de la famille"


class UnknownEnrolment(NotFound):
    """No enrolment has this id, or it is another family's."""

    slug, title = "unknown-enrolment", "Cette inscription n’existe pas"


class BadSchoolYear(Invalid):
    """Label and dates do not make one school year."""

    slug, title = "bad-school-year", "Les dates ne correspondent pas à une année scolaire"


class BadActivity(Invalid):
    """The description of the activity contradicts itself."""

    slug, title = "bad-activity", "La description de l’activité contient des erreurs"


class RegulationsNotAccepted(Invalid):
    """An enrolment needs the regulations accepted."""

    slug, title = "regulations-not-accepted", "Le règlement intérieur doit être accepté"


class AgeOutOfRange(Invalid):
    """The activity is for younger or older children."""

    slug, title = "age-out-of-range", "L’activité ne correspond pas à l’âge de l’enfant"


class ActivityOver(Conflict):
    """The activity has ended: nothing is left to enrol in."""

    slug, title = "activity-over", "Cette activité est terminée"


class AlreadyEnrolled(Conflict):
    """The child has a live request or enrolment for this activity."""

    slug, title = "already-enrolled", "Une demande existe déjà pour cet enfant et cette activité"


class AlreadyDecided(Conflict):
    """The request was decided the other way."""

    slug, title = "already-decided", "Cette demande a déjà été traitée"


class SchoolYearInUse(Conflict):
    """Activities rest on the dates of this school year."""

    slug, title = "school-year-in-use", "Des activités reposent déjà sur ces dates"


class PeriodInUse(Conflict):
    """Children were told that they are enrolled over the present period."""

    slug, title = "period-in-use", "Des enfants sont déjà inscrits sur cette période"
