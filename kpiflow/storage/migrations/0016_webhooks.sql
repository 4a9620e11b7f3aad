-- Webhooks: who is told what happened here, and every try to tell it. Nothing here is ever changed or deleted: a webhook
-- counts until a row says that it has ended, and the newest try of an event says how its delivery stands. Moments are UTC:
-- a retry must not jump an hour when the clocks do.

-- events are the kinds of event it is told of; since_event is the newest event there was when it was added, which it is
-- not told any more.
CREATE TABLE webhook (
    webhook     INTEGER NOT NULL,
    url         VARCHAR NOT NULL,
    events      VARCHAR[] NOT NULL,
    since_event INTEGER NOT NULL,
    added       TIMESTAMP NOT NULL,
    who         VARCHAR NOT NULL
);

-- The secret that its messages are signed with, apart from the rest: what is exported leaves this table out.
CREATE TABLE webhook_secret (
    webhook INTEGER NOT NULL,
    secret  VARCHAR NOT NULL
);

CREATE TABLE webhook_ended (
    webhook INTEGER NOT NULL,
    ended   TIMESTAMP NOT NULL,
    who     VARCHAR NOT NULL,
    why     VARCHAR
);

-- Written in the transaction of what it tells about, so that neither is there without the other. id is what receivers know
-- it by, the same at every try. only_webhook: told to this one alone, as a test is.
CREATE TABLE webhook_event (
    event        INTEGER NOT NULL,
    id           VARCHAR NOT NULL,
    kind         VARCHAR NOT NULL,
    written      TIMESTAMP NOT NULL,
    data         JSON NOT NULL,
    only_webhook INTEGER
);

-- outcome: delivered, failed (tried again at next_at), given_up, or asked (somebody asked for it to be sent again).
CREATE TABLE webhook_try (
    event    INTEGER NOT NULL,
    webhook  INTEGER NOT NULL,
    number   INTEGER NOT NULL,
    "at"     TIMESTAMP NOT NULL,
    outcome  VARCHAR NOT NULL,
    status   INTEGER,
    said     VARCHAR,
    took_ms  INTEGER,
    next_at  TIMESTAMP
);

-- When goals were last compared with what had been told of them, and which turned: the newest row of a goal counts.
CREATE TABLE off_track_look (
    look   INTEGER NOT NULL,
    period VARCHAR NOT NULL,
    "at"   TIMESTAMP NOT NULL,
    event  INTEGER
);

CREATE TABLE off_track_told (
    look   INTEGER NOT NULL,
    period VARCHAR NOT NULL,
    goal   VARCHAR NOT NULL,
    off    BOOLEAN NOT NULL
);
