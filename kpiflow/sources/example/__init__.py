"""The example company: what is invented around the real flights, and the tables of `config/` it is written to.

Floor 4: knows core and frames. Reads no store and no clock; the same call gives the same rows for ever.
"""
