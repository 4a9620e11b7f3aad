"""Full disks, torn files, two processes: a clear message, nothing lost, and the same process goes on once it can."""

# ruff: noqa: PT017

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from kpiflow.errors import StoreError
from kpiflow.storage import Store, backup, load_list, restore
from kpiflow.storage.backup import verify
from kpiflow.storage.holding import log_of, mark_of
from tests.storage.facts import F, put

#: Writes until the disk is full, makes room, and writes on: what was acknowledged is there, through one `Store`.
FILL = """
import os, sys, datetime
from pathlib import Path
from kpiflow.errors import StoreError
from kpiflow.storage import Store
from kpiflow.storage.journal import Entry, record
folder = Path(sys.argv[1])
filler = folder / "filler"
store = Store.create(folder / "s.duckdb")
filler.write_bytes(bytes(int(sys.argv[2]) * 2**20))
store._writing.ready = (lambda: None) if sys.argv[3] == "blind" else store._writing.ready

def write(n):
    with store.write() as cursor:
        cursor.execute("INSERT INTO remark SELECT ?, md5((? * 100000 + i)::VARCHAR), 'w', NULL, now()::TIMESTAMP,"
                       " repeat(md5((i * 7 + ?)::VARCHAR), 4), NULL, NULL FROM range(2000) r(i)", [n, n, n])
        record(cursor, Entry(datetime.datetime.now(), "w", "fill", str(n)))

def kept():
    with store.read() as cursor:
        return [(r, int(c)) for r, c in cursor.sql("SELECT remark, count(*) FROM remark GROUP BY 1 ORDER BY 1").fetchall()]

done = []
for n in range(1, 4000):
    try:
        write(n)
        done.append(n)
    except StoreError as error:
        print(error)
        break
assert set(done) <= {n for n, _ in kept()} <= {*done, n}, "read while the disk is full"
filler.unlink()
write(5000)
done.append(5000)
store.close()
store = Store.open(folder / "s.duckdb")
assert all(count == 2000 for _, count in kept()) and set(done) <= {n for n, _ in kept()}
with store.read() as cursor:
    assert cursor.sql("SELECT count(*) FROM journal").fetchall()[0][0] == len(kept())
print("kept", len(done))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="small disks are made as Linux makes them")
@pytest.mark.parametrize("how", ["asked first", "blind"])
def test_a_full_disk_loses_nothing_and_the_same_process_goes_on(tmp_path, how):
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = f'mount -t tmpfs -o size=40m tmpfs "{disk}" && exec "$0" -c "$1" "{disk}" 16 "{how}"'
    command = ["unshare", "-rm", "sh", "-c", mount, sys.executable, FILL]
    if shutil.which("unshare") is None or subprocess.run(["unshare", "-rm", "true"], capture_output=True).returncode:
        pytest.skip("no small disk can be made here: user namespaces are not allowed")
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, env={**os.environ, "PYTHONPATH": "."})
    assert "kept" in done.stdout, done.stdout + done.stderr[-2000:]
    if how == "asked first":
        assert "Make room, then do it again; nothing has to be restarted." in done.stdout


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store whose process was killed: half of what it was given is in the write-ahead log."""
    path = tmp_path_factory.mktemp("killed") / "s.duckdb"
    script = f"""
import os, datetime
from kpiflow.storage import Store
from tests.storage.facts import F, put
store = Store.create({str(path)!r})
put(store, [F(unit=f"u{{n}}") for n in range(3000)])
with store.read() as cursor:
    cursor.execute("CHECKPOINT")
for n in range(20):
    put(store, [F(unit=f"late{{n}}")])
os.kill(os.getpid(), 9)
"""
    subprocess.run([sys.executable, "-c", script], env={**os.environ, "PYTHONPATH": "."}, timeout=60)
    assert log_of(path).stat().st_size
    return path


def copied(killed: Path, folder: Path) -> Path:
    for path in (killed, log_of(killed), mark_of(killed)):
        shutil.copy2(path, folder / path.name)
    return folder / killed.name


def test_what_a_killed_process_left_is_there(killed, tmp_path):
    with Store.open(copied(killed, tmp_path)) as store:
        assert load_list(store).height == 21
    assert [path.name for path in tmp_path.iterdir()] == ["s.duckdb"]


@pytest.mark.parametrize("seed", range(6))
def test_a_log_that_was_cut_short_is_refused_and_named(killed, tmp_path, seed):
    path = copied(killed, tmp_path)
    os.truncate(log_of(path), random.Random(seed).randrange(1, log_of(path).stat().st_size - 8))
    cut = log_of(path).read_bytes()
    with pytest.raises(StoreError, match=r"lacks its last writes: the journal ends at \d+, and 21 was acknowledged"):
        Store.open(path)
    assert mark_of(path).exists()
    assert log_of(path).read_bytes() == cut
    with pytest.raises(StoreError, match="lacks its last writes"):  # as often as it is tried
        Store.open(path)


