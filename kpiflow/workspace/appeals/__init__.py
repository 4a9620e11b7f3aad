"""Appeals: a disputed line, its evidence, and the decision."""
