"""YAML text as plain values that remember the line each was written on.

Floor 5: knows ruamel.yaml. Reads no clock or database.
"""

import datetime
import io
import re
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from kpiflow.errors import Level, Problem
from kpiflow.language import Message, msg

#: How many values the aliases (*) of one file may stand for in all: a page of them can stand for more than any memory.
_ALIASED = 100_000

#: What no table, terminal or CSV file keeps as it is: control characters except tab and line feed, halves of characters.
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass
class Written:
    """A value with its line; `text` is a scalar exactly as a person wrote it, `parts` are what a list or mapping holds."""

    value: Any
    line: int
    text: str | None = None
    parts: "dict[object, Written]" = field(default_factory=dict)
    keys: dict[object, int] = field(default_factory=dict)

    def line_of(self, loc: tuple[object, ...]) -> int:
        """Return the line of what `loc` leads to, or of the nearest thing around it that was written."""
        here, line = self, self.line
        for step in loc:
            if step in here.parts:
                line = here.keys.get(step, here.parts[step].line)
                here = here.parts[step]
            elif step in here.keys:
                return here.keys[step]
        return line

    def part(self, loc: tuple[object, ...]) -> "Written | None":
        """Return what `loc` leads to, steps that are not written (such as the kind of a union) being skipped."""
        here: Written | None = self
        for step in loc:
            if here is not None and step in here.parts:
                here = here.parts[step]
            elif here is None or not isinstance(step, str):
                return None
        return here


@dataclass
class _Builder:
    path: str
    problems: list[Problem] = field(default_factory=list)
    built: dict[int, Written] = field(default_factory=dict)
    open: set[int] = field(default_factory=set)
    sizes: dict[int, int] = field(default_factory=dict)  # how many values a node holds, by its id
    aliased: int = 0

    def problem(self, node: Node, message: Message) -> None:
        self.problems.append(Problem(self.path, node.start_mark.line + 1, Level.ERROR, message))

    def build(self, node: Node) -> Written:
        known = self.built.get(id(node))
        line = node.start_mark.line + 1
        if known is not None:
            self.aliased += self.sizes[id(node)]
            if self.aliased <= _ALIASED:
                return known
            self.problem(node, msg("The aliases (*) of this file stand for too many values. Write them out."))
            return Written(None, line)
        if id(node) in self.open:
            self.problem(node, msg("This refers to itself with an alias (*). Write the value out."))
            return Written(None, line)
        self.open.add(id(node))
        if isinstance(node, MappingNode):
            found = self._mapping(node, line)
        elif isinstance(node, SequenceNode):
            parts: dict[object, Written] = {number: self.build(item) for number, item in enumerate(node.value)}
            found = Written([part.value for part in parts.values()], line, parts=parts)
        else:
            found = Written(_scalar(node), line, text=_text(node))
            if _UNFIT.search(_text(node)):  # written as an escape, such as "\0"
                self.problem(node, msg("There is a control character here that a text file cannot have."))
                found = Written(None, line)
        self.open.discard(id(node))
        self.built[id(node)] = found
        self.sizes[id(node)] = 1 + sum(self.sizes.get(id(below), 1) for below in _below(node))
        return found

    def _mapping(self, node: MappingNode, line: int) -> Written:
        found = Written({}, line)
        merged: list[Written] = []
        for key_node, value_node in node.value:
            if key_node.tag.endswith(":merge"):
                sources = value_node.value if isinstance(value_node, SequenceNode) else [value_node]
                merged += [self.build(source) for source in sources]
                continue
            if not isinstance(key_node, ScalarNode):
                self.problem(key_node, msg("The name of a field must be a word, not a list or mapping."))
                continue
            key = str(key_node.value)
            if key in found.parts:
                self.problem(key_node, msg("'{field}' is written twice here; keep one.", field=key))
                continue
            found.keys[key] = key_node.start_mark.line + 1
            found.parts[key] = self.build(value_node)
        for source in merged:
            for name, part in source.parts.items():
                if name not in found.parts:
                    found.parts[name], found.keys[name] = part, source.keys.get(name, part.line)
        found.value = {key: part.value for key, part in found.parts.items()}
        return found


