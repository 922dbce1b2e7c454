-- Events to tell, written in the transaction that causes them. Maps to Debezium's
-- outbox columns: topic = aggregatetype, key = aggregateid, body = payload.
CREATE TABLE outbox (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id uuid NOT NULL UNIQUE,
    topic text NOT NULL,
    key text NOT NULL,
    type text NOT NULL,
    body text NOT NULL,
    correlation_id text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    published_at timestamptz
);
CREATE INDEX outbox_unpublished ON outbox (position) WHERE published_at IS NULL;
CREATE INDEX outbox_published_at ON outbox (published_at) WHERE published_at IS NOT NULL;

-- Events taken in: the row is written in the transaction of the event's effect.
CREATE TABLE inbox (
    event_id uuid PRIMARY KEY,
    received_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX inbox_received_at ON inbox (received_at);

-- Events that could not be taken in, whole, so that they can be tried again
-- whatever has become of the bus.
CREATE TABLE dead_letter (
    id uuid PRIMARY KEY,
    event_id uuid,
    topic text NOT NULL,
    key text NOT NULL,
    headers jsonb NOT NULL,
    body bytea NOT NULL,
    reason text NOT NULL,
    attempts integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    replayed_at timestamptz
);
CREATE INDEX dead_letter_waiting ON dead_letter (created_at) WHERE replayed_at IS NULL;

-- First answers to requests that carried an Idempotency-Key.
CREATE TABLE idempotency_key (
    caller text NOT NULL,
    key text NOT NULL,
    fingerprint text NOT NULL,
    status integer,
    body text,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (caller, key)
);
CREATE INDEX idempotency_key_created_at ON idempotency_key (created_at);
