"""Whole lists for programs: within the rights of whoever asks, a part at a time, as known at any moment."""
