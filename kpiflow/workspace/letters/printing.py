"""A letter put into the words and numbers of its printed form, one edition per language."""

from typing import Any

from kpiflow.core.goal import OwnerKind
from kpiflow.core.letter import Letter, LetterState, Party, Promise, Reward
from kpiflow.language import Message, Quantity, msg, render
from kpiflow.printing import typeset
from kpiflow.workspace.letters.answers import SIDE_WORDS, Change, LetterPage, Signed
from kpiflow.workspace.letters.curves import ANCHOR_WORDS
from kpiflow.workspace.letters.measuring import ABOUT
from kpiflow.workspace.letters.wording import name_of
from kpiflow.workspace.paying import PERIODS

#: Which editions a printed letter may have: one language, or both, one after the other.
EDITIONS: dict[str, tuple[str, ...]] = {"en": ("en",), "zh": ("zh",), "both": ("zh", "en")}

#: The columns of the table of goals, in order; a column that no goal fills is left out.
COLUMNS = ("baseline", "threshold", "target", "stretch", "low", "high")


def letter_pdf(page: LetterPage, language: str = "en") -> bytes:
    """Return a letter as a PDF in `en`, `zh` or `both`; the same letter gives the same bytes.

    Raises KeyError for another language, and needs a version: a letter that was not drawn up has nothing to print.
    """
    assert page.letter is not None and page.version is not None  # noqa: PT018  (faces offer only what is there)
    made = max([page.version.at, *(one.at for one in page.signed if one.at is not None)])
    editions = [_edition(page, page.letter, one) for one in EDITIONS[language]]
    first = editions[0]
    facts = {"title": f"{first['title']} – {first['owner']}", "author": first["company"], "editions": editions}
    return typeset("letter", facts, made)


def file_name(page: LetterPage, language: str) -> str:
    """Return a name for the file: whose letter, for which cycle, in which version and language."""
    version = 0 if page.version is None else page.version.version
    return f"letter-{page.owner}-{page.cycle}-v{version}-{language}.pdf"


def title(language: str) -> str:
    """Return what the document is called."""
    return render(msg("Responsibility letter"), language)


def about(page: LetterPage) -> Message:
    """Return the line under the title: cycle, first and last day, version."""
    assert page.letter is not None
    number = 0 if page.version is None else page.version.version
    return msg(
        "Cycle {cycle} · {starts} to {ends} · version {version}",
        cycle=page.cycle, starts=page.letter.starts, ends=page.letter.ends, version=number,
    )  # fmt: skip


def preamble(letter: Letter) -> tuple[Message, ...]:
    """Return what each side declares."""
    facts = {"owner": name_of(letter.signer.name), "starts": letter.starts, "ends": letter.ends}
    if letter.owner_kind is OwnerKind.UNIT:
        first = msg("{owner} leads {unit} and answers for its goals below, from {starts} to {ends}.",
                    unit=name_of(letter.owner_label), **facts)  # fmt: skip
    else:
        first = msg("{owner} answers for the goals below, from {starts} to {ends}.", **facts)
    if letter.manager is None:
        return (first,)
    return (first, msg("{manager} provides what it takes, and appraises and rewards the results by the rules written here.",
                       manager=name_of(letter.manager.name)))  # fmt: skip


def term_lines(letter: Letter) -> tuple[Message, ...]:
    """Return the term: how long it holds, what becomes of it when something changes, and where it is kept."""
    return (
        msg("This letter holds from {starts} to {ends}, once everybody named has signed.", starts=letter.starts, ends=letter.ends),
        msg("Any change of goals, weights, targets, curves or plans makes a new version, which both sides sign again. "
            "The version signed before holds until then, and stays readable for good."),
        msg("A target is made easier only with a written reason; the original and the reason stand in the letter."),
    )  # fmt: skip


