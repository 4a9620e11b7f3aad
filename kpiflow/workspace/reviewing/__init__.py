"""Appraisal reviews: templates' ratings, adjustments, and the way from self to manager to HR to signed."""
