"""Webhooks: other systems are told what happened here, signed, and as often as it takes."""
