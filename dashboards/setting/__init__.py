"""Setting targets on screen: the form that changes one goal, the form that adds one, and what both say before writing."""
