"""KPIFlow: targets flow down, results flow up, pay follows the rules, and every number can say why."""

__version__ = "0.1.0"