def _below(node: Node) -> list[Node]:
    """Return the nodes directly below a node."""
    if isinstance(node, MappingNode):
        return [value for _, value in node.value]
    return list(node.value) if isinstance(node, SequenceNode) else []


def _scalar(node: Node) -> object:
    """Return a scalar as YAML 1.2 means it; what cannot be converted stays text."""
    text, kind = _text(node), str(node.tag).rsplit(":", 1)[-1]
    try:
        if kind == "null":
            return None
        if kind == "bool":
            return text.lower() == "true"
        if kind == "int":
            return (
                int(text.replace("_", ""), 0) if text.lower().startswith(("0x", "0o")) else int(text.replace("_", ""))
            )
        if kind == "float":
            return float(text.replace("_", "").lower().replace(".inf", "inf").replace(".nan", "nan"))
        if kind == "timestamp" and len(text) == 10:
            return datetime.date.fromisoformat(text)
    except ValueError:
        return text
    return text


def _text(node: Node) -> str:
    """Return what a scalar says; the reader marks the folds of a `>` text with a bell, which nobody wrote."""
    return str(node.value).replace("\a", "")


def decoded(raw: bytes, path: str) -> tuple[str | None, list[Problem]]:
    """Return the text of a file in UTF-8, or the problem that it is in something else."""
    if b"\x00" in raw:
        return None, [Problem(path, 1, Level.ERROR, msg("This is not a text file. Write it as plain text in UTF-8."))]
    try:
        return raw.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        said = msg("This is not UTF-8 text (perhaps GBK, as Excel saves it). Save the file again as UTF-8.")
        return None, [Problem(path, line, Level.ERROR, said)]


def read_yaml(raw: bytes, path: str) -> tuple[Written | None, list[Problem]]:
    """Return what a YAML file says with its lines, and every problem of its form; never raises."""
    text, problems = decoded(raw, path)
    if text is None:
        return None, problems
    try:
        node = YAML(typ="rt", pure=True).compose(io.StringIO(text))
    except YAMLError as error:
        return None, [_form_problem(error, text, path)]
    except RecursionError:
        return None, [Problem(path, 1, Level.ERROR, msg("This is nested too deeply to be read."))]
    except Exception:  # noqa: BLE001  the parser has been seen to raise other errors on damaged text
        return None, [Problem(path, 1, Level.ERROR, msg("This cannot be read as YAML."))]
    if node is None:
        return None, [Problem(path, 1, Level.ERROR, msg("The file is empty."))]
    builder = _Builder(path)
    try:
        return builder.build(node), builder.problems
    except RecursionError:
        return None, [Problem(path, 1, Level.ERROR, msg("This is nested too deeply to be read."))]


def _form_problem(error: YAMLError, text: str, path: str) -> Problem:
    """Return a syntax error as a person would say it."""
    if isinstance(error, ReaderError):
        line = text[: int(error.position)].count("\n") + 1 if isinstance(error.position, int) else 1
        return Problem(path, line, Level.ERROR, msg("There is a control character here that a text file cannot have."))
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line = mark.line + 1 if mark is not None else 1
    detail = str(getattr(error, "problem", None) or "") if isinstance(error, MarkedYAMLError) else str(error)
    said = msg("This is not well-formed YAML: {detail}.", detail=detail)
    if "\\t" in detail:
        said = msg("There is a tab here. Indent YAML with spaces only.")
    elif "mapping values are not allowed" in detail:
        said = msg("There is a second ': ' on this line. Put the text in quotes, or check the indentation.")
    elif "another document" in detail:
        said = msg("A second document begins here ('---'). Keep one document per file.")
    elif "undefined alias" in detail:
        said = msg("The alias (*) here is not defined. A text that begins with * needs quotes.")
    elif "cannot start any token" in detail:
        said = msg("A text that begins with @, ` or % needs quotes.")
    return Problem(path, line, Level.ERROR, said)
