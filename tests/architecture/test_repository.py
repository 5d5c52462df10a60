import re
import subprocess
import sys
from pathlib import Path

import yaml

from tests.architecture.source_tree import CHECKOUT, short, tracked_files

SOMEBODYS_HOME = re.compile(r"/(?:home|Users)/[a-z][\w.-]*/|/root/")
LARGEST_BYTES = 2_000_000


def text_files() -> dict[str, str]:
    found = {}
    for path in tracked_files():
        data = path.read_bytes()
        if b"\0" not in data[:8000]:
            found[short(path)] = data.decode("utf-8", errors="replace")
    return found


def test_no_file_names_a_path_of_one_machine():
    # A checkout right under the root has a name too common to look for.
    here = f"{CHECKOUT}/" if len(CHECKOUT.parts) > 2 else None
    own = short(Path(__file__))
    named = [
        name
        for name, text in text_files().items()
        if name != own and (SOMEBODYS_HOME.search(text) or (here and here in text))
    ]
    assert named == []


def test_no_large_file_is_kept_in_the_repository():
    assert [short(path) for path in tracked_files() if path.stat().st_size > LARGEST_BYTES] == []


def test_import_contracts_hold():
    program = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run(
        [program, "--no-cache"], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_compose_file_has_no_default_secrets():
    services = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())["services"]
    secret = re.compile(r"PASSWORD|SECRET|KEY")
    given = [
        f"{service}: {name}"
        for service, description in services.items()
        for name, value in (description.get("environment") or {}).items()
        if secret.search(name)
        and value is not None  # handed on from the operator's own environment
        and not re.fullmatch(r"\$\{\w+:\?.+\}", str(value))
    ]
    assert given == []
