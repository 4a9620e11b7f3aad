"""Targets on their way down: setting, splitting, proposing, answering, adding up, and the desks where it is done."""
