"""Whatever comes in kinds, from its registry: curves, conventions, policies, components, checks, sources and pages."""

import ast
import importlib
from pathlib import Path
from typing import Any, get_args

from docs.writing.markdown import both, code, first, prose, table, where
from docs.writing.schema import fields, parts
from docs.writing.tables import columns

#: Fields every curve has; they are described once.
SHARED = ("kind", "curve", "label", "label_zh", "on", "round")


def curves() -> str:
    """Return every kind of curve with its fields."""
    from kpiflow.scoring.curves import CURVES
    from kpiflow.scoring.curves.base import BaseCurve

    schemas = {kind.model_fields["kind"].default: kind.model_json_schema(by_alias=True) for kind in CURVES}
    found = [
        "A curve says what a result earns. Curves are listed in `curves.yaml`; a goal names one in its column `curve`.",
        "How to add a kind: [add a curve](../recipes/add-a-curve.md).",
        table(("kind", "gives"), [(code(kind.model_fields["kind"].default), both(kind.summary)) for kind in CURVES]),
        f"## Fields of every curve\n\n{fields(_shared(BaseCurve.model_json_schema(by_alias=True)))}",
    ]
    seen = set(schemas)
    for kind in CURVES:
        name = kind.model_fields["kind"].default
        found.append(
            f"## {name}\n\n{where(kind)}\n\n{prose(kind)}\n\n{fields(_own(schemas[name]), SHARED, schemas[name].get('$defs'))}"
        )
    inside: dict[str, Any] = {}
    for schema in schemas.values():
        inside |= schema.get("$defs", {})
    classes = {kind.__name__ for kind in CURVES}
    found.append("## Parts of curves")
    found += parts({"$defs": dict(sorted(inside.items()))}, 3, seen | classes)
    return "\n\n".join(found)


def _shared(schema: dict[str, Any]) -> dict[str, Any]:
    return schema | {
        "properties": {name: schema["properties"][name] for name in SHARED if name in schema["properties"]}
    }


