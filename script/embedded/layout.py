"""Where one instance of the private services keeps its files; read by every module here."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
# macOS allows 104 bytes for a socket path; PostgreSQL appends ".s.PGSQL.5432.lock".
LONGEST_SOCKET_DIR = 80
# The instances that serve pages: the demo's, and the one of script/demo --empty.
SITES = ("site", "empty")


@dataclass(frozen=True)
class Layout:
    """The directories and files of one named instance (`site`, `empty`, `test` or `bench`)."""

    name: str

    @property
    def home(self) -> Path:
        """Everything of this instance, secrets included."""
        return CHECKOUT / "var" / "services" / self.name

    @property
    def exists(self) -> bool:
        """Whether this instance was ever started."""
        return self.cluster.exists() or self.redis.exists()

    @property
    def data_root(self) -> Path:
        """Images, exports, models and the secret key of a site, where DATA_ROOT is not set."""
        return CHECKOUT / "var" / ("empty" if self.name == "empty" else "")

    @property
    def lock(self) -> Path:
        """Held while a command starts or stops something here."""
        return self.home / "lock"

    @property
    def holders(self) -> Path:
        """Who needs the services now: one `pid created` line for each process, or `keep`."""
        return self.home / "holders"

    @property
    def environment(self) -> Path:
        """A site's addresses as KEY=VALUE lines for the settings, present while it runs."""
        return self.home / "environment"

    @property
    def cluster(self) -> Path:
        """PostgreSQL's data directory."""
        return self.home / "postgres" / "data"

    @property
    def postgres_log(self) -> Path:
        """What the PostgreSQL server prints."""
        return self.home / "postgres" / "server.log"

    @property
    def redis(self) -> Path:
        """Redis' append-only file, configuration and log."""
        return self.home / "redis"

    @property
    def socket_dir(self) -> Path:
        """PostgreSQL's socket: in the checkout, or in /tmp where that path is too long."""
        near = self.home / "postgres" / "socket"
        if len(str(near)) <= LONGEST_SOCKET_DIR:
            return near
        digest = hashlib.sha256(str(self.home).encode()).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"editjury-{os.geteuid()}-{digest}"
