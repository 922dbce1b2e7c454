"""What notifications holds of a family: exported, and erased at once."""

from services.chassis.personal_data import Holding, PersonalData

ADDRESSES = Holding(
    key="addresses",
    label="Noms, adresse postale et adresses mail",
    purpose="Écrire à la famille.",
    kept="Tant que la famille a une fiche.",
    tables=("family",),
    export={"file": "SELECT file FROM family WHERE family_id = $1"},
    erase=("DELETE FROM family WHERE family_id = $1",),
)

# Files of letters printed together are sealed, hold other families' too, and go by themselves.
MESSAGES = Holding(
    key="messages",
    label="Messages envoyés, par mail ou par courrier",
    purpose="Envoyer chaque message une fois, et montrer lesquels sont partis.",
    kept="Tant que la famille a une fiche ; une liasse imprimée, quelques jours.",
    tables=("message",),
    export={
        "messages": """SELECT message_id, kind, facts, channel, status, recipient, created_at,
                              sent_at
                       FROM message WHERE family_id = $1 ORDER BY created_at, message_id""",
    },
    erase=("DELETE FROM message WHERE family_id = $1",),
)

ACTIVITIES = Holding(
    key="activities",
    label="Inscriptions et jours réservés, pour les messages aux familles d’une activité",
    purpose="Prévenir les familles concernées par une activité, un jour ou une fermeture.",
    kept="Les inscriptions tant que la famille a une fiche ; les jours, jusqu’à leur fin.",
    tables=("enrolled", "expected", "closed_place", "broadcast_recipient"),
    export={
        "enrolled": """SELECT e.enrolment_id, e.child_id, a.name AS activity, e.starts_on, e.ends_on
                       FROM enrolled e LEFT JOIN activity a USING (activity_id)
                       WHERE e.family_id = $1 ORDER BY e.starts_on, e.enrolment_id""",
        "expected": """SELECT x.session_id, x.child_id, a.name AS activity, x.date
                       FROM expected x LEFT JOIN activity a USING (activity_id)
                       WHERE x.family_id = $1 AND x.held ORDER BY x.date, x.session_id""",
    },
    erase=(
        "DELETE FROM broadcast_recipient WHERE family_id = $1",
        "DELETE FROM closed_place WHERE family_id = $1",
        "DELETE FROM expected WHERE family_id = $1",
        "DELETE FROM enrolled WHERE family_id = $1",
    ),
)

PERSONAL = PersonalData((ADDRESSES, MESSAGES, ACTIVITIES))
