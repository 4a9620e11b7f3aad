"""Appraisal: a person's goals become one score and a grade, and it can say how.

Floor 4: knows core and frames. Reads no clock, file or database, and none of its neighbours.
"""
