"""The page's JavaScript modules without a browser: `tests/node/page.test.mjs`."""

import subprocess
import sys
from pathlib import Path

NODE_TESTS = Path(__file__).parents[3] / "node"


def test_the_modules_keep_their_rules() -> None:
    """As Node.js's own test runner says."""
    node = Path(sys.executable).parent / "node"
    done = subprocess.run(
        [str(node), "--test", str(NODE_TESTS / "page.test.mjs")],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
