"""The run without faults that shows that no service's memory keeps growing.

    make soak-memory                     20 minutes
    SOAK_MINUTES=10 make soak-memory     shorter; the first five minutes are not judged

Exits 0 only when every service grows by less than 1 MB a minute and every alert is right.
"""

import os
import secrets

from faults.memory import MemoryWatch
from faults.soak import Plan, run_as_command


def main() -> None:
    """Run it as the environment says."""
    minutes = float(os.environ.get("SOAK_MINUTES", "20"))
    plan = Plan(
        seconds=minutes * 60,
        seed=int(os.environ.get("SOAK_SEED", "") or secrets.randbelow(1_000_000)),
        per_second=float(os.environ.get("SOAK_RATE", "60")),
        fault_pause=None,
        least_kinds=0,
    )
    run_as_command(plan, MemoryWatch())


if __name__ == "__main__":
    main()
