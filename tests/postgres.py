"""A real PostgreSQL server for tests, from Debian's package, on a socket that only tests know."""

import os
import shutil
import subprocess
import tempfile
import uuid
from contextlib import contextmanager
from pathlib import Path

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
MISSING = "no PostgreSQL server here; install it with: apt-get install postgresql"


def has_postgres():
    return bool(PROGRAMS) or shutil.which("initdb") is not None


def program(name):
    return str(PROGRAMS[-1] / name) if PROGRAMS else shutil.which(name)


def run(*command):
    """PostgreSQL refuses to be run by root."""
    user = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/", **user)


@contextmanager
def serve_postgres():
    """Start a server; give the folder of its socket."""
    folder = Path(tempfile.mkdtemp(prefix="unheard-pg-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        run(program("initdb"), "-D", folder / "data", "-A", "trust", "-U", "unheard", "--no-sync")
        options = f"-k {folder} -c listen_addresses= -c fsync=off -c max_connections=50"
        start = ("-D", folder / "data", "-o", options, "-l", folder / "log", "-w")
        run(program("pg_ctl"), *start, "start")
        try:
            yield folder
        finally:
            run(program("pg_ctl"), "-D", folder / "data", "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def make_database(socket):
    """Make an empty database; give its URL."""
    import psycopg

    name = f"t{uuid.uuid4().hex}"
    with psycopg.connect(host=str(socket), user="unheard", dbname="postgres", autocommit=True) as c:
        c.execute(f"CREATE DATABASE {name}")
    return f"postgresql+psycopg://unheard@/{name}?host={socket}"
