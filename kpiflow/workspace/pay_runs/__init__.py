"""Pay runs from dry run to final, statements, payroll files and the budget."""
