-- Tokens with which other programs ask and write, and the answers that a repeated request is given again. Nothing here is
-- ever changed or deleted. Moments are UTC: an expiry must not jump an hour when the clocks do.

-- secret is the SHA-256 of what was shown once; who reads this table cannot ask anything with it.
CREATE TABLE api_token (
    token   INTEGER NOT NULL,
    account VARCHAR NOT NULL,
    name    VARCHAR NOT NULL,
    secret  VARCHAR NOT NULL,
    scopes  VARCHAR[] NOT NULL,
    issued  TIMESTAMP NOT NULL,
    expires TIMESTAMP NOT NULL,
    who     VARCHAR NOT NULL
);

CREATE TABLE api_token_revoked (
    token   INTEGER NOT NULL,
    revoked TIMESTAMP NOT NULL,
    who     VARCHAR NOT NULL,
    reason  VARCHAR NOT NULL
);

-- One row for each day (UTC) on which a token was used: when it was last needed, and no log of what people do.
CREATE TABLE api_token_used (
    token INTEGER NOT NULL,
    day   DATE NOT NULL
);

-- What a request with an Idempotency-Key was answered, in the transaction of what it wrote. request is the SHA-256 of all
-- that made it up; the same key with another request is refused.
CREATE TABLE answered_request (
    account VARCHAR NOT NULL,
    key     VARCHAR NOT NULL,
    request VARCHAR NOT NULL,
    "at"    TIMESTAMP NOT NULL,
    status  INTEGER NOT NULL,
    answer  JSON NOT NULL
);
