"""Where a goal will end: a level learnt from its own history and from others like it, an interval, and chances.

Floor 4: knows core and frames. Reads no clock, file or database.
"""
