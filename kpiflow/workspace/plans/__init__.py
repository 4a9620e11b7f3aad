"""The life of an incentive plan: tested, published by two people, and what it needs to know of those it pays."""
