"""Everything that ever happened to a goal: who changed what, when, why and through what, from every place that knows."""
