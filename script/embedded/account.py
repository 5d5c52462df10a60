"""The account PostgreSQL runs under when the caller is root, which it refuses to run as."""

import os
import pwd
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

OWN_ACCOUNT = "editjury"
LAST_RESORT = "nobody"


@dataclass(frozen=True)
class Account:
    """A system account by its numbers."""

    uid: int
    gid: int


def service_account() -> Account | None:
    """The account to drop to: None unless root; made once with useradd where that exists."""
    if os.geteuid() != 0:
        return None
    found = _find(OWN_ACCOUNT)
    if found is None and shutil.which("useradd"):
        command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin"]
        subprocess.run([*command, OWN_ACCOUNT], check=False, capture_output=True)
        found = _find(OWN_ACCOUNT)
    return found or _find(LAST_RESORT)


def _find(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(uid=entry.pw_uid, gid=entry.pw_gid)


def make_private_dir(path: Path, account: Account | None) -> None:
    """Makes a directory only its owner may enter: the account's, or the caller's.

    Raises:
        PermissionError: someone else made it first, as may happen in /tmp.
    """
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        # held open without following a link: what is checked is what changes hands
        folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError as error:
        raise PermissionError(_foreign(path)) from error
    try:
        owner = os.fstat(folder).st_uid
        if owner not in {os.geteuid(), account.uid if account else -1}:
            raise PermissionError(_foreign(path))
        if account is not None:
            os.fchown(folder, account.uid, account.gid)
        os.fchmod(folder, 0o700)
    finally:
        os.close(folder)


def _foreign(path: Path) -> str:
    return f"{path} belongs to someone else or is a link; remove it"


def open_way_to(path: Path, account: Account | None) -> None:
    """Lets the account pass (not list) the directories above `path`, and says which were closed."""
    if account is None:
        return
    for parent in path.parents:
        mode = parent.stat().st_mode
        if not mode & stat.S_IXOTH and parent.stat().st_uid != account.uid:
            print(
                f"PostgreSQL may not run as root: allowing others to pass {parent}", file=sys.stderr
            )
            parent.chmod(mode | stat.S_IXOTH)


def make_readable(tree: Path, account: Account | None) -> None:
    """Lets the account read and run an installed tree that a strict umask closed."""
    if account is None:
        return
    for path in [tree, *tree.rglob("*")]:
        if path.is_symlink():
            continue
        mode = path.stat().st_mode
        wanted = mode | stat.S_IROTH
        if path.is_dir() or mode & stat.S_IXUSR:
            wanted |= stat.S_IXOTH
        if wanted != mode:
            path.chmod(wanted)