def eased_lines(promise: Promise) -> tuple[Message, ...]:
    """Return every time a goal was made easier, with the original and the reason."""
    return tuple(
        msg("{goal}: {anchor} made easier on {day} by {who}, from {before} to {after}. Reason: {reason}",
            goal=name_of(promise.label), anchor=ANCHOR_WORDS[one.field], day=one.day, who=name_of(one.who),
            before=_amount(one.before, promise), after=_amount(one.after, promise), reason=one.reason or "–")
        for one in promise.easings
    )  # fmt: skip


def notice(page: LetterPage) -> Message | None:
    """Return what a reader has to know before anything else: that it is not in force, or no longer, or an example."""
    assert page.letter is not None
    if page.state is LetterState.SUPERSEDED:
        return msg("This version has been superseded. It is kept for reference.")
    if page.state is not LetterState.IN_FORCE:
        missing = [name_of(one.party.name) for one in page.signed if one.at is None]
        return msg("Not in force yet: the signature of {names} is missing.", names=missing)
    return msg("Example company: names and amounts are invented.") if page.example else None


def plan_line(reward: Reward) -> Message:
    """Return what a plan is: its period, days and version."""
    return msg(
        "Paid for each {every}, valid from {starts} to {ends}, in {currency}, version {version}.",
        every=PERIODS[reward.every], starts=reward.starts, ends=reward.ends or msg("further notice"),
        currency=reward.currency, version=reward.version,
    )  # fmt: skip


def place(party: Party, language: str) -> str:
    """Return role and unit of somebody who signs."""
    return " · ".join(part.said(language) for part in (party.role, party.unit) if part is not None)


def signed_line(one: Signed) -> Message:
    """Return when a side signed, or that it has not."""
    if one.at is None:
        return msg("Not signed yet")
    return msg("Signed on {day} at {time}", day=one.at.date(), time=one.at.strftime("%H:%M"))


def columns(letter: Letter) -> tuple[str, ...]:
    """Return the anchors that some goal of the letter states."""
    return tuple(name for name in COLUMNS if any(getattr(one, name) is not None for one in letter.promises))


def amount(value: float | None, promise: Promise, language: str) -> str:
    """Return an anchor in the goal's measure, never broken over lines."""
    return (
        "" if value is None else render(msg("{value}", value=_amount(value, promise)), language).replace(" ", "\u00a0")
    )


def weight(promise: Promise, language: str) -> str:
    """Return a goal's weight as its share of its sheet; an aspirational one has none."""
    if promise.share is None or promise.commitment == "aspirational":
        return "–"
    return render(msg("{value}", value=Quantity(promise.share, "attainment")), language).replace(" ", "\u00a0")


def _edition(page: LetterPage, letter: Letter, language: str) -> dict[str, Any]:
    def say(said: Message) -> str:
        return render(said, language)

    said_notice = notice(page)
    fingerprint = letter.fingerprint
    return {
        "language": language,
        "title": title(language),
        "owner": letter.owner_label.said(language),
        "company": letter.company.said(language),
        "about": say(about(page)),
        "notice": "" if said_notice is None else say(said_notice),
        "preamble": ("" if language == "zh" else " ").join(map(say, preamble(letter))),
        "parties": [
            {"side": say(SIDE_WORDS[side]), "name": party.name.said(language), "place": place(party, language)}
            for side, party in letter.sides.items()
        ],
        "goals": _goals(letter, language),
        "rules": {"title": say(msg("Measuring rules")), "goals": [_rules(one, language) for one in letter.promises]},
        "rewards": _rewards(page, letter, language),
        "term": {"title": say(msg("Term and changes")), "lines": [say(line) for line in term_lines(letter)]},
        "signatures": _signatures(page, fingerprint, language),
        "changes": _changes(page, language),
        "footer": f"{title(language)} · {letter.owner_label.said(language)} · {say(about(page))} · {fingerprint[:16]}",
    }


