-- Who a message is for when no family file names them: [id, first name, last name, mail].
ALTER TABLE message ADD COLUMN newcomer jsonb;
