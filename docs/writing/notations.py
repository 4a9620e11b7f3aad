"""What is understood in workbooks: the ways periods and numbers are written, and the words of headings."""

from docs.writing.markdown import code, table


def page() -> str:
    """Return every notation and word that is read, from the tables the reader itself uses."""
    from kpiflow.sources.workbooks.limits import MOST_BYTES, MOST_CELLS, MOST_COLUMNS, MOST_ROWS, MOST_UNPACKED
    from kpiflow.sources.workbooks.periods import FORMS, MONTHS_OF, Length
    from kpiflow.sources.workbooks.vocabulary import HEADINGS
    from kpiflow.sources.workbooks.writing import BLANKS, COUNTED, MONEY, SHARES, SHARES_BEFORE, TIMES

    periods = [
        (length.value, ", ".join(code(text) for form in FORMS if form.length is length for text in form.examples))
        for length in Length
    ]
    numbers = [
        ("a share of", ", ".join(code(word) for word in (*SHARES, *SHARES_BEFORE))),
        ("times", ", ".join(f"{code(word)} {times:,}" for word, times in TIMES.items())),
        ("money", ", ".join(code(word) for word in MONEY)),
        ("counted", ", ".join(code(word) for word in COUNTED)),
        ("nothing", ", ".join(code(word) for word in BLANKS if "|" not in word)),
    ]
    limits = (
        f"A file of {MOST_BYTES // 2**20} MB, unpacked {MOST_UNPACKED // 2**20} MB; a sheet of {MOST_ROWS:,} rows,"
        f" {MOST_COLUMNS:,} columns and {MOST_CELLS:,} filled cells."
    )
    headings = [(role.value, ", ".join(words)) for role, words in HEADINGS.items()]
    return "\n\n".join(
        [
            "What the reader of [workbooks](../workbooks.md) understands. What is not here is asked or set aside, never guessed.",
            f"## Periods\n\nMonths by name in {', '.join(MONTHS_OF)}.\n\n{table(('length', 'written as'), periods)}",
            "## Beside numbers\n\n`1,234.5`, `1.234,5`, `1 234,5`, `1'234.5`, `１，２３４．５`, `(5)`, `5-`, `三千五百`.\n\n"
            + table(("means", "written as"), numbers),
            f"## Headings\n\n{table(('column', 'called'), headings)}",
            f"## Limits\n\n{limits}",
        ]
    )
