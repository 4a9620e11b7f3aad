"""Documents on paper: a template and its facts become a PDF with its fonts inside, the same bytes for the same facts.

Floor 4: knows core and language. Reads no clock, database or user; its only files are its own templates and fonts.
"""

from kpiflow.printing.typesetting import typeset

__all__ = ["typeset"]
