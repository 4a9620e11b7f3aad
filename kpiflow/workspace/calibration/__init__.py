"""Calibration sessions over a group, and the distribution of grades."""
