"""Accounts and sessions: who gets in, how long, what ends it, and what is never written down."""

import datetime
import itertools
import shutil
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kpiflow.access.reach import Topic
from kpiflow.errors import InvalidInput, NotFound, Refused
from kpiflow.workspace import ADMINISTRATOR, Asker, Workspace
from kpiflow.workspace.commands import apply, create_store
from kpiflow.workspace.demo import config_folder
from kpiflow.workspace.sign_in import accounts, passwords
from kpiflow.workspace.sign_in import signing_in as s
from kpiflow.workspace.sign_in.demo_desks import DESKS, desks, people_like
from kpiflow.workspace.sign_in.signed_in import SignedIn, Terms, hash_of, terms_of
from kpiflow.workspace.sign_in.throttle import FREE_ACCOUNT, FREE_ADDRESS, LONGEST, Throttle

PASSWORD, OTHER = "seven blue kites", "nine green boats"
HERE = "10.0.0.1"


class Clock(SignedIn):
    """Sessions whose time goes on when a test says so."""

    at = datetime.datetime(2026, 5, 4, 9, tzinfo=datetime.UTC)

    def now(self) -> datetime.datetime:
        return self.at

    def later(self, **span: float) -> None:
        self.at += datetime.timedelta(**span)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the example's organisation and one account: ann, who is a duty manager."""
    path = tmp_path_factory.mktemp("accounts") / "store.duckdb"
    create_store(path)
    with closing(Workspace.open(path)) as opened:
        apply(opened, config_folder(), who="test")
        accounts.add(opened, ADMINISTRATOR, "ann", person="p0101", password=PASSWORD)
    return path


@pytest.fixture
def ws(made: Path, tmp_path: Path) -> Iterator[Workspace]:
    """A copy of that store, and a clock that stands still."""
    opened = Workspace.open(Path(shutil.copy(made, tmp_path / "store.duckdb")))
    opened.signed_in = Clock()
    yield opened
    opened.close()


def reopened(ws: Workspace) -> Workspace:
    """The same store as another run of the program sees it, at the same moment."""
    found, clock = Workspace(ws.store), Clock()
    clock.at = ws.signed_in.at
    found.signed_in = clock
    return found


def test_the_right_password_makes_a_session_of_the_person(ws):
    token = s.sign_in(ws, " ANN ", PASSWORD, HERE)
    assert s.session(ws, token) == Asker("p0101", "ann")
    assert len(token) == 43, "256 bits"


@pytest.mark.parametrize(("name", "password"), [("ann", OTHER), ("nobody", PASSWORD), ("", ""), ("ann", "")])
def test_a_wrong_name_and_a_wrong_password_are_told_the_same(ws, name, password):
    with pytest.raises(Refused, match=r"^The name or the password is not right\.$"):
        s.sign_in(ws, name, password, HERE)


def test_a_name_that_is_not_there_costs_one_comparison_too(ws, monkeypatch):
    compared = []
    verify = passwords._ARGON2.verify
    monkeypatch.setattr(
        passwords._ARGON2, "verify", lambda given, hash_: compared.append(hash_) or verify(given, hash_)
    )
    for name in ("ann", "nobody"):
        with pytest.raises(Refused):
            s.sign_in(ws, name, OTHER, HERE)
    assert len(compared) == 2
    parameters = [hash_.split("$")[1:4] for hash_ in compared]
    assert parameters[0] == parameters[1], "as hard for a name that is not there"
    assert parameters[0][0] == "argon2id"


def test_no_two_sessions_share_a_token(ws):
    tokens = {s.sign_in(ws, "ann", PASSWORD, HERE) for _ in range(3)}
    assert len(tokens) == 3
    assert all(s.session(ws, token) for token in tokens)


@pytest.mark.parametrize("token", [None, "", "x", "x" * 43, "x" * 100_000, "\0", "' OR 1=1 --"])
def test_a_forged_token_is_nobody(ws, token):
    s.sign_in(ws, "ann", PASSWORD, HERE)
    assert s.session(ws, token) is None


def test_the_hash_of_a_token_is_no_token(ws):
    token = s.sign_in(ws, "ann", PASSWORD, HERE)
    assert s.session(ws, hash_of(token)) is None


# How long it lasts


def test_a_session_ends_twelve_hours_after_it_began_however_busy(ws):
    token = s.sign_in(ws, "ann", PASSWORD, HERE)
    for _ in range(12):
        assert s.session(ws, token) is not None
        ws.signed_in.later(hours=1)
    assert s.session(ws, token) is None


