"""Where whoever finds out who asks writes it down, for the log alone."""

#: The name of the entry in a request's scope.
ASKER = "kpiflow.asker"
