"""Incentive plans: typed components compiled to Polars, money exact, every line with its reason.

Floor 4: knows core and frames. Reads no clock, file or database, and none of its neighbours.
"""
