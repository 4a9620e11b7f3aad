"""Who may see and do what, decided in one place, each decision with its reason.

Floor 4: knows core and frames. Reads no clock, file or database.
"""
