"""Closing a period: what is missing, the frozen results, what became known later, and opening it again."""
