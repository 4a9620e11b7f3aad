"""Everybody's appraisal scores: the list with its filters, why one of them is what it is, and files that can be checked."""
