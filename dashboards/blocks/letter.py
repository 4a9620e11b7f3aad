"""A letter as a document on screen: title, parties, goals, rules, rewards, term, signatures, and what changed."""

from collections.abc import Sequence

from dashboards import words
from dashboards.blocks.markup import Markup, el
from dashboards.letter_looks import state_mark
from kpiflow.workspace import Message, msg
from kpiflow.workspace.letters import printing
from kpiflow.workspace.letters.answers import SIDE_WORDS, Change, LetterPage, Promise, Signed
from kpiflow.workspace.letters.curves import ANCHOR_WORDS
from kpiflow.workspace.letters.measuring import ABOUT


def document(page: LetterPage, language: str) -> Markup:
    """Return the whole letter, as it is printed, from its title to its fingerprint; nothing while there is none."""
    if page.letter is None:
        return Markup()
    letter = page.letter
    gap = "" if language == "zh" else " "
    preamble = gap.join(words.say(line, language) for line in printing.preamble(letter))
    return el(
        "article",
        el("p", letter.company.said(language), class_="company"),
        el("h2", printing.title(language)),
        el("p", letter.owner_label.said(language), class_="whose"),
        el("p", words.say(printing.about(page), language), class_="about"),
        el("div", *(_party(one, language) for one in page.signed), class_="parties"),
        el("p", preamble),
        _section(msg("Goals, weights and targets"), language, _goals(page, language)),
        _section(msg("Measuring rules"), language, *(_rules(one, language) for one in letter.promises)),
        _section(msg("Rewards"), language, *_rewards(page, language)),
        _section(msg("Term and changes"), language,
                 *(el("p", words.say(line, language)) for line in printing.term_lines(letter))),
        _section(msg("Fingerprint of the content (SHA-256, the same for both languages)"), language,
                 el("code", letter.fingerprint, class_="print")),
        class_="k k-letter",
        lang="zh-CN" if language == "zh" else "en",
    )  # fmt: skip


def changes_table(changes: Sequence[Change], language: str) -> Markup:
    """Return what differs between two versions, with the reason given for what became easier."""
    heads = (msg("What"), msg("Before"), msg("After"))
    head = el("tr", *(el("th", words.say(name, language)) for name in heads))
    body = (_change(one, language) for one in changes)
    return el("div", el("table", el("thead", head), el("tbody", *body), class_="k-table"), class_="k k-scroll")


def versions_table(page: LetterPage, language: str, href: dict[int, str]) -> Markup:
    """Return every version with its state, when, by whom and why it was drawn up; each opens."""
    heads = (msg("Version"), msg("State"), msg("Drawn up"), msg("Reason"))
    head = el("tr", *(el("th", words.say(name, language)) for name in heads))
    rows = (
        el(
            "tr",
            el("td", el("a", str(one.version), href=href[one.version])),
            el("td", state_mark(one.state, language)),
            el(
                "td",
                words.say(msg("{day}", day=one.at.date()), language),
                el("span", one.by.said(language), class_="owner"),
            ),
            el("td", one.reason or "–"),
        )
        for one in page.versions
    )
    return el("div", el("table", el("thead", head), el("tbody", *rows), class_="k-table"), class_="k k-scroll")


def _party(one: Signed, language: str) -> Markup:
    """Return one side: who it is, and when and under which fingerprint they signed."""
    done = one.at is not None
    mark = el("span", "✓ " if done else "○ ", style=f"color:var(--k-ink-{'on_pace' if done else 'no_data'})")
    return el(
        "div",
        el("span", words.say(SIDE_WORDS[one.side], language), class_="name"),
        el("b", one.party.name.said(language)),
        el("span", printing.place(one.party, language), class_="owner"),
        el("span", mark, words.say(printing.signed_line(one), language), class_="when"),
        el("code", one.fingerprint[:16], class_="print") if one.fingerprint else None,
    )


def _section(title: Message, language: str, *parts: Markup) -> Markup:
    return el("section", el("h3", words.say(title, language)), *parts)


def _goals(page: LetterPage, language: str) -> Markup:
    assert page.letter is not None
    names = printing.columns(page.letter)
    heads = [msg("Goal"), msg("Weight"), *(ANCHOR_WORDS[name] for name in names)]
    head = el("tr", *(el("th", words.say(one, language), class_="num" if n else None) for n, one in enumerate(heads)))
    rows = []
    for one in page.letter.promises:
        eased = [el("span", words.say(line, language), class_="eased") for line in printing.eased_lines(one)]
        cells = [el("td", printing.amount(getattr(one, name), one, language), class_="num") for name in names]
        rows.append(
            el(
                "tr",
                el("td", one.label.said(language), *eased),
                el("td", printing.weight(one, language), class_="num"),
                *cells,
            )
        )
    return el("div", el("table", el("thead", head), el("tbody", *rows), class_="k-table"), class_="k-scroll")


def _rules(promise: Promise, language: str) -> Markup:
    lines = [
        el(
            "div",
            el("dt", words.say(ABOUT.get(rule.about, Message(rule.about)), language)),
            el("dd", rule.says.said(language)),
        )
        for rule in promise.rules
    ]
    return el("details", el("summary", promise.label.said(language)), el("dl", *lines))


def _rewards(page: LetterPage, language: str) -> list[Markup]:
    assert page.letter is not None
    if not page.letter.rewards:
        return [el("p", words.say(msg("No plan pays for this letter in the cycle."), language))]
    parts = []
    for one in page.letter.rewards:
        lines = [
            el("div", el("dt", line.label.said(language)), el("dd", line.says.said(language))) for line in one.lines
        ]
        about = el("p", words.say(printing.plan_line(one), language), class_="quiet")
        parts += [el("h4", one.label.said(language)), about, el("dl", *lines)]
    for amount in page.amounts:
        said = msg("By today's salary, no part of what is signed: {amount}", amount=printing.name_of(amount))
        parts.append(el("p", el("b", words.say(said, language))))
    if page.withheld:
        parts.append(
            el("p", words.say(msg("The amount in money is outside what your role reads."), language), class_="quiet")
        )
    return parts


def _change(one: Change, language: str) -> Markup:
    note = None
    if one.eased:
        said = msg("easier to reach: {reason}", reason=one.reason or "–")
        note = el("span", "▲ ", words.say(said, language), class_="eased")
    return el(
        "tr",
        el("td", one.subject.said(language), el("span", words.say(one.field, language), class_="owner")),
        el("td", "–" if one.before is None else one.before.said(language)),
        el("td", "–" if one.after is None else one.after.said(language), note),
    )
