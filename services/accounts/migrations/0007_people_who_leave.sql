-- A child that is taken out of a file leaves what was answered for it behind: answers are kept
-- beside the version they were given to, until the family is erased.
ALTER TABLE consent_answer DROP CONSTRAINT consent_answer_child_id_fkey;
