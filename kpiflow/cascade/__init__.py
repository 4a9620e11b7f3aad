"""The tree of results: targets split downward and reconciled, points rolled up level by level.

Floor 5: knows scoring, frames and core. Reads no clock, file or database.
"""