def _goals(letter: Letter, language: str) -> dict[str, Any]:
    names = columns(letter)
    heads = [msg("Goal"), msg("Weight"), *(ANCHOR_WORDS[name] for name in names)]
    rows = [
        {
            "name": one.label.said(language),
            "under": "" if one.parent is None else render(msg("under {goal}", goal=name_of(one.parent)), language),
            "numbers": [weight(one, language), *(amount(getattr(one, name), one, language) for name in names)],
        }
        for one in letter.promises
    ]
    eased = [render(line, language) for one in letter.promises for line in eased_lines(one)]
    return {"title": render(msg("Goals, weights and targets"), language),
            "columns": [render(head, language) for head in heads], "rows": rows, "eased": eased}  # fmt: skip


def _rules(promise: Promise, language: str) -> dict[str, Any]:
    lines: dict[str, list[str]] = {}
    for rule in promise.rules:
        lines.setdefault(rule.about, []).append(rule.says.said(language))
    gap = "" if language == "zh" else " "
    said = [[render(ABOUT.get(name, Message(name)), language), gap.join(texts)] for name, texts in lines.items()]
    if promise.periods:
        periods = [
            msg("{period}: {value}", period=period, value=_amount(value, promise)) for period, value in promise.periods
        ]
        said.append([render(msg("Targets per period"), language), render(msg("{targets}", targets=periods), language)])
    return {"name": promise.label.said(language), "lines": said}


def _rewards(page: LetterPage, letter: Letter, language: str) -> dict[str, Any]:
    none = msg("No plan pays for this letter in the cycle.")
    amounts = [render(msg("By today's salary, no part of what is signed: {amount}", amount=name_of(one)), language)
               for one in page.amounts]  # fmt: skip
    plans = [
        {
            "name": one.label.said(language),
            "about": render(plan_line(one), language),
            "lines": [[line.label.said(language), line.says.said(language)] for line in one.lines],
            "amounts": amounts if number == 0 else [],
        }
        for number, one in enumerate(letter.rewards)
    ]
    return {"title": render(msg("Rewards"), language), "none": "" if plans else render(none, language), "plans": plans}


def _signatures(page: LetterPage, fingerprint: str, language: str) -> dict[str, Any]:
    return {
        "title": render(msg("Signatures"), language),
        "means": render(msg("By signing, each side agrees to the content whose fingerprint stands below."), language),
        "sides": [
            {
                "side": render(SIDE_WORDS[one.side], language),
                "name": one.party.name.said(language),
                "place": place(one.party, language),
                "signed": "" if one.at is None else render(signed_line(one), language),
                "open": render(signed_line(one), language),
                "fingerprint": one.fingerprint or "",
            }
            for one in page.signed
        ],
        "fingerprint_label": render(msg("Fingerprint of the content (SHA-256, the same for both languages)"), language),
        "fingerprint": fingerprint,
    }


def _changes(page: LetterPage, language: str) -> dict[str, Any]:
    heads = (msg("What"), msg("Before"), msg("After"))
    return {
        "title": render(msg("Changes since version {version}", version=page.compared), language),
        "about": render(change_reason(page), language),
        "columns": [render(head, language) for head in heads],
        "rows": [_change(one, language) for one in page.changes],
    }


def change_reason(page: LetterPage) -> Message:
    """Return who made the version and why."""
    version = page.version
    if version is None:
        return msg("Not drawn up")
    facts = {"who": name_of(version.by), "day": version.at.date()}
    if version.reason is None:
        return msg("Drawn up by {who} on {day}.", **facts)
    return msg("Drawn up by {who} on {day}. Reason: {reason}", reason=version.reason, **facts)


def _change(one: Change, language: str) -> dict[str, str]:
    note = ""
    if one.eased:
        note = render(msg("easier to reach: {reason}", reason=one.reason or "–"), language)
    return {
        "subject": one.subject.said(language),
        "field": render(one.field, language),
        "before": "–" if one.before is None else one.before.said(language),
        "after": "–" if one.after is None else one.after.said(language),
        "note": note,
    }


def _amount(value: float | None, promise: Promise) -> Quantity:
    return Quantity(value, promise.measure, promise.currency)
