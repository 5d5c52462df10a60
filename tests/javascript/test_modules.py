"""Runs the tests of the pages' modules under the test runner of Node.js itself."""

import re
import subprocess
from pathlib import Path

import playwright

HERE = Path(__file__).resolve().parent
NODE = Path(playwright.__file__).parent / "driver" / "node"  # Playwright brings its own


def test_the_modules_pass_their_own_tests():
    files = sorted(str(path) for path in HERE.glob("*.test.js"))
    done = subprocess.run(
        [NODE, "--test", *files], cwd=HERE, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    passed = re.search(r"pass (\d+)", done.stdout)
    assert passed is not None
    assert int(passed[1]) > len(files)  # a file that runs no test passes as one
