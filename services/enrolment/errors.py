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


class ClassNotAdmitted(Invalid):
    """The activity is for children of other classes."""

    slug, title = "class-not-admitted", "L’activité ne correspond pas à la classe de l’enfant"


class ActivityOver(Conflict):
    """The activity has ended: nothing is left to enrol in."""

    slug, title = "activity-over", "Cette activité est terminée"


class AlreadyEnrolled(Conflict):
    """The child has a live request or enrolment for this activity."""

    slug, title = "already-enrolled", "Une demande existe déjà pour cet enfant et cette activité"


class AlreadyDecided(Conflict):
    """Nothing of the kind may follow where the request stands."""

    slug, title = "already-decided", "Cette demande a déjà été traitée"


class NotOpenYet(Conflict):
    """Families may not ask yet."""

    slug, title = "window-not-open", "Les demandes ne sont pas encore ouvertes"


class WindowClosed(Conflict):
    """Families may not ask any more."""

    slug, title = "window-closed", "Les demandes sont closes"


class ActivityFull(Conflict):
    """All the places that the town gives for the year are taken."""

    slug, title = "activity-full", "Toutes les places de l’activité sont prises"


class PapersMissing(Conflict):
    """The activity takes no request without its compulsory papers."""

    slug, title = "papers-missing", "Il manque des pièces obligatoires"


class BadAdmission(Invalid):
    """How children get into the activity contradicts itself."""

    slug, title = "bad-admission", "Les modalités d’inscription contiennent des erreurs"


class BadRegulations(Invalid):
    """The house rules do not fit the activity that they are for."""

    slug, title = "bad-regulations", "Le règlement ne correspond pas à l’activité"


class BadWithdrawal(Invalid):
    """The day on which the child leaves makes no sense."""

    slug, title = "bad-withdrawal", "Le dernier jour indiqué ne convient pas"


class UnknownApplication(NotFound):
    """No draft of this family has this id."""

    slug, title = "unknown-application", "Ce brouillon n’existe pas ou a été envoyé"


class UnknownAllocation(NotFound):
    """No allocation has this id."""

    slug, title = "unknown-allocation", "Cette attribution n’existe pas"


class RequestsChanged(Conflict):
    """Requests came, went or changed since the allocation was previewed."""

    slug, title = "requests-changed", "Les demandes ont changé depuis l’aperçu"


class NotByCriteria(Conflict):
    """The activity does not give its places by criteria."""

    slug, title = "not-by-criteria", "Cette activité n’attribue pas ses places par critères"


class WindowStillOpen(Conflict):
    """Families may ask still: it is too early to decide."""

    slug, title = "window-still-open", "Les demandes sont encore ouvertes"


class OldRegulations(Conflict):
    """A newer version was published meanwhile."""

    slug, title = "old-regulations", "Une nouvelle version du règlement est parue"


class SchoolYearInUse(Conflict):
    """Activities rest on the dates of this school year."""

    slug, title = "school-year-in-use", "Des activités reposent déjà sur ces dates"


class PeriodInUse(Conflict):
    """Children were told that they are enrolled over the present period."""

    slug, title = "period-in-use", "Des enfants sont déjà inscrits sur cette période"
