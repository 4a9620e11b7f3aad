"""What the tables look like: one schema per table, one name per column everywhere.

Floor 3: knows core's words. Reads no clock, file or database.
"""
