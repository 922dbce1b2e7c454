"""What can go wrong when places are kept, given back, and the roll is taken."""

from services.chassis.errors import Conflict, Invalid, NotFound


class UnknownSession(NotFound):
    """No session has this id."""

    slug, title = "unknown-session", "Cette séance n’existe pas"


class UnknownReservation(NotFound):
    """No reservation has this id, or it is another family's."""

    slug, title = "unknown-reservation", "Cette réservation n’existe pas"


class UnknownWaiting(NotFound):
    """No wait has this id, or it is another family's."""

    slug, title = "unknown-waiting", "Cette attente n’existe pas"


class NoOffer(Conflict):
    """No place is held for the child: not yet, or not any more."""

    slug, title = "no-offer", "Aucune place n’est proposée"


class OfferRefused(Conflict):
    """The place is held, but the child cannot have it as things stand."""

    slug, title = "offer-refused", "La place ne peut pas être prise"


class UnknownChild(NotFound):
    """The child is not in this family's file, or the file has not arrived yet."""

    slug, title = "unknown-child", "Cet enfant ne figure pas dans le dossier de la famille"


class UnknownAgendaLink(NotFound):
    """No address of an agenda is this one: it never was, was revoked, or is another family's."""

    slug, title = "unknown-agenda-link", "Ce lien d’agenda n’existe pas ou ne sert plus"


class TooManyAgendaLinks(Conflict):
    """The family has as many addresses of its agenda as one family needs."""

    slug, title = "too-many-agenda-links", "Votre famille a déjà beaucoup de liens d’agenda"


class UnknownClosure(NotFound):
    """No closure has this id."""

    slug, title = "unknown-closure", "Cette fermeture n’existe pas"


class BadClosure(Invalid):
    """The closure is over already, or names an activity that the town does not have."""

    slug, title = "bad-closure", "Cette fermeture ne convient pas"


class BadCalendarFile(Invalid):
    """The file is no official school calendar of the town's zone."""

    slug, title = "bad-calendar-file", "Ce fichier n’est pas un calendrier scolaire utilisable"


class UnknownAsk(NotFound):
    """No family asked for this."""

    slug, title = "unknown-late-request", "Cette demande n’existe pas"


class AskAnswered(Conflict):
    """The staff answered the other way."""

    slug, title = "late-request-answered", "Une autre réponse a déjà été donnée"


class AskOutdated(Conflict):
    """The place can no longer be given: full, closed, begun, or the child has left."""

    slug, title = "late-request-outdated", "La place ne peut plus être donnée"


class SessionStarted(Conflict):
    """What has begun can no longer be given back by the family."""

    slug, title = "session-started", "La séance a déjà commencé"


class BadPeriod(Invalid):
    """The period asked for runs backwards, lacks an end or is longer than one answer holds."""

    slug, title = "bad-period", "La période demandée ne convient pas"


class PatternTooLong(Invalid):
    """The pattern makes more sessions than one request may reserve."""

    slug, title = "pattern-too-long", "La période compte trop de séances"


class NotOnTheRoll(Invalid):
    """A mark names a child that is neither expected nor enrolled that day."""

    slug, title = "not-on-the-roll", "Un enfant ne figure pas sur la liste de la séance"


class OtherAccount(Conflict):
    """A tablet sends marks that were taken under another login than the present one."""

    slug, title = "other-account", "Ces pointages ont été faits sous un autre compte"


class UnknownAbsence(NotFound):
    """No absence has this id, or it is another family's."""

    slug, title = "unknown-absence", "Cette absence n’existe pas"


class AbsenceOverlaps(Conflict):
    """The child has been declared absent on one of these days already."""

    slug, title = "absence-overlaps", "L’enfant est déjà déclaré absent sur une partie de ces jours"


class NothingReserved(Invalid):
    """A family declares an absence on days on which nobody expects the child."""

    slug, title = "nothing-reserved", "Aucune réservation ces jours-là"


class AbsenceTooOld(Invalid):
    """The absence lies too far back for a family to declare it."""

    slug, title = "absence-too-old", "Cette absence est trop ancienne pour être déclarée"


class AbsenceDecided(Conflict):
    """The absence was excused, refused or withdrawn before."""

    slug, title = "absence-decided", "Cette absence est déjà traitée"


class CertificateLate(Conflict):
    """The certificate came after the days that the activity's rule gives."""

    slug, title = "certificate-late", "Le certificat est arrivé trop tard"
