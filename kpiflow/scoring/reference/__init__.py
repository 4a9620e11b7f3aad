"""The slow reference: a whole small company scored in exact fractions, one goal after another, from raw measurements.

It shares the definitions and each convention's and curve's `exact` with the fast path, and nothing else; tests hold
the fast path to it. Floor 4, part of scoring. Reads no clock, file or database.
"""

from kpiflow.scoring.reference.scoring import Result, score_world
from kpiflow.scoring.reference.world import Fact, Goal, World, goals_from, world_of

__all__ = ["Fact", "Goal", "Result", "World", "goals_from", "score_world", "world_of"]
