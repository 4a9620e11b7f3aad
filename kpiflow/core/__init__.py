"""What the words mean: frozen definitions of a company's calendar, metrics, goals and rules.

Floor 3: knows errors and language. Reads no clock, file or database.
"""
