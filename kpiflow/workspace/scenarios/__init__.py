"""Scenarios: what would come out if targets, rules or results were others; nothing is written to the plan."""
