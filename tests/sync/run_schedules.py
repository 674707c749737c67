"""Runs schedules for hours: what is done stands in a file, so that a run can be broken off.

    python -m tests.sync.run_schedules STEPS FIRST LAST LOG

Each line of the log is a seed and ``held``, or what did not hold. Seeds that stand there are
passed over, so the same command goes on where it stopped; a log belongs to one commit and one
length of schedules.
"""

import sys
import traceback
from pathlib import Path

from tests.sync.schedule import run_schedule


def run(steps: int, first: int, last: int, log: Path) -> int:
    """Run the seeds from first up to, not including, last; gives how many did not hold."""
    log.touch()
    done = {int(line.split()[0]) for line in log.read_text().splitlines()}
    failed = 0
    with log.open("a", buffering=1) as file:
        for seed in range(first, last):
            if seed in done:
                continue
            try:
                run_schedule(seed, steps)
            except Exception as error:
                failed += 1
                traceback.print_exc()
                said = " ".join(str(error).split())
                file.write(f"{seed} {type(error).__name__} {said[:300]}\n")
            else:
                file.write(f"{seed} held\n")
    return failed


if __name__ == "__main__":
    steps, first, last = map(int, sys.argv[1:4])
    sys.exit(bool(run(steps, first, last, Path(sys.argv[4]))))
