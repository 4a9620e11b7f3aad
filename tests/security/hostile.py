"""A company whose every name is an attack: script, markup of pages, of Markdown, of charts and of paper, formulas, escapes."""

import csv
import re
import shutil
from contextlib import closing
from pathlib import Path

from kpiflow.workspace import Asker, Workspace
from kpiflow.workspace.commands import apply
from kpiflow.workspace.demo import config_folder
from kpiflow.workspace.reporting.spoken import Said

#: Where an attack would lead to; whatever a reader could follow or load from there is a hole.
ELSEWHERE = "evil.example"

SCRIPT = "<script>alert(1)</script>"
PICTURE = "<img src=x onerror=alert(1)>"
LINK = f'<a href="https://{ELSEWHERE}">sign in</a>'
MARKDOWN = f"[sign in](https://{ELSEWHERE}) ![p](https://{ELSEWHERE}/p.png)"
PAPER = f'#link("https://{ELSEWHERE}")[x] #read("/etc/passwd") $x$ `y` @z'

#: All of them in one name, as a formula on top.
NAME = f"=1+1 {LINK} {MARKDOWN} {PICTURE} {SCRIPT} {PAPER}"


def company(folder: Path) -> Path:
    """Write the example company with attacks behind all its names; return the folder."""
    shutil.copytree(config_folder(), folder)
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        for row in rows:
            row.update({name: f"{row[name]} {NAME}" for name in ("label", "label_zh") if row.get(name)})
        with path.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    quoted = NAME.replace("'", "''")
    for path in folder.rglob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        named = re.sub(
            r"^( *-? *label(?:_zh)?): ([^\n>|'\"{]+)$", rf"\1: '\2 {re.escape(quoted)}'", text, flags=re.MULTILINE
        )
        path.write_text(named.replace("\\", ""), encoding="utf-8")
    return folder


def store(demo: Path, at: Path) -> Path:
    """Make a copy of the example store in which everything that people name, write and attach is an attack."""
    path = Path(shutil.copy(demo, at / "hostile.duckdb"))
    with closing(Workspace.open(path, demo=True)) as ws:
        apply(ws, company(at / "company"), who="test")
        number = ws.ask(Asker("p0002"), "p0101-ontime", NAME, person="p0101")
        ws.answer(Asker("p0101"), number, NAME)
        ws.check_in(Asker("p0101"), "p0101-ontime", Said(words=NAME))
    return path
