"""Questions of fairness that results raise, one per file, each from frames to a frame of what was found.

Floor 4: knows core and frames. Reads no clock, file or database.
"""
