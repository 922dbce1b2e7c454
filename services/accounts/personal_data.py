"""What accounts holds of a family: exported, kept for a time, erased."""

from services.chassis.personal_data import Holding, PersonalData, Retention

LONGEST_MONTH = 31

# As seen from this home: the other one's number is not this one's to know.
CHILDREN = """
SELECT c.child_id, c.first_name, c.last_name, c.birth_date, c.school_code, c.school_class, c.diet,
       c.allergies, c.care,
       CASE WHEN s.custody IS NOT NULL THEN jsonb_build_object(
           'even_weeks_here', s.custody #>> '{alternation,even_home}' = $1::uuid::text,
           'change_weekday', s.custody #> '{alternation,change_weekday}',
           'stays', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                         'here', stay ->> 'home' = $1::uuid::text,
                         'first', stay -> 'first', 'last', stay -> 'last')), '[]')
                     FROM jsonb_array_elements(s.custody -> 'stays') stay)) END AS custody
FROM child c LEFT JOIN second_home s USING (child_id)
WHERE $1 IN (c.family_id, s.family_id) ORDER BY c.birth_date, c.child_id
"""

FAMILY_FILE = Holding(
    key="family_file",
    label="Fiche famille : responsables, enfants, adresse, quotient familial",
    purpose="Savoir qui sont les enfants accueillis et qui en est responsable.",
    kept="Tant qu’un enfant fréquente un service, puis jusqu’à l’effacement proposé après son "
    "départ.",
    tables=(
        "family",
        "guardian",
        "child",
        "second_home",
        "consent_answer",
        "record_change",
        "account_request",
        "merged_family",
        "family_presence",
    ),
    export={
        "family": """SELECT family_id, reference, resident, quotient, quotient_valid_until,
                            address_lines, postcode, city, created_at, updated_at
                     FROM family WHERE family_id = $1""",
        "guardians": """SELECT guardian_id, first_name, last_name, mail, phone, link, address
                        FROM guardian WHERE family_id = $1 ORDER BY position""",
        "children": CHILDREN,
        "consents": """SELECT a.child_id, t.title, a.version, a.granted, a.answered_at
                       FROM consent_answer a JOIN consent_text t USING (consent_id, version)
                       WHERE a.family_id = $1 ORDER BY a.answer_id""",
        "changes": """SELECT person_id, field, before, after, status, asked_at, decided_at, reason
                      FROM record_change WHERE family_id = $1 ORDER BY asked_at, change_id""",
    },
    erase=(
        "DELETE FROM account_request WHERE family_id = $1",
        "DELETE FROM merged_family WHERE family_id = $1",
        "DELETE FROM family_presence WHERE family_id = $1",
        "DELETE FROM consent_answer WHERE family_id = $1",
        "DELETE FROM record_change WHERE family_id = $1",
        # A child in two homes stays in the other one's file.
        "DELETE FROM second_home WHERE family_id = $1",
        """WITH kept AS (
               DELETE FROM second_home s USING child c
               WHERE s.child_id = c.child_id AND c.family_id = $1
               RETURNING s.child_id, s.family_id, s.position)
           UPDATE child c SET family_id = kept.family_id, position = kept.position
           FROM kept WHERE c.child_id = kept.child_id""",
        "DELETE FROM child WHERE family_id = $1",
        "DELETE FROM guardian WHERE family_id = $1",
        "DELETE FROM family WHERE family_id = $1",
    ),
)

# What one parent signs in with is not the other's to read.
LOGINS = Holding(
    key="logins",
    label="Compte : identifiant, empreinte du mot de passe, connexions",
    purpose="Laisser entrer les responsables de la famille, et eux seuls.",
    kept="Tant que la famille a une fiche ; les connexions, 30 jours.",
    tables=("account", "login_session", "mail_change", "external_identity"),
    export={
        "accounts": """SELECT login, created_at, issued_at, activated_at, password_changed_at,
                              last_login_at
                       FROM account WHERE family_id = $1 AND ($2::uuid IS NULL OR account_id = $2)
                       ORDER BY login""",
        "sessions": """SELECT s.device, s.created_at, s.last_seen_at, s.expires_at, s.revoked_at
                       FROM login_session s JOIN account a USING (account_id)
                       WHERE a.family_id = $1 AND ($2::uuid IS NULL OR a.account_id = $2)
                       ORDER BY s.created_at""",
    },
    # Before the guardians whom the accounts are of.
    erase=("DELETE FROM account WHERE family_id = $1",),
)


def personal(audit_days: int) -> PersonalData:
    """All of it, where the audit trail is kept so many days."""
    return PersonalData((LOGINS, FAMILY_FILE, _trail(audit_days)))


def _trail(audit_days: int) -> Holding:
    return Holding(
        key="trail",
        label="Journal des actions des agents",
        purpose="Pouvoir dire qui a vu ou changé les données d’une famille.",
        kept=f"{audit_days} jours, sans les noms de la famille.",
        tables=("audit_act", "erasure_request"),
        export={
            "acts": """SELECT t.at, n.label AS action, t.outcome
                   FROM audit_act t LEFT JOIN audit_action n USING (service, action)
                   WHERE t.family_id = $1 AND t.outcome <> 'not_theirs' ORDER BY t.at""",
            "erasure_requests": """SELECT asked_at, status, decided_at, reason FROM erasure_request
                               WHERE family_id = $1 ORDER BY asked_at""",
        },
        retention=Retention(
            months=-(-audit_days // LONGEST_MONTH),
            reason="Pouvoir répondre d’un accès, même après le départ de la famille.",
            last_day="SELECT max(at)::date FROM audit_act WHERE family_id = $1",
        ),
        # The lines themselves go by their own job, one by one, as they come of age.
        erase=("UPDATE erasure_request SET reason = NULL WHERE family_id = $1",),
    )
