-- A webhook's signing secret can be exchanged: the newest row signs, and until both_until the one before it as well, so that
-- receivers change over in their own time. since is null for the first one; nothing is changed or deleted. Moments are UTC.
ALTER TABLE webhook_secret ADD COLUMN since TIMESTAMP;
ALTER TABLE webhook_secret ADD COLUMN both_until TIMESTAMP;