def test_a_session_ends_when_it_goes_unused_and_another_run_does_not_bring_it_back(ws):
    token = s.sign_in(ws, "ann", PASSWORD, HERE)
    ws.signed_in.later(minutes=119)
    assert s.session(ws, token) is not None
    ws.signed_in.later(minutes=120)
    assert s.session(ws, token) is None
    assert s.session(ws, token) is None
    assert s.session(reopened(ws), token) is None


def test_another_run_of_the_program_knows_the_sessions_but_the_expired_ones(ws):
    token = s.sign_in(ws, "ann", PASSWORD, HERE)
    assert s.session(reopened(ws), token) == Asker("p0101", "ann")
    ws.signed_in.later(hours=12)
    assert s.session(reopened(ws), token) is None


def test_the_terms_are_set_in_the_environment():
    hour = datetime.timedelta(hours=1)
    assert terms_of({}) == Terms(12 * hour, 2 * hour, 72 * hour)
    given = {"KPIFLOW_SESSION_HOURS": "8", "KPIFLOW_SESSION_IDLE_MINUTES": "30", "KPIFLOW_WELCOME_HOURS": "24"}
    assert terms_of(given) == Terms(8 * hour, hour / 2, 24 * hour)
    for wrong in ("0", "-1", "soon", "nan", "1e99"):
        with pytest.raises(InvalidInput, match="KPIFLOW_SESSION_HOURS"):
            terms_of({"KPIFLOW_SESSION_HOURS": wrong})


# What ends it


def test_signing_out_ends_one_session_for_good(ws):
    one, two = (s.sign_in(ws, "ann", PASSWORD, HERE) for _ in range(2))
    s.sign_out(ws, one)
    assert s.session(ws, one) is None
    assert s.session(reopened(ws), one) is None
    assert s.session(ws, two) is not None
    s.sign_out(ws, one)
    s.sign_out(ws, "no token of ours")


def test_signing_out_everywhere_ends_all_of_them_at_once(ws):
    tokens = [s.sign_in(ws, "ann", PASSWORD, HERE) for _ in range(3)]
    accounts.add(ws, ADMINISTRATOR, "bob", person="p0002", password=OTHER)
    bobs = s.sign_in(ws, "bob", OTHER, HERE)
    assert s.sign_out_everywhere(ws, "ann", who="ann") == 3
    assert not any(s.session(ws, token) or s.session(reopened(ws), token) for token in tokens)
    assert s.session(ws, bobs) is not None


def test_a_disabled_account_is_out_at_once_and_hears_why_only_with_the_password(ws):
    token = s.sign_in(ws, "ann", PASSWORD, HERE)
    accounts.disable(ws, ADMINISTRATOR, "ann")
    assert s.session(ws, token) is None
    with pytest.raises(Refused, match="not right"):
        s.sign_in(ws, "ann", OTHER, HERE)
    with pytest.raises(Refused, match="disabled"):
        s.sign_in(ws, "ann", PASSWORD, HERE)
    accounts.enable(ws, ADMINISTRATOR, "ann")
    assert s.session(ws, token) is None, "what has ended stays ended"
    assert s.session(ws, s.sign_in(ws, "ann", PASSWORD, HERE)) is not None


def test_new_roles_count_at_the_next_question(ws):
    token = s.sign_in(ws, "ann", PASSWORD, HERE)
    accounts.set_roles(ws, ADMINISTRATOR, "ann", ["auditor"])
    assert s.session(ws, token) == Asker("p0101", "ann", ("auditor",))
    assert ws.reach(s.session(ws, token)).sees("p0002").allowed
    accounts.set_roles(ws, ADMINISTRATOR, "ann", [])
    assert not ws.reach(s.session(ws, token)).sees("p0002").allowed


def test_linking_to_somebody_else_ends_what_was_open(ws):
    token = s.sign_in(ws, "ann", PASSWORD, HERE)
    accounts.link(ws, ADMINISTRATOR, "ann", "p0002")
    assert s.session(ws, token) is None
    assert s.session(ws, s.sign_in(ws, "ann", PASSWORD, HERE)).person == "p0002"


