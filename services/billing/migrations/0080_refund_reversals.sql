-- A refund that the bank sent back, or that was recorded by mistake: never changed, never deleted,
-- undone once.
CREATE TABLE refund_reversal (
    reversal_id uuid PRIMARY KEY,
    refund_id uuid NOT NULL UNIQUE REFERENCES refund,
    reason text NOT NULL CHECK (reason <> ''),
    reversed_at timestamptz NOT NULL,
    reversed_by uuid
);
