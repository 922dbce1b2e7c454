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

PERSONAL = PersonalData((ADDRESSES, MESSAGES))
