"""Statements as workbooks: every component of a plan as a live formula over cells of inputs and of the plan's numbers."""
