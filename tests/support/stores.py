"""Places for registries on this machine: one of each kind that a store can be in."""

from __future__ import annotations

import getpass
import logging
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.machine import lack

SSHD_PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
SSHD_CONFIG = """\
Port {port}
ListenAddress 127.0.0.1
HostKey {home}/host_key
AuthorizedKeysFile {home}/authorized_keys
PidFile none
StrictModes no
UsePAM {pam}
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
AllowUsers {user}
MaxStartups 100
Subsystem sftp internal-sftp
ForceCommand internal-sftp
"""


@contextmanager
def s3_server() -> Iterator[str]:
    """Run a server that speaks S3; give the URL of a bucket. It tells its address to boto by the environment."""
    import s3fs
    from moto.s3.responses import S3Response
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(S3Response, "put_object", _one_by_one(S3Response.put_object))
        server.start()
        _, port = server.get_host_and_port()
        patch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
        patch.setenv("AWS_ACCESS_KEY_ID", "nobody")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "nothing")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        s3fs.S3FileSystem.clear_instance_cache()  # they remember an address
        s3fs.S3FileSystem().mkdir("registries")
        yield "s3://registries"
        server.stop()


def _one_by_one(put: Callable[..., Any]) -> Callable[..., Any]:
    """S3 checks a condition and writes in one; moto does so only if nobody comes between."""
    lock = threading.Lock()

    def put_alone(*arguments: Any, **named: Any) -> Any:
        with lock:
            return put(*arguments, **named)

    return put_alone


@contextmanager
def sftp_server(home: Path) -> Iterator[str]:
    """Run OpenSSH's server as this user; give the URL of a folder. Clients need $HOME to be `home`, for its keys."""
    program = shutil.which("sshd", path=SSHD_PATH)
    if program is None:
        lack("sshd")
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # where it drops its rights; a boot would make it
    port = _free_port()
    host_key, own_key = _key(home / "host_key"), _key(home / ".ssh/id_ed25519")
    (home / "authorized_keys").write_text(own_key)
    (home / ".ssh/known_hosts").write_text(f"[127.0.0.1]:{port} {host_key}")
    (home / "files").mkdir()
    pam = "no" if os.geteuid() == 0 else "yes"  # without it, no account without a password may log in
    (home / "config").write_text(SSHD_CONFIG.format(port=port, home=home, user=getpass.getuser(), pam=pam))
    log = home / "log"
    with log.open("wb") as out:
        server = subprocess.Popen([program, "-D", "-e", "-f", str(home / "config")], stderr=out)
        try:
            _wait_for(port, server, log)
            yield f"sftp://{getpass.getuser()}@127.0.0.1:{port}{home}/files"
        finally:
            server.terminate()
            server.wait()


def _key(path: Path) -> str:
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(key.private_bytes(form.Encoding.PEM, form.PrivateFormat.OpenSSH, form.NoEncryption()))
    path.chmod(0o600)
    return key.public_key().public_bytes(form.Encoding.OpenSSH, form.PublicFormat.OpenSSH).decode() + "\n"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(200):
        if server.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    pytest.fail(f"sshd did not start: {log.read_text()}")


def bare_repository(folder: Path) -> str:
    """Make an empty repository that others push to; give its URL."""
    subprocess.run(["git", "init", "--bare", "--quiet", "--initial-branch=main", str(folder)], check=True)
    return f"git+file://{folder}"
