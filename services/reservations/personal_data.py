"""What reservations holds of a family: exported, kept for a time, erased."""

from services.chassis.personal_data import Holding, PersonalData, Retention
from services.reservations.commands.free_places import free_coming_places

CHILDREN = Holding(
    key="roll_children",
    label="Identité, régime et allergies des enfants",
    purpose="Accueillir chaque enfant en sécurité : listes du jour, repas, allergies.",
    kept="Tant que la famille a une fiche.",
    tables=("family", "child", "child_notes", "enrolment"),
    export={
        "children": """SELECT child_id, first_name, last_name, birth_date, school_class, diet,
                              allergies, in_file
                       FROM child WHERE family_id = $1 ORDER BY birth_date, child_id""",
        "notes": """SELECT child_id, school_code, pick_ups, care_instructions, care_valid_until,
                           consents
                    FROM child_notes WHERE family_id = $1 ORDER BY child_id""",
        "enrolments": """SELECT e.enrolment_id, e.child_id, a.name AS activity, e.starts_on,
                                e.ends_on
                         FROM enrolment e LEFT JOIN activity a USING (activity_id)
                         WHERE e.family_id = $1 ORDER BY e.starts_on, e.enrolment_id""",
    },
    erase=(
        "DELETE FROM enrolment WHERE family_id = $1",
        "DELETE FROM child_notes WHERE family_id = $1",
        "DELETE FROM child WHERE family_id = $1",
        "DELETE FROM family WHERE family_id = $1",
    ),
)

ATTENDANCE = Holding(
    key="attendance",
    label="Réservations et présences",
    purpose="Prévoir l’encadrement et les repas, facturer ce qui est dû.",
    kept="Tant que la famille a une fiche.",
    tables=("reservation", "attendance", "roll_mark", "late_ask", "waiting"),
    export={
        "reservations": """SELECT r.reservation_id, r.child_id, a.name AS activity, s.date,
                                  r.confirmed, r.late, r.past_deadline, r.past_line, r.by_staff,
                                  r.changed_at
                           FROM reservation r JOIN session s USING (session_id)
                           JOIN activity a USING (activity_id)
                           WHERE r.family_id = $1 ORDER BY s.date, r.reservation_id""",
        "attendance": """SELECT t.attendance_id, t.child_id, a.name AS activity, s.date, t.state,
                                t.arrived_at, t.left_at, t.late_pickup_minutes, t.excused,
                                t.taken_at
                         FROM attendance t JOIN session s USING (session_id)
                         JOIN activity a USING (activity_id)
                         WHERE t.family_id = $1 ORDER BY s.date, t.attendance_id""",
        "marks": """SELECT m.child_id, s.date, m.state, m.arrived_at, m.left_at, m.taken_at
                    FROM roll_mark m JOIN session s USING (session_id)
                    WHERE m.family_id = $1 ORDER BY m.taken_at, m.mark_id""",
        "waiting": """SELECT w.waiting_id, w.child_id, a.name AS activity, s.date,
                             w.state AS wait_state, w.joined_at, w.answer_until,
                             w.changed_at
                      FROM waiting w JOIN session s USING (session_id)
                      JOIN activity a USING (activity_id)
                      WHERE w.family_id = $1 ORDER BY w.joined_at, w.waiting_id""",
        "late_requests": """SELECT q.ask_id, q.child_id, a.name AS activity, s.date,
                                   q.state AS status, q.reason, q.asked_at, q.answered_at
                            FROM late_ask q JOIN session s USING (session_id)
                            JOIN activity a USING (activity_id)
                            WHERE q.family_id = $1 ORDER BY s.date, q.ask_id""",
    },
    # What was asked served its day; its reasons may name the child.
    erase=("DELETE FROM late_ask WHERE family_id = $1",),
    retention=Retention(
        months=72,
        reason="Justifier les aides reçues pour l’accueil des enfants (contrôles de la CAF). "
        "Sans nom, par numéros seulement.",
        last_day="""SELECT max(date) FROM session WHERE session_id IN
                    (SELECT session_id FROM reservation WHERE family_id = $1
                     UNION ALL SELECT session_id FROM attendance WHERE family_id = $1
                     UNION ALL SELECT session_id FROM waiting WHERE family_id = $1)""",
    ),
    expire=(
        "DELETE FROM roll_mark WHERE family_id = $1",
        "DELETE FROM attendance WHERE family_id = $1",
        "DELETE FROM reservation WHERE family_id = $1",
        "DELETE FROM waiting WHERE family_id = $1",
    ),
)

AGENDA_LINKS = Holding(
    key="agenda_links",
    label="Liens d’abonnement à l’agenda",
    purpose="Montrer les réservations dans l’agenda du téléphone ou de l’ordinateur.",
    kept="Jusqu’à leur suppression, au plus tard avec la fiche de la famille.",
    tables=("agenda_link",),
    export={
        "agenda_links": """SELECT link_id, label, child_id, created_at, renewed_at, last_read_on
                           FROM agenda_link WHERE family_id = $1 ORDER BY created_at, link_id""",
    },
    erase=("DELETE FROM agenda_link WHERE family_id = $1",),
)

ABSENCES = Holding(
    key="absences",
    label="Absences déclarées",
    purpose="Prévenir les équipes, et ne pas facturer une absence justifiée.",
    kept="Tant que la famille a une fiche.",
    tables=("absence", "certificate"),
    export={
        "absences": """SELECT absence_id, child_id, first_day, last_day, reason_kind,
                              state AS absence_state,
                              certificate_on, refusal, declared_at, decided_at
                       FROM absence WHERE family_id = $1 ORDER BY first_day, absence_id""",
    },
    erase=(
        "DELETE FROM absence WHERE family_id = $1",
        "DELETE FROM certificate WHERE family_id = $1",
    ),
)

PERSONAL = PersonalData(
    (CHILDREN, ABSENCES, ATTENDANCE, AGENDA_LINKS), before_erasure=free_coming_places
)
