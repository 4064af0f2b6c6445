"""The embedded server: it loses nothing, and whatever died before stops no start."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import psutil
import psycopg
import pytest

from crm.embedded import cluster, processes
from crm.embedded.errors import LauncherError, explain
from crm.embedded.layout import PORT, Account, layout_for, reachable
from crm.embedded.server import Server
from crm.tests.launching import ACCOUNTS, Holder, connected

Hold = Callable[..., Holder]


def gone(pid: int) -> bool:
    """Whether a process ends within a minute."""
    return processes.wait_until(lambda: not processes.alive(pid), 60)


@pytest.mark.parametrize("account", ACCOUNTS)
def test_it_starts_answers_and_stops_as_any_user(hold: Hold, folder: Path, account: str) -> None:
    holder = hold(account)
    pid = holder.ready()
    assert psutil.Process(pid).uids().effective != 0
    holder.let_go()
    assert gone(pid)


def test_it_knows_every_script_and_brings_the_extensions_in_use(folder: Path) -> None:
    with Server(folder) as server, connected(server.layout) as connection:
        for name in ("pg_trgm", "unaccent", "btree_gin", "fuzzystrmatch"):
            connection.execute(f"CREATE EXTENSION {name}")
        row = connection.execute(
            "SELECT similarity('张伟明', '张伟'), unaccent('Zoë'), lower('ÉCLAIR'), levenshtein('an', 'ann')"
        ).fetchone()
        assert row is not None
        assert row[0] > 0
        assert row[1:] == ("Zoe", "éclair", 1)


def test_what_it_had_in_memory_is_read_again_after_a_stop(folder: Path) -> None:
    with Server(folder) as server, connected(server.layout) as connection:
        connection.execute("CREATE TABLE much AS SELECT generate_series(1, 100000)")
    kept = "SELECT count(*) > 400 FROM pg_buffercache WHERE relfilenode = pg_relation_filenode('much')"
    with Server(folder) as server, connected(server.layout) as connection:
        connection.execute("CREATE EXTENSION pg_buffercache")
        assert processes.wait_until(lambda: connection.execute(kept).fetchone() == (True,), 60)


def test_only_its_owner_gets_in(folder: Path) -> None:
    with Server(folder) as server, connected(server.layout) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert stat.S_IMODE(server.layout.passfile.stat().st_mode) == 0o600
        assert stat.S_IMODE(server.layout.socket_dir.stat().st_mode) == 0o700
        with pytest.raises(psycopg.OperationalError, match="no password supplied"):
            psycopg.connect(server.dsn().replace(str(server.layout.passfile), "/dev/null"))


def test_killed_under_writes_it_loses_no_row_it_acknowledged(folder: Path) -> None:
    with Server(folder) as server:
        with connected(server.layout) as connection:
            connection.execute("CREATE TABLE noted (n int PRIMARY KEY)")
        acknowledged: list[int] = []
        for _ in range(2):
            first = len(acknowledged)
            writer = threading.Thread(target=write_until_it_breaks, args=(server, acknowledged))
            writer.start()
            assert processes.wait_until(partial(longer, acknowledged, first + 200), 120)
            os.kill(server.pid() or 0, signal.SIGKILL)
            writer.join(timeout=60)
            assert server.ensure()
            with connected(server.layout) as connection:
                kept = {n for (n,) in connection.execute("SELECT n FROM noted")}
            assert set(acknowledged) <= kept


def longer(numbers: list[int], length: int) -> bool:
    """Whether there are more numbers than that by now."""
    return len(numbers) > length


def write_until_it_breaks(server: Server, acknowledged: list[int]) -> None:
    """Note every number that the database said it has."""
    try:
        with connected(server.layout) as connection:
            while True:
                number = connection.execute(
                    "INSERT INTO noted SELECT coalesce(max(n), 0) + 1 FROM noted RETURNING n"
                ).fetchone()
                assert number is not None
                acknowledged.append(number[0])
    except psycopg.OperationalError:
        return


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("account", ACCOUNTS)
def test_after_its_holder_was_killed_the_next_start_gets_a_server(
    hold: Hold, account: str, *, tied: bool
) -> None:
    holder = hold(account, tied=tied)
    before = holder.ready()
    holder.kill()
    after = hold(account).ready()  # at once, while a tied server is still on its way out
    assert after != before
    assert gone(before)


def test_a_tied_server_ends_with_its_holder(hold: Hold) -> None:
    holder = hold(tied=True)
    pid = holder.ready()
    holder.kill()
    assert gone(pid)


def test_starts_at_once_give_one_server_which_the_last_one_stops(hold: Hold) -> None:
    holders = [hold() for _ in range(4)]
    pids = {holder.ready() for holder in holders}
    assert len(pids) == 1
    (pid,) = pids
    for holder in holders[:-1]:
        holder.let_go()
    assert processes.alive(pid)
    holders[-1].let_go()
    assert gone(pid)


def test_a_server_outlives_the_holder_that_started_it_while_another_uses_it(hold: Hold) -> None:
    first = hold()
    pid = first.ready()
    second = hold()
    assert second.ready() == pid
    first.let_go()
    assert processes.alive(pid)
    second.let_go()
    assert gone(pid)


def test_lock_files_that_name_a_stranger_do_not_stop_a_start(folder: Path) -> None:
    with Server(folder) as server:
        pid = server.pid() or 0
        notes = (server.layout.data / "postmaster.pid").read_text().split("\n")
        os.kill(pid, signal.SIGKILL)
        assert gone(pid)
    stranger = str(os.getpid())  # alive, and no server
    (server.layout.data / "postmaster.pid").write_text("\n".join([stranger, *notes[1:]]))
    (server.layout.socket_dir / f".s.PGSQL.{PORT}.lock").write_text("\n".join([stranger, *notes[1:]]))
    with Server(folder), connected(server.layout) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_lock_files_that_name_nobody_do_not_stop_a_start(folder: Path) -> None:
    with Server(folder) as server:
        pid = server.pid() or 0
        os.kill(pid, signal.SIGKILL)
        assert gone(pid)
        assert (server.layout.data / "postmaster.pid").exists()
    with Server(folder), connected(server.layout) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_start_waits_for_a_server_that_is_still_stopping(hold: Hold, folder: Path) -> None:
    holder = hold()
    before = holder.ready()
    with connected(layout_for(folder)) as connection:
        os.kill(before, signal.SIGTERM)  # it now waits for this connection to end, and takes no other
        assert processes.wait_until(lambda: stopping(folder), 60)
        holder.kill()
        after = hold().ready()
        assert after != before
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")


def stopping(folder: Path) -> bool:
    """Whether the server has said in its lock file that it stops."""
    return "stopping" in (layout_for(folder).data / "postmaster.pid").read_text()


def test_a_data_folder_of_another_version_is_refused_in_one_line(folder: Path) -> None:
    with Server(folder) as server:
        pass
    version = server.layout.data / "PG_VERSION"
    version.write_text("17\n")
    with pytest.raises(LauncherError, match=r"made by PostgreSQL 17.*make reset") as caught:
        Server(folder).acquire()
    assert "\n" not in str(caught.value)
    version.write_text("18\n")


def test_a_folder_that_is_no_data_folder_is_left_alone(folder: Path) -> None:
    layout = layout_for(folder)
    cluster.prepare_home(layout)
    layout.data.mkdir(mode=0o700)
    if layout.account:
        os.chown(layout.data, layout.account.uid, layout.account.gid)
    (layout.data / "letters").write_text("dear")
    with pytest.raises(LauncherError, match="no PostgreSQL data folder"):
        Server(folder).acquire()
    assert (layout.data / "letters").read_text() == "dear"


def test_a_lost_password_is_told_in_one_line(folder: Path) -> None:
    with Server(folder) as server:
        kept = server.layout.passfile.read_text()
    server.layout.passfile.write_text(kept.replace(kept[-8:-4], "----"))
    with pytest.raises(LauncherError, match="refuses the password"):
        Server(folder).acquire()


def test_too_little_room_is_told_before_anything_is_written(folder: Path) -> None:
    with pytest.raises(LauncherError, match="is full"):
        cluster.prepare_home(layout_for(folder), minimum_free_bytes=2**62)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ('FATAL:  could not write to file "pg_wal/xlogtemp.1": No space left on device', "is full"),
        ("initdb: error: could not create directory: Read-only file system", "read-only"),
        ('2026 [1] FATAL:  could not create lock file "x": Permission denied', "another user"),
        ("2026 [1] LOG:  starting\n2026 [1] FATAL:  bogus option", "bogus option"),
        ("", "it said nothing"),
    ],
)
def test_what_postgres_says_is_told_in_one_line(folder: Path, said: str, told: str) -> None:
    line = str(explain(said, folder, folder / "server.log"))
    assert told in line
    assert "\n" not in line


def test_a_state_folder_that_cannot_be_is_told_in_one_line(folder: Path) -> None:
    (folder / "file").touch()
    with pytest.raises(LauncherError, match="Cannot write in"):
        cluster.prepare_home(layout_for(folder / "file" / "var"))


def test_a_folder_that_only_its_owner_may_enter_stays_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm.embedded.layout.ROOT_HOME", folder / "elsewhere")
    private = folder / "private"
    private.mkdir(mode=0o700)
    (folder / "elsewhere").mkdir()
    (folder / "elsewhere").chmod(0o755)
    with Server(private / "var") as server, connected(server.layout) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
        # Root's server runs as somebody who may not go there, so it lives elsewhere; anybody else's does not.
        assert (server.layout.home.parent == folder / "elsewhere") is (os.geteuid() == 0)
    assert stat.S_IMODE(private.stat().st_mode) == 0o700
    assert stat.S_IMODE(folder.stat().st_mode) == 0o777


def test_a_deep_folder_gets_a_short_socket(folder: Path) -> None:
    deep = folder / ("long-name-" * 9)
    deep.mkdir()
    deep.chmod(0o777)
    with Server(deep) as server, connected(server.layout) as connection:
        assert server.layout.socket_dir.parent == Path("/tmp")
        assert connection.execute("SELECT 1").fetchone() == (1,)
    server.layout.socket_dir.rmdir()


def test_a_socket_folder_that_others_can_enter_is_refused(folder: Path) -> None:
    layout = layout_for(folder)
    cluster.prepare_home(layout)
    cluster.prepare_socket_dir(layout)
    layout.socket_dir.chmod(0o777)
    with pytest.raises(LauncherError, match="not a private folder"):
        cluster.prepare_socket_dir(layout)


def test_a_socket_folder_that_leads_elsewhere_is_refused(folder: Path) -> None:
    layout = layout_for(folder)
    cluster.prepare_home(layout)
    (folder / "elsewhere").mkdir(mode=0o700)
    layout.socket_dir.symlink_to(folder / "elsewhere")
    with pytest.raises(LauncherError, match="not a private folder"):
        cluster.prepare_socket_dir(layout)


def test_a_start_that_died_before_it_gave_the_socket_folder_away_is_mended(folder: Path) -> None:
    layout = layout_for(folder)
    cluster.prepare_home(layout)
    layout.socket_dir.mkdir(mode=0o700)
    cluster.prepare_socket_dir(layout)
    assert layout.socket_dir.stat().st_uid == (layout.account.uid if layout.account else os.geteuid())


def test_a_file_where_the_socket_folder_belongs_is_told_in_one_line(folder: Path) -> None:
    layout = layout_for(folder)
    cluster.prepare_home(layout)
    layout.socket_dir.touch()
    with pytest.raises(LauncherError, match="Cannot make"):
        cluster.prepare_socket_dir(layout)


def test_who_may_reach_a_folder(folder: Path) -> None:
    stranger = Account("stranger", 61_000, 61_000)
    inner = folder / "inner"
    inner.mkdir(mode=0o700)
    assert reachable(folder, stranger)
    assert not reachable(inner, stranger)
    owner = Account("owner", inner.stat().st_uid, 61_000)
    assert reachable(inner, owner)


def test_another_users_process_is_no_server_of_ours(folder: Path) -> None:
    with subprocess.Popen(["sleep", "60"]) as sleeper:
        assert not processes.is_postmaster(sleeper.pid, folder)
        sleeper.kill()
    assert not processes.alive(sleeper.pid)


def test_a_server_that_dies_again_while_it_starts_is_told_in_words(folder: Path) -> None:
    gone = Server(folder)  # never started: to whoever connects this looks the same
    with pytest.raises(LauncherError, match="went away while it was started"):
        gone._ensure_database()