def _own(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the object itself: a model that refers to itself is kept behind a reference."""
    if "$ref" in schema:
        own: dict[str, Any] = schema["$defs"][schema["$ref"].rsplit("/", 1)[1]]
        return own
    return schema


def attainment() -> str:
    """Return every convention with its formula."""
    from kpiflow.scoring.attainment import ATTAINMENTS, DEFAULTS

    rows = [
        (code(kind.name), both(kind.formula), ", ".join(code(need) for need in kind.needs), where(kind))
        for kind in ATTAINMENTS
    ]
    defaults = [(code(direction.value), code(name)) for direction, name in DEFAULTS.items()]
    return "\n\n".join(
        [
            (
                "Attainment says where an actual lies against its target; 100 % is the target. A goal names its convention in the "
                "column `attainment`, and the convention is shown beside every number it made."
            ),
            table(("convention", "formula", "anchors it needs", "file"), rows),
            "## When a goal names none\n\nThe metric's direction decides.",
            table(("direction", "convention"), defaults),
            *(f"## {kind.name}\n\n{prose(kind)}" for kind in ATTAINMENTS),
        ]
    )


def missing() -> str:
    """Return every missing-data policy."""
    from kpiflow.scoring.missing import POLICIES

    rows = [(code(kind.name), both(kind.summary), first(kind), where(kind)) for kind in POLICIES]
    return (
        "A goal names its policy in the column `missing`. What the policy did is shown beside the number; coverage says how much "
        "of the weight had data.\n\n" + table(("policy", "in short", "what it does", "file"), rows)
    )


def splits() -> str:
    """Return every way to split a target, with what it needs to know of the children."""
    from kpiflow.cascade.splitting import METHODS
    from kpiflow.cascade.ways import Way

    metrics = {Way.SUM: "amounts", Way.VOLUME_WEIGHTED: "rates", Way.NOT_SPLITTABLE: "what has no parts"}
    rows = [
        (
            code(kind.name),
            both(kind.summary),
            ", ".join(code(need) for need in kind.needs),
            ", ".join(said for way, said in metrics.items() if way in kind.ways),
            where(kind),
        )
        for kind in METHODS
    ]
    return "\n\n".join(
        [
            (
                "`kpiflow split GOAL --method METHOD --period P` shows what a split would be and do; with `--make` it is written. "
                "The rules all of them keep (locked children, buffer, whole steps): [targets down](../cascade.md)."
            ),
            table(("method", "gives each goal below", "needs of each", "for", "file"), rows),
            *(f"## {kind.name}\n\n{prose(kind)}" for kind in METHODS),
        ]
    )


def components() -> str:
    """Return every kind of incentive component with its fields."""
    from kpiflow.incentives.components import COMPONENTS

    found = [
        (
            "A plan pays by components, in the order they are written; each becomes one line of the statement. "
            "How to add a kind: [add an incentive component](../recipes/add-an-incentive-component.md)."
        ),
        table(("kind", "what it does"), [(code(_kind(kind)), first(kind)) for kind in COMPONENTS]),
    ]
    seen = {kind.__name__ for kind in COMPONENTS}
    inside: dict[str, Any] = {}
    for kind in COMPONENTS:
        schema = kind.model_json_schema(by_alias=True)
        inside |= schema.get("$defs", {})
        found.append(
            f"## {_kind(kind)}\n\n{where(kind)}\n\n{prose(kind)}\n\n{fields(_own(schema), ('kind',), schema.get('$defs'))}"
        )
    sections = list(parts({"$defs": dict(sorted(inside.items()))}, 3, seen))
    return "\n\n".join([*found, *(["## Parts of components", *sections] if sections else [])])


def _kind(kind: Any) -> str:
    """Return the word a kind is written by: it has no default, so that it is always written."""
    return str(get_args(kind.model_fields["kind"].annotation)[0])


def checks() -> str:
    """Return every check; its file is named as the statement it makes."""
    from kpiflow.definitions.checks import CHECKS

    homes = [importlib.import_module(check.__module__) for check in CHECKS]
    rows = [(home.__name__.rsplit(".", 1)[1].replace("_", " "), first(home), where(home)) for home in homes]
    return (
        "`kpiflow check` reports every problem at once, each as `path:line: level: message`. An error stops `kpiflow apply`, "
        "a warning is only shown.\n\n" + table(("statement", "what is checked", "file"), rows)
    )


def sources() -> str:
    """Return every reader of measurement files and the columns all of them lead to."""
    from kpiflow.frames.measurements import Tidy
    from kpiflow.sources import READERS

    rows = [(", ".join(map(code, reader.SUFFIXES)), first(reader), where(reader)) for reader in READERS]
    return "\n\n".join(
        (
            "`kpiflow load` chooses by the file's ending. How to add one: [add a source](../recipes/add-a-source.md).",
            table(("ending", "what it reads", "file"), rows),
            (
                "## The tidy form\n\nOne fact per row, either a `value` or a `numerator` and a `denominator`. A bad row is set "
                "aside with the rule it broke; the good ones go in."
            ),
            columns(Tidy),
            *_live_sources(),
        )
    )


def _live_sources() -> list[str]:
    """Return every kind of live source with its fields."""
    from kpiflow.core.live_source import LiveSource
    from kpiflow.sources.live import CONNECTORS

    def kind_of(kind: Any) -> str:
        return str(kind.model_fields["kind"].default)

    def own(kind: Any) -> Any:
        return kind.model_json_schema(by_alias=True)

    shared = tuple(LiveSource.model_fields)
    found = [
        (
            "## Live sources\n\nListed in `sources.yaml`; how they work: [live sources](../sources.md). How to add a kind: "
            "[add a source](../recipes/add-a-source.md)."
        ),
        table(("kind", "fetches from"), [(code(kind_of(kind)), both(kind.summary)) for kind in CONNECTORS]),
        f"### Fields of every live source\n\n{fields(LiveSource.model_json_schema(by_alias=True))}",
    ]
    for kind in CONNECTORS:
        schema = own(kind)
        found.append(
            f"### {kind_of(kind)}\n\n{where(kind)}\n\n{prose(kind)}\n\n{fields(schema, (*shared, 'kind'), schema.get('$defs'))}"
        )
    found.append("### Parts of live sources")
    found += parts(LiveSource.model_json_schema(by_alias=True), 4, set())
    return found


def pages() -> str:
    """Return every page of the dashboards, with the first line of its file; the file itself is only read, not run."""
    from dashboards.pages import PAGES, path

    rows = []
    for page in PAGES:
        file = f"dashboards/{page.file}"
        about = ast.get_docstring(ast.parse(Path(file).read_text(encoding="utf-8"))) or ""
        rows.append((both(page.title), code(f"/{path(page)}"), about.split("\n\n")[0], f"[{file}](../../{file})"))
    return (
        "State lies in the address: a link shows what its sender saw. How to add one: [add a page](../recipes/add-a-page.md).\n\n"
        + table(("page", "address", "what it shows", "file"), rows)
    )


def rights() -> str:
    """Return every action with whom it works on, what each question of the door needs, and the example company's roles."""
    from dashboards.pages import PAGES
    from kpiflow.access.actions import ACTIONS
    from kpiflow.definitions.reading import read_company
    from kpiflow.workspace.rights import DESKS, ENTRIES

    roles = read_company(Path("config")).required().roles.values()
    works = [
        (code(one.name), both(one.label), code(one.on.value), "roles" if one.listed else "scope")
        for one in ACTIONS.values()
    ]
    asked = [(code(one.name), code(one.action), one.about, "writes" if one.writes else "reads") for one in ENTRIES]
    held = [
        (code(role.role), role.reads.value, role.appraisals.value, role.pay.value, ", ".join(map(code, role.actions)))
        for role in roles
    ]
    return "\n\n".join(
        [
            (
                "A role says in `roles.yaml` whose goals (`reads`), scores (`appraisals`) and payouts (`pay`) its holder may "
                "read, and what the holder may do. `kpiflow who WHO WHAT [ON]` answers for one person, with the reason."
            ),
            "## Actions",
            (
                "`own`: what a person answers for, and a unit they lead in that role. `below`: the units and people under those "
                "they lead, never their own. `reads`, `appraisals`, `pay`: whoever the role's scope reaches."
            ),
            table(("action", "may", "on whom", "comes from"), works),
            "## Roles of the example company",
            table(("role", "reads", "appraisals", "pay", "actions"), held),
            "## Questions and changes\n\nEach method of the workspace that hears who is asking.",
            table(("method", "needs", "about", "does"), asked),
            "## Pages",
            table(("page", "needs"), [(code(page.id), code(page.needs)) for page in PAGES]),
            "The page somebody lands on is that of the first action here that a role of theirs names, else `overview`.",
            table(("action", "desk"), [(code(action), code(page)) for action, page in DESKS]),
        ]
    )
