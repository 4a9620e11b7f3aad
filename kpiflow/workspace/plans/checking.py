"""Plans to be tested, from a file, a configuration folder or the store, with the place each part is written at."""

from dataclasses import dataclass
from pathlib import Path

from kpiflow.definitions.facts import FILES, Found, take_items
from kpiflow.definitions.places import Spot
from kpiflow.definitions.reading import read_company
from kpiflow.definitions.written import read_yaml
from kpiflow.errors import InvalidInput, Level, Problem
from kpiflow.incentives.plan import Plan
from kpiflow.language import msg
from kpiflow.workspace.books import Books
from kpiflow.workspace.plans.publishing import plan_named
from kpiflow.workspace.plans.testing import Tested, tested


@dataclass(frozen=True)
class Placed:
    """A plan with what testing it found; `spot` is where it is written, None for one that comes from the store."""

    plan: Plan
    tested: Tested
    spot: Spot | None = None

    def place(self, loc: tuple[object, ...]) -> str:
        """Return where a part of the plan is: file and line, or in the store the way to it, such as components[3].rows[2]."""
        if self.spot is not None:
            return f"{self.spot.path}:{self.spot.written.line_of(loc)}"
        return f"{self.plan.plan}: {way(loc)}"


@dataclass(frozen=True)
class ToTest:
    """Plans that were understood, and the problems of those that were not."""

    plans: tuple[Placed, ...]
    problems: tuple[Problem, ...] = ()


def way(loc: tuple[object, ...]) -> str:
    """Return the way to a part in words of the file, counted from 0 as its schema does.

    >>> way(("components", 3, "rows", 2))
    'components[3].rows[2]'
    """
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in loc).lstrip(".")


def plans_at(path: Path) -> ToTest:
    """Return the plans of a plan's file, of a folder of such files, or of a configuration folder with all its checks."""
    if path.is_dir() and (path / "company.yaml").exists():
        return _of_company(path)
    files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    if not files:
        raise InvalidInput(
            msg("There is no plan in {folder}: neither a company.yaml nor a file of a plan.", folder=str(path))
        )
    found, kind = Found(), next(file for file in FILES if file.kind == "plan")
    for file in files:
        written, problems = read_yaml(file.read_bytes(), str(file))
        found.problems += problems
        if written is not None:
            take_items(kind, written, str(file), found)
    return _placed(found.values["plan"], found.spots, tuple(found.problems))


def _of_company(folder: Path) -> ToTest:
    """Return the plans of a configuration folder, with those problems that stand in a plan's file."""
    reading = read_company(folder)
    ours = tuple(one for one in reading.problems if (folder / "plans") in Path(one.path).parents)
    plans = {name: spot for (kind, name), spot in reading.places.facts.items() if kind == "plan"}
    company = reading.company or read_company(folder, checked=False).company
    if company is None:
        return ToTest((), tuple(one for one in reading.problems if one.level is Level.ERROR))
    # What the examples give is told example by example, so what the check says of them is left out.
    lines = {(spot.path, spot.written.line_of(("examples", number))) for spot in plans.values()
             for number in range(len(spot.written.parts["examples"].parts) if "examples" in spot.written.parts else 0)}  # fmt: skip
    ours = tuple(one for one in ours if (one.path, one.line) not in lines)
    return _placed(company.plans, {("plan", name): spot for name, spot in plans.items()}, ours)


def _placed(plans: dict[str, Plan], spots: dict[tuple[str, str], Spot], problems: tuple[Problem, ...]) -> ToTest:
    found = tuple(Placed(plan, tested(plan), spots.get(("plan", name))) for name, plan in plans.items())
    return ToTest(found, problems)


def plans_of(ws: Books, plan: str | None = None) -> ToTest:
    """Return the plans of the store, or the one of an id; raises NotFound with the nearest one."""
    chosen = list(ws.company().plans.values()) if plan is None else [plan_named(ws, plan)]
    return ToTest(tuple(Placed(one, tested(one)) for one in chosen))
