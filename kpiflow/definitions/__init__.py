"""YAML and CSV ⇄ company: reading with every problem at its line, checking, comparing and writing back.

Floor 5: knows errors, language, core, frames, scoring, appraisal and incentives. Never meets the cascade or the store.
"""
