"""What enrolment holds of a family: exported, kept for a time, erased."""

from services.chassis.personal_data import Holding, PersonalData, Retention
from services.enrolment.commands.admission import pass_places_on

CHILDREN = Holding(
    key="enrolment_children",
    label="Identité et classe des enfants",
    purpose="Instruire les inscriptions : âge admis, école, classe.",
    kept="Tant que la famille a une fiche.",
    tables=("family", "family_child"),
    export={
        "children": """SELECT child_id, first_name, last_name, birth_date, school_code,
                              school_class, in_file
                       FROM family_child WHERE family_id = $1 ORDER BY birth_date, child_id""",
    },
    erase=(
        "DELETE FROM family_child WHERE family_id = $1",
        "DELETE FROM family WHERE family_id = $1",
    ),
)

ENROLMENTS = Holding(
    key="enrolments",
    label="Inscriptions",
    purpose="Savoir quel enfant est inscrit à quelle activité, et qui en a décidé.",
    kept="Tant que la famille a une fiche.",
    tables=("enrolment", "enrolment_step", "allocation_line"),
    export={
        "enrolments": """SELECT e.enrolment_id, e.child_id, a.name AS activity, e.school_year,
                                e.status, e.regulations_version, e.starts_on, e.ends_on,
                                e.left_on, e.submitted_at, e.together, e.declared
                         FROM enrolment e JOIN activity a USING (activity_id)
                         WHERE e.family_id = $1 ORDER BY e.submitted_at, e.enrolment_id""",
        "steps": """SELECT s.enrolment_id, s.version, s.at, s.status, s.actor, s.note
                    FROM enrolment_step s JOIN enrolment e USING (enrolment_id)
                    WHERE e.family_id = $1 ORDER BY s.at, s.version""",
        "allocations": """SELECT l.enrolment_id, o.confirmed_at, l.points, l.explanation
                          FROM allocation_line l JOIN allocation o USING (allocation_id)
                          JOIN enrolment e USING (enrolment_id)
                          WHERE e.family_id = $1 AND o.confirmed_at IS NOT NULL
                          ORDER BY o.confirmed_at""",
    },
    # What is not over yet was dropped before; of the rest the reasons, which may name, go now.
    erase=(
        """UPDATE enrolment_step SET note = NULL
           WHERE enrolment_id IN (SELECT enrolment_id FROM enrolment WHERE family_id = $1)""",
    ),
    retention=Retention(
        months=24,
        reason="Justifier les décisions d’inscription en cas de recours. "
        "Sans nom, par numéros seulement.",
        last_day="SELECT max(ends_on) FROM enrolment WHERE family_id = $1 AND ends_on < $2",
    ),
    expire=("DELETE FROM enrolment WHERE family_id = $1",),
)

PAPERS = Holding(
    key="papers",
    label="Pièces reçues : sorte, état et validité",
    purpose="Savoir quelles pièces manquent à une inscription.",
    kept="Tant que la famille a une fiche.",
    tables=("paper",),
    export={
        "papers": """SELECT p.document_id, p.child_id,
                            coalesce(t.label, p.document_type) AS document_type,
                            p.state AS document_state, p.deposited_at, p.valid_until
                     FROM paper p LEFT JOIN document_type t ON t.code = p.document_type
                     WHERE p.family_id = $1 ORDER BY p.deposited_at, p.document_id""",
    },
    erase=("DELETE FROM paper WHERE family_id = $1",),
)

ACCEPTANCES = Holding(
    key="regulations_accepted",
    label="Règlements acceptés",
    purpose="Savoir quelle version du règlement la famille a acceptée.",
    kept="Tant que la famille a une fiche.",
    tables=("regulations_acceptance",),
    export={
        "regulations": """SELECT r.school_year, a.name AS activity, r.version, r.accepted_at
                          FROM regulations_acceptance r LEFT JOIN activity a USING (activity_id)
                          WHERE r.family_id = $1 ORDER BY r.accepted_at, r.version""",
    },
    erase=("DELETE FROM regulations_acceptance WHERE family_id = $1",),
)

PERSONAL = PersonalData((CHILDREN, PAPERS, ENROLMENTS, ACCEPTANCES), before_erasure=pass_places_on)
