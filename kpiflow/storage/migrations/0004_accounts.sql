-- Who may sign in, and what became of it. Nothing here is ever changed or deleted: an account is its newest version, a
-- token counts until a row says that it has ended. Moments of tokens and attempts are UTC: an expiry must not jump an hour
-- when the clocks do.

-- password is an Argon2 hash; null: the account has none (yet), or signs in at an identity provider.
CREATE TABLE account (
    version     INTEGER NOT NULL,
    account     VARCHAR NOT NULL,
    person      VARCHAR,
    roles       VARCHAR[] NOT NULL,
    password    VARCHAR,
    disabled    BOOLEAN NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    who         VARCHAR NOT NULL
);

-- token is the SHA-256 of what the browser holds; who reads this table cannot sign in with it.
-- purpose is session, or welcome for the link with which somebody sets a first password.
CREATE TABLE token (
    token   VARCHAR NOT NULL,
    purpose VARCHAR NOT NULL,
    account VARCHAR NOT NULL,
    issued  TIMESTAMP NOT NULL,
    expires TIMESTAMP NOT NULL
);

CREATE TABLE token_ended (
    token VARCHAR NOT NULL,
    ended TIMESTAMP NOT NULL,
    why   VARCHAR NOT NULL
);

-- account is null when no such account is there: people type passwords into the wrong field, and those are not kept.
CREATE TABLE sign_in_attempt (
    account VARCHAR,
    address VARCHAR NOT NULL,
    "at"    TIMESTAMP NOT NULL,
    ok      BOOLEAN NOT NULL
);