def left_company(tmp_path: Path, *, left: str = "", ends: str = "") -> Path:
    """The example's configuration, in which the duty manager p0101 has left, or holds no assignment any more."""
    folder = tmp_path / "left"
    folder.mkdir()
    for file in config_folder().rglob("*"):
        if file.is_file():
            to = folder / file.relative_to(config_folder())
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_bytes(file.read_bytes())
    for name, column, value in (("people.csv", "left", left), ("assignments.csv", "ends", ends)):
        lines = (folder / name).read_text(encoding="utf-8").splitlines()
        place = lines[0].split(",").index(column)
        for number, line in enumerate(lines):
            cells = line.split(",")
            if cells[0] == "p0101":
                cells[place] = value
                lines[number] = ",".join(cells)
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def test_who_has_left_the_company_is_out(ws, tmp_path):
    token = s.sign_in(ws, "ann", PASSWORD, HERE)
    yesterday = (ws.today() - datetime.timedelta(days=1)).isoformat()
    apply(ws, left_company(tmp_path, left=yesterday), who="test", reason="left")
    assert s.session(ws, token) is None
    with pytest.raises(Refused, match="left the company"):
        s.sign_in(ws, "ann", PASSWORD, HERE)


def test_who_leaves_today_is_still_here_today(ws, tmp_path):
    token = s.sign_in(ws, "ann", PASSWORD, HERE)
    apply(ws, left_company(tmp_path, left=ws.today().isoformat()), who="test", reason="leaves")
    assert s.session(ws, token) is not None


def test_who_holds_no_assignment_any_more_reaches_nobody_else(ws, tmp_path):
    accounts.add(ws, ADMINISTRATOR, "bob", person="p0101", password=OTHER)
    yesterday = (ws.today() - datetime.timedelta(days=1)).isoformat()
    apply(ws, left_company(tmp_path, ends=yesterday), who="test", reason="no duty any more")
    asker = s.session(ws, s.sign_in(ws, "bob", OTHER, HERE))
    assert not ws.may(asker, "check_in").allowed
    assert not any(ws.reach(asker).sees(person).allowed for person in ("p0001", "p0002", "p0102"))


# Wrong passwords


def wrong(ws: Workspace, name: str, address: str = HERE) -> Refused:
    """One wrong try, and what it was told."""
    with pytest.raises(Refused) as told:
        s.sign_in(ws, name, "not the password", address)
    return told.value


@pytest.mark.parametrize("name", ["ann", "nobody"])
def test_wrong_tries_wait_twice_as_long_each_time_whether_there_is_such_a_name_or_not(ws, name):
    for _ in range(FREE_ACCOUNT):
        assert not isinstance(wrong(ws, name), s.TryLater)
    for seconds in (5, 10, 20, 40):
        told = wrong(ws, name)
        assert isinstance(told, s.TryLater)
        assert f"{told.seconds} seconds" in str(told)
        assert told.seconds >= seconds
        assert isinstance(wrong(ws, name), s.TryLater), "asking again costs nothing and gains nothing"
        ws.signed_in.later(seconds=seconds)
        assert not isinstance(wrong(ws, name), s.TryLater)


def test_the_right_password_does_not_help_while_one_must_wait_and_clears_it_afterwards(ws):
    for _ in range(FREE_ACCOUNT):
        wrong(ws, "ann")
    with pytest.raises(s.TryLater):
        s.sign_in(ws, "ann", PASSWORD, HERE)
    ws.signed_in.later(seconds=6)
    s.sign_in(ws, "ann", PASSWORD, HERE)
    assert not isinstance(wrong(ws, "ann"), s.TryLater)


def test_many_names_from_one_address_wait_as_well_and_others_do_not(ws):
    throttle = ws.signed_in.throttle
    for number in range(FREE_ADDRESS):
        assert throttle.begin(f"name-{number}", "10.6.6.6", 0) == 0
    assert throttle.begin("ann", "10.6.6.6", 0) > 0
    assert throttle.begin("ann", HERE, 0) == 0


def test_waiting_is_remembered_by_the_next_run_of_the_program(ws):
    for _ in range(FREE_ACCOUNT + 1):
        wrong(ws, "ann")
    assert isinstance(wrong(reopened(ws), "ann"), s.TryLater)


