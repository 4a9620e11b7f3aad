"""From what was measured to points: phasing, attainment, curves, missing data, pace and status, all as expressions.

Floor 4: knows core and frames. Reads no clock, file or database.
"""