def test_a_log_that_was_taken_away_is_missed(killed, tmp_path):
    path = copied(killed, tmp_path)
    log_of(path).unlink()
    with pytest.raises(StoreError, match="was cut short or taken away"):
        Store.open(path)
    shutil.copy2(log_of(killed), log_of(path))
    with Store.open(path) as store:  # put back, all is well
        assert load_list(store).height == 21


def test_an_older_copy_put_in_place_of_a_store_opens(killed, tmp_path):
    path = copied(killed, tmp_path)
    log_of(path).unlink()
    os.utime(path, (1, 1))  # another file than the one that was left
    with Store.open(path) as store:
        assert load_list(store).height == 1


@pytest.mark.parametrize("seed", range(8))
def test_a_damaged_file_says_so_and_is_left_as_it_was(killed, tmp_path, seed):
    rng, path = random.Random(seed), copied(killed, tmp_path)
    target = path if seed % 2 else log_of(path)
    content = bytearray(target.read_bytes())
    if seed % 4 == 3:
        content = content[: rng.randrange(len(content) // 2)]
    else:
        content[rng.randrange(len(content) // 10, len(content))] ^= 1 << rng.randrange(8)
    target.write_bytes(content)
    try:
        with Store.open(path) as store:  # a bit nobody reads, such as in a block that is free
            assert load_list(store).height == 21
    except duckdb.IOException as error:  # a part that is only read later; commands say it in a sentence
        assert "Could not read" in str(error)
    except StoreError as error:
        assert any(words in str(error) for words in ("is damaged", "lacks its last writes", "not a DuckDB file")), error
        assert target.read_bytes() == bytes(content)


def test_two_names_of_one_file_are_refused(tmp_path):
    Store.create(tmp_path / "a.duckdb").close()
    (tmp_path / "link.duckdb").symlink_to(tmp_path / "a.duckdb")
    with Store.open(tmp_path / "link.duckdb") as store:  # a symbolic link leads to the one name
        assert store.path.name == "a.duckdb"
    os.link(tmp_path / "a.duckdb", tmp_path / "hard.duckdb")
    with pytest.raises(StoreError, match="hard link"):
        Store.open(tmp_path / "hard.duckdb")


OTHER = "import sys; from kpiflow.storage import Store; Store.open(sys.argv[1]).close(); print('opened')"


def test_no_second_process_gets_in_even_when_the_file_was_read_beside(store):
    # Closing any handle of the file drops a lock of the kind that DuckDB has; ours is on a file of its own.
    store.path.read_bytes()
    done = subprocess.run([sys.executable, "-c", OTHER, str(store.path)], capture_output=True, text=True, timeout=60)
    assert "opened" not in done.stdout
    assert f"in use by process {os.getpid()}" in done.stderr


def test_a_file_replaced_while_it_is_open_is_not_written_to(tmp_path):
    Store.create(tmp_path / "other.duckdb").close()
    with Store.create(tmp_path / "a.duckdb") as store:
        put(store, [F()])
        (tmp_path / "a.duckdb").rename(tmp_path / "moved.duckdb")
        (tmp_path / "other.duckdb").rename(tmp_path / "a.duckdb")
        with pytest.raises(StoreError, match="moved or replaced while it is open"):
            put(store, [F(unit="JFK")])


def test_a_torn_or_altered_backup_is_refused(store, tmp_path):
    put(store, [F(unit=f"u{n}") for n in range(500)])
    made = backup(store, tmp_path / "b.duckdb")
    assert verify(made).rows > 1000
    whole = made.read_bytes()
    for seed in range(6):
        rng, torn = random.Random(seed), tmp_path / f"torn{seed}.duckdb"
        torn.write_bytes(whole[: rng.randrange(len(whole))])
        with pytest.raises(StoreError):
            restore(torn, tmp_path / "new.duckdb")
        assert not list(tmp_path.glob("new.*"))
    with duckdb.connect(str(made)) as altered:
        altered.execute("UPDATE journal SET who = 'somebody else'")
    with pytest.raises(StoreError, match=r"not what was backed up: journal"):
        verify(made)


def test_a_store_that_is_held_is_no_backup(store, tmp_path):
    script = f"import sys; from kpiflow.storage import restore; restore({str(store.path)!r}, sys.argv[1])"
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "x.duckdb")], capture_output=True, text=True, timeout=60
    )
    assert "in use by process" in done.stderr
