"""What documents holds of a family: exported, and erased at once."""

from services.chassis.personal_data import Holding, PersonalData

# With its key gone the content in storage can be read by nobody; the objects themselves go with
# the orphans, within a day.
DOCUMENTS = Holding(
    key="documents",
    label="Pièces justificatives",
    purpose="Instruire les demandes qui exigent une pièce.",
    kept="Tant que la famille a une fiche.",
    tables=("family", "family_child", "family_key", "document", "opening"),
    export={
        "documents": """SELECT d.document_id, d.child_id, t.label AS kind, d.filename,
                               d.content_type, d.size, d.deposited_at
                        FROM document d JOIN document_type t ON t.code = d.document_type
                        WHERE d.family_id = $1 ORDER BY d.deposited_at, d.document_id""",
        "openings": """SELECT document_id, opened_at, roles FROM opening
                       WHERE family_id = $1 ORDER BY opened_at, opening_id""",
    },
    erase=(
        "DELETE FROM opening WHERE family_id = $1",
        "DELETE FROM document WHERE family_id = $1",
        "DELETE FROM family_key WHERE family_id = $1",
        "DELETE FROM family_child WHERE family_id = $1",
        "DELETE FROM family WHERE family_id = $1",
    ),
)

PERSONAL = PersonalData((DOCUMENTS,))
