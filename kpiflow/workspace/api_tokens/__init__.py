"""Tokens with which other programs ask and write: made, shown once, known by their hash, revoked."""
