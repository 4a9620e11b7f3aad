"""Keeping what was given: backups while people work, a store proved after it was restored, and everything in open formats."""
