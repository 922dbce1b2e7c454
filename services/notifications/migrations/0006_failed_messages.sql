-- The office looks for what did not get through, among years of what did.
CREATE INDEX message_failed ON message (created_at DESC) WHERE status = 'failed';
