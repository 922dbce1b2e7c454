-- A family may take back what it asks after the limit, and ask again once it was answered: each ask
-- is a row of its own, and one at a time of a child and session waits for an answer.
ALTER TABLE late_ask
    DROP CONSTRAINT late_ask_pkey,
    DROP CONSTRAINT late_ask_ask_id_key,
    DROP CONSTRAINT late_ask_state_check,
    ADD CONSTRAINT late_ask_state CHECK (state IN ('pending', 'accepted', 'refused', 'withdrawn')),
    ADD PRIMARY KEY (ask_id);
CREATE UNIQUE INDEX late_ask_once ON late_ask (session_id, child_id, family_id)
    WHERE state = 'pending';
CREATE INDEX late_ask_place ON late_ask (session_id, child_id, family_id, asked_at);