def test_tries_at_the_same_time_are_counted_before_they_are_answered():
    throttle = Throttle()
    allowed = []
    start = threading.Barrier(16)

    def attempt() -> None:
        start.wait()
        allowed.append(throttle.begin("ann", HERE, 0) == 0)

    threads = [threading.Thread(target=attempt) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(allowed) == FREE_ACCOUNT


def test_nobody_is_locked_out_for_longer_than_a_quarter_of_an_hour():
    throttle, now = Throttle(), 0.0
    for _ in range(40):
        wait = throttle.begin("ann", HERE, now)
        assert wait <= LONGEST
        now += wait
        throttle.begin("ann", HERE, now)


# Passwords


@pytest.mark.parametrize(
    "given",
    [
        "", "short", "elevenchars", "password1234", "P@ssw0rd2024!!", "PasswordPassword", "123456789012", "098765432109",
        "aaaaaaaaaaaaaa", "abcabcabcabc", "qwertyuiop12", "annannannann", "ann-20260504", "letmein12345", "Summer2026!!!!",
        "x" * 1025,
    ],
)  # fmt: skip
def test_passwords_that_are_guessed_first_are_refused(given):
    with pytest.raises(InvalidInput):
        passwords.required(given, "ann")


@pytest.mark.parametrize(
    "given", ["seven blue kites", "四个 蓝色 风筝 在 天上 飞", "qv8#Lm2!xRt9", "the summer of 1969 rocks"]
)
def test_other_passwords_are_taken(given):
    passwords.required(given, "ann")


def test_a_password_is_changed_with_the_old_one_and_ends_other_sessions(ws):
    mine, others = (s.sign_in(ws, "ann", PASSWORD, HERE) for _ in range(2))
    with pytest.raises(Refused, match="old password"):
        s.change_password(ws, mine, "not the old one", OTHER, HERE)
    with pytest.raises(InvalidInput, match="12"):
        s.change_password(ws, mine, PASSWORD, "short", HERE)
    with pytest.raises(InvalidInput, match="is the old one"):
        s.change_password(ws, mine, PASSWORD, PASSWORD, HERE)
    assert s.session(ws, others) is not None
    s.change_password(ws, mine, PASSWORD, OTHER, HERE)
    assert s.session(ws, mine) is not None
    assert s.session(ws, others) is None
    with pytest.raises(Refused):
        s.sign_in(ws, "ann", PASSWORD, HERE)
    s.sign_in(ws, "ann", OTHER, HERE)


def test_without_a_session_no_password_is_changed(ws):
    with pytest.raises(Refused, match="session has ended"):
        s.change_password(ws, "x" * 43, PASSWORD, OTHER, HERE)


# Invitations


def link(ws: Workspace, name: str) -> str:
    """The token of a new invitation."""
    return accounts.invite(ws, ADMINISTRATOR, name).path.removeprefix("/welcome?token=")


def test_an_invitation_works_once_and_signs_in(ws):
    accounts.add(ws, ADMINISTRATOR, "bob", person="p0002")
    token = link(ws, "bob")
    assert s.welcomed(ws, token) == "bob"
    with pytest.raises(InvalidInput):
        s.welcome(ws, token, "short", HERE)
    assert s.session(ws, s.welcome(ws, token, OTHER, HERE)) == Asker("p0002", "bob")
    for use in (lambda: s.welcomed(ws, token), lambda: s.welcome(ws, token, PASSWORD, HERE)):
        with pytest.raises(Refused, match="used"):
            use()
    s.sign_in(ws, "bob", OTHER, HERE)


def test_of_two_who_use_an_invitation_at_once_one_comes_too_late(ws):
    accounts.add(ws, ADMINISTRATOR, "bob", person="p0002")
    token, ends = link(ws, "bob"), []
    start = threading.Barrier(2)

    def use(password: str) -> None:
        start.wait()
        try:
            ends.append(s.welcome(ws, token, password, HERE))
        except Refused as told:
            ends.append(told)

    threads = [threading.Thread(target=use, args=(password,)) for password in (PASSWORD, OTHER)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(isinstance(end, Refused) for end in ends) == [False, True]


def test_an_invitation_expires_is_replaced_by_the_next_and_is_no_session(ws):
    first = link(ws, "ann")
    second = link(ws, "ann")
    assert s.session(ws, second) is None
    with pytest.raises(Refused):
        s.welcomed(ws, first)
    assert s.welcomed(ws, second) == "ann"
    ws.signed_in.later(hours=72)
    with pytest.raises(Refused):
        s.welcome(ws, second, OTHER, HERE)


def test_a_session_is_no_invitation(ws):
    with pytest.raises(Refused):
        s.welcome(ws, s.sign_in(ws, "ann", PASSWORD, HERE), OTHER, HERE)


def test_an_invitation_ends_what_was_open_before(ws):
    token = s.sign_in(ws, "ann", PASSWORD, HERE)
    s.welcome(ws, link(ws, "ann"), OTHER, HERE)
    assert s.session(ws, token) is None
    assert s.session(reopened(ws), token) is None


# Whoever looks after accounts


EVERYTHING = [
    lambda ws, who: accounts.accounts(ws, who),
    lambda ws, who: accounts.add(ws, who, "new", person="p0003"),
    lambda ws, who: accounts.disable(ws, who, "ann"),
    lambda ws, who: accounts.enable(ws, who, "ann"),
    lambda ws, who: accounts.set_roles(ws, who, "ann", ["hr"]),
    lambda ws, who: accounts.link(ws, who, "ann", "p0001"),
    lambda ws, who: accounts.set_password(ws, who, "ann", OTHER),
    lambda ws, who: accounts.invite(ws, who, "ann"),
    lambda ws, who: accounts.sign_out(ws, who, "ann"),
]


@pytest.mark.parametrize("person", ["p0001", "p0002", "p0005", "p0006", "p0101", None])
def test_only_who_manages_accounts_manages_accounts(ws, person):
    before = accounts.accounts(ws, ADMINISTRATOR)
    for attempt in EVERYTHING:
        with pytest.raises(Refused):
            attempt(ws, Asker(person))
    assert accounts.accounts(ws, ADMINISTRATOR).equals(before)


def test_an_administrator_manages_others_but_not_the_own_rights(ws):
    accounts.add(ws, ADMINISTRATOR, "root", roles=["administrator"], password=OTHER)
    root = s.session(ws, s.sign_in(ws, "root", OTHER, HERE))
    accounts.set_roles(ws, root, "ann", ["hr"])
    for own in (
        lambda: accounts.disable(ws, root, "ROOT"),
        lambda: accounts.set_roles(ws, root, "root", ["executive"]),
        lambda: accounts.link(ws, root, "root", "p0001"),
        lambda: accounts.set_password(ws, root, "ann", PASSWORD),
    ):
        with pytest.raises(Refused):
            own()


def test_names_persons_and_roles_must_be_there(ws):
    with pytest.raises(InvalidInput, match="already"):
        accounts.add(ws, ADMINISTRATOR, "ANN", person="p0002")
    with pytest.raises(NotFound, match="Did you mean"):
        accounts.add(ws, ADMINISTRATOR, "bob", person="p00022")
    with pytest.raises(NotFound, match="auditor"):
        accounts.add(ws, ADMINISTRATOR, "bob", roles=["auditr"])
    with pytest.raises(NotFound, match="'ann'"):
        accounts.disable(ws, ADMINISTRATOR, "anm")
    for name in ("", " ", "a b", "-a", "a\nb", "a" * 200, "<b>"):
        with pytest.raises(InvalidInput):
            accounts.add(ws, ADMINISTRATOR, name, person="p0002")


def test_before_any_company_there_is_an_administrator_who_reads_nobody(tmp_path):
    path = tmp_path / "empty.duckdb"
    create_store(path)
    ws = Workspace.open(path)
    accounts.add(ws, ADMINISTRATOR, "root", roles=["administrator"], password=PASSWORD)
    root = s.session(ws, s.sign_in(ws, "root", PASSWORD, HERE))
    assert ws.may(root, "manage_accounts").allowed
    assert not any(ws.reach(root, topic).sees("p0001").allowed for topic in Topic)
    assert not ws.may(root, "set_target").allowed
    ws.close()


# The identity provider, and the demo


def test_who_signs_in_elsewhere_needs_an_account_here(ws):
    accounts.add(ws, ADMINISTRATOR, "bob@example.com", person="p0002")
    assert s.session(ws, s.sign_in_elsewhere(ws, "Bob@Example.com", HERE)).person == "p0002"
    with pytest.raises(Refused, match="carol"):
        s.sign_in_elsewhere(ws, "carol@example.com", HERE)
    accounts.disable(ws, ADMINISTRATOR, "bob@example.com")
    with pytest.raises(Refused, match="disabled"):
        s.sign_in_elsewhere(ws, "bob@example.com", HERE)


def test_an_account_without_a_password_has_none_that_fits(ws):
    accounts.add(ws, ADMINISTRATOR, "bob", person="p0002")
    for given in ("", "None", "the password of nobody at all"):
        with pytest.raises(Refused):
            s.sign_in(ws, "bob", given, HERE)


def test_only_the_demo_lets_one_look_as_anybody_and_nothing_of_it_is_kept(ws):
    with pytest.raises(Refused):
        s.sign_in_as(ws, "p0001")
    ws.demo = True
    token = s.sign_in_as(ws, "p0001")
    assert s.session(ws, token) == Asker("p0001")
    with pytest.raises(Refused):
        s.sign_in_as(ws, "nobody")
    earnest = reopened(ws)
    assert s.session(earnest, token) is None
    earnest.signed_in.sessions = ws.signed_in.sessions
    assert s.session(earnest, token) is None, "a session of the demo opens nothing in earnest"
    s.sign_out(ws, token)
    assert s.session(ws, token) is None


def test_the_demo_offers_each_desk_once_and_finds_anybody(ws):
    offered = desks(ws)
    assert [one.id for one in offered[:4]] == ["p0001", "p0002", "p0005", "p0101"]
    assert len(offered) == len(DESKS)
    assert {"p0003"} == {one.id for one in people_like(ws, "chiara heron", "en")}
    assert {"p0004"} == {one.id for one in people_like(ws, "陆鸿雁", "zh")}
    assert people_like(ws, "nobody is called this", "en") == []


# What is written


def test_no_password_and_no_token_is_anywhere_in_the_store(ws, tmp_path):
    accounts.add(ws, ADMINISTRATOR, "bob", person="p0002")
    invited = link(ws, "bob")
    tokens = [s.sign_in(ws, "ann", PASSWORD, HERE), s.welcome(ws, invited, OTHER, HERE), invited]
    with pytest.raises(Refused):
        s.sign_in(ws, "my secret typed as a name", "wrong one here", HERE)
    s.change_password(ws, tokens[0], PASSWORD, "eleven red lanterns", HERE)
    s.sign_out(ws, tokens[1])
    with ws.store.read() as cursor:
        names = [name for (name,) in cursor.sql("SELECT table_name FROM duckdb_tables()").fetchall()]
        written = "\n".join(str(cursor.sql(f'SELECT * FROM "{name}"').fetchall()) for name in names)
    assert "sign_in_attempt" in names
    secrets = [*tokens, PASSWORD, OTHER, "eleven red lanterns", "wrong one here", "my secret typed"]
    assert [secret for secret in secrets if secret in written] == []


def test_every_change_has_its_line_in_the_journal(ws):
    accounts.add(ws, ADMINISTRATOR, "bob", person="p0002")
    link(ws, "bob")
    token = s.sign_in(ws, "ann", PASSWORD, HERE)
    wrong(ws, "ann")
    s.sign_out(ws, token)
    accounts.set_roles(ws, ADMINISTRATOR, "bob", ["auditor"])
    accounts.disable(ws, ADMINISTRATOR, "bob")
    with ws.store.read() as cursor:
        said = cursor.sql(
            "SELECT who, action, subject FROM journal WHERE subject IN ('ann', 'bob') ORDER BY entry"
        ).fetchall()
    assert said == [
        ("administrator", "account_added", "ann"),
        ("administrator", "account_added", "bob"),
        ("administrator", "invite", "bob"),
        ("ann", "sign_in", "ann"),
        ("ann", "sign_in_refused", "ann"),
        ("ann", "sign_out", "ann"),
        ("administrator", "account_roles", "bob"),
        ("administrator", "account_disabled", "bob"),
        ("administrator", "sessions_ended", "bob"),
    ]


def test_nothing_written_about_accounts_is_changed_or_deleted(ws):
    """Rows only ever come: whatever is done, what was there before is there afterwards."""
    tables = ("account", "token", "token_ended", "sign_in_attempt", "journal")

    def rows() -> dict[str, set[str]]:
        with ws.store.read() as cursor:
            return {name: set(map(str, cursor.sql(f"SELECT * FROM {name}").fetchall())) for name in tables}

    token = s.sign_in(ws, "ann", PASSWORD, HERE)
    steps = [
        lambda: s.change_password(ws, token, PASSWORD, OTHER, HERE),
        lambda: accounts.set_roles(ws, ADMINISTRATOR, "ann", ["auditor"]),
        lambda: accounts.disable(ws, ADMINISTRATOR, "ann"),
        lambda: accounts.enable(ws, ADMINISTRATOR, "ann"),
        lambda: s.welcome(ws, link(ws, "ann"), PASSWORD, HERE),
    ]
    seen = [rows()]
    for step in steps:
        step()
        seen.append(rows())
    for before, after in itertools.pairwise(seen):
        assert all(before[name] <= after[name] for name in tables)
        assert any(before[name] < after[name] for name in tables)
