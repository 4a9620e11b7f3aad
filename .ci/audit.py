"""Ask for known faults of the locked packages with pip-audit, and say plainly what could not be asked.

A known fault ends with exit code 1. Whatever could not be audited is named and is no failure: a machine without a network
can still check its work. An answer is kept beside the virtual environment and counts for a day, while the locks stay as they are.
"""

import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

#: Seconds the whole audit may take, and one question to the service; seconds an answer counts, and one that was none.
LONGEST, WAIT, KEPT, KEPT_UNASKED = 120, 10, 24 * 3600, 3600


@dataclass(frozen=True)
class Found:
    """What came of an audit: the lines to say, and whether there is a known fault, or anything that was not asked."""

    lines: tuple[str, ...]
    faulty: bool = False
    unasked: bool = False


def main(arguments: Sequence[str]) -> int:
    """Audit the lock files named; the first argument is where the last answer is kept."""
    kept, locks = Path(arguments[0]), [Path(name) for name in arguments[1:]]
    key = hashlib.sha256(b"\0".join(lock.read_bytes() for lock in locks)).hexdigest()
    found = recalled(kept, key, time.time())
    if found is None:
        found = judged(*asked(locks))
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps({"key": key, "at": time.time(), **vars(found)}), encoding="utf-8")
    for line in found.lines:
        print(line, file=sys.stderr if found.faulty or found.unasked else sys.stdout)
    return 1 if found.faulty else 0


def asked(locks: Sequence[Path]) -> tuple[str, str]:
    """Return what pip-audit wrote: its report, and what went wrong. Never takes longer than the time there is."""
    command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes", "--format", "json"]
    command += ["--progress-spinner", "off", "--desc", "off", "--timeout", str(WAIT)]
    for lock in locks:
        command += ["--requirement", str(lock)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST, check=False)  # noqa: S603 — our own
    except subprocess.TimeoutExpired:
        return "", f"no answer within {LONGEST} seconds"
    except OSError as problem:
        return "", str(problem)
    return done.stdout, done.stderr


def judged(report: str, said: str) -> Found:
    """Return what a report means. A package that the service does not know was not audited: silence is no clean bill."""
    try:
        packages = json.loads(report)["dependencies"]
    except (ValueError, KeyError, TypeError):
        why = [line.strip() for line in said.splitlines() if line.strip()] or ["pip-audit said nothing"]
        return Found((f"not audited: the advisory service was not reached ({why[-1][:200]})",), unasked=True)
    faults = [
        f"{one['name']} {one['version']}: {fault['id']}, mended in {', '.join(fault['fix_versions']) or 'no version yet'}"
        for one in packages
        for fault in one.get("vulns", [])
    ]
    skipped = sorted({one["name"] for one in packages if "skip_reason" in one})
    answered = len({one["name"] for one in packages if "skip_reason" not in one})
    lines = [f"known fault: {fault}" for fault in dict.fromkeys(faults)]
    if skipped:
        some = ", ".join(skipped[:5]) + (" …" if len(skipped) > 5 else "")
        lines.append(f"not audited: the advisory service has no answer for {len(skipped)} packages ({some})")
    if answered:
        lines.append(f"Audited {answered} packages; with a known fault: {len(dict.fromkeys(faults))}.")
    elif not skipped:
        lines.append("not audited: there is no package in the locks")
    return Found(tuple(lines), faulty=bool(faults), unasked=bool(skipped) or not answered)


def recalled(kept: Path, key: str, now: float) -> Found | None:
    """Return an earlier answer about the same locks that still counts; a fault is always asked about anew."""
    try:
        last = json.loads(kept.read_text(encoding="utf-8"))
        age = now - last["at"]
        if last["key"] != key or last["faulty"] or not 0 <= age < (KEPT_UNASKED if last["unasked"] else KEPT):
            return None
        return Found(tuple(last["lines"]), last["faulty"], last["unasked"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
