"""Where a cycle stands on its way from goals agreed to people paid, and what comes next."""
