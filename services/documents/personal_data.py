"""What documents holds of a family: exported, and erased at once."""

from services.chassis.personal_data import Holding, PersonalData

# With its key gone the content in storage can be read by nobody; the objects themselves go with
# the orphans, within a day.
DOCUMENTS = Holding(
    key="documents",
    label="Pièces justificatives",
    purpose="Instruire les demandes qui exigent une pièce.",
    kept="Tant que la famille a une fiche.",
    tables=("family", "family_child", "family_name", "family_key", "document", "opening"),
    export={
        "documents": """SELECT d.document_id, d.child_id, t.label AS kind, d.filename,
                               d.content_type, d.size, d.deposited_at,
                               d.state AS document_state, d.valid_from, d.valid_until, d.reason
                        FROM document d JOIN document_type t ON t.code = d.document_type
                        WHERE d.family_id = $1 ORDER BY d.deposited_at, d.document_id""",
        "openings": """SELECT document_id, opened_at, roles FROM opening
                       WHERE family_id = $1 ORDER BY opened_at, opening_id""",
    },
    erase=(
        "DELETE FROM opening WHERE family_id = $1",
        # After a merger a family's documents lie under another one's key.
        """DELETE FROM family_key WHERE family_id = $1
           OR family_id IN (SELECT sealed_for FROM document WHERE family_id = $1)""",
        "DELETE FROM document WHERE family_id = $1",
        "DELETE FROM family_name WHERE family_id = $1",
        "DELETE FROM family_child WHERE family_id = $1",
        "DELETE FROM family WHERE family_id = $1",
    ),
)

VAULT = Holding(
    key="vault",
    label="Coffre-fort : contenu que seule la famille peut ouvrir",
    purpose="Garder les documents personnels de la famille, à sa demande.",
    kept="Tant que la famille a une fiche, ou jusqu’à ce qu’elle l’efface.",
    tables=("vault", "vault_opener", "vault_document"),
    export={
        "vault": """SELECT d.document_id, d.size, d.added_at FROM vault_document d
                    WHERE d.family_id = $1 ORDER BY d.added_at, d.document_id""",
    },
    erase=("DELETE FROM vault WHERE family_id = $1",),
)

CERTIFICATES = Holding(
    key="certificates",
    label="Attestations délivrées, et ce qu’elles certifient",
    purpose="Délivrer des attestations, et laisser vérifier celles qui circulent.",
    kept="Tant que la famille a une fiche.",
    tables=(
        "certified_family",
        "certified_child",
        "certified_enrolment",
        "certified_attendance",
        "certified_payment",
        "certificate",
    ),
    export={
        "certificates": """SELECT certificate_id, kind, issued_at FROM certificate
                           WHERE family_id = $1 ORDER BY issued_at, certificate_id""",
        "names": """SELECT reference, addressee FROM certified_family WHERE family_id = $1""",
        "payments": """SELECT received_on, invoice_number, child_id, period, amount_cents
                       FROM certified_payment WHERE family_id = $1
                       ORDER BY received_on, payment_id, position""",
    },
    erase=(
        "DELETE FROM certificate WHERE family_id = $1",
        "DELETE FROM certified_enrolment WHERE family_id = $1",
        "DELETE FROM certified_attendance WHERE family_id = $1",
        "DELETE FROM certified_payment WHERE family_id = $1",
        "DELETE FROM certified_family WHERE family_id = $1",
    ),
)

PERSONAL = PersonalData((VAULT, CERTIFICATES, DOCUMENTS))
