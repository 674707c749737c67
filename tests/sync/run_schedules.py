"""Runs schedules for hours: what is done stands in a file, so that a run can be broken off.

    python -m tests.sync.run_schedules STEPS FIRST LAST LOG [--processes N]
        [--hears N] [--restless N] [--older N]

With ``--hears 3`` every third seed is run with news; with 1 each, with 0 none. ``--restless 5``: in
every fifth, rights change and servers are restored often. ``--older 2``: every second server lets
each page be asked for by itself. A line of the log is a seed, ``news``, ``restless`` and ``older``
where it was that, and ``held`` or what did not hold. Seeds that stand there are passed over, so the
same command goes on where it stopped; a log belongs to one commit and set of options.
"""

import argparse
import gc
import os
import sys
import traceback
from dataclasses import dataclass
from multiprocessing import Process
from pathlib import Path

from tests.sync.schedule import run_schedule


@dataclass(frozen=True)
class Run:
    """What is to be run, and where it is noted."""

    steps: int
    seeds: range
    log: Path
    hears: int = 0
    restless: int = 0
    older: int = 0

    def share(self, number: int, of: int, parent: int) -> None:
        """Run each so many-th seed that is left, for as long as the process that asked lives."""
        done = {int(line.split()[0]) for line in self.log.read_text().splitlines()}
        left = [seed for seed in self.seeds[number::of] if seed not in done]
        gc.freeze()  # the program itself need not be looked through again and again
        with self.log.open("a", buffering=1) as file:
            for seed in left:
                if os.getppid() != parent:
                    return
                file.write(f"{self._line(seed)}\n")

    def _line(self, seed: int) -> str:
        hears = bool(self.hears) and seed % self.hears == 0
        is_restless = bool(self.restless) and seed % self.restless == self.restless - 1
        is_older = bool(self.older) and seed % self.older == self.older - 1
        named = f"{seed}{' news' * hears}{' restless' * is_restless}{' older' * is_older}"
        try:
            run_schedule(seed, self.steps, hears=hears, is_restless=is_restless, is_older=is_older)
        except Exception as error:
            traceback.print_exc()
            return f"{named} {type(error).__name__} {' '.join(str(error).split())[:300]}"
        return f"{named} held"


def main() -> int:
    """Run what the arguments say; gives 1 where anything did not hold."""
    parser = argparse.ArgumentParser()
    for name in ("steps", "first", "last"):
        parser.add_argument(name, type=int)
    parser.add_argument("log", type=Path)
    parser.add_argument("--hears", type=int, default=0)
    parser.add_argument("--restless", type=int, default=0)
    parser.add_argument("--older", type=int, default=0)
    parser.add_argument("--processes", type=int, default=1)
    asked = parser.parse_args()
    asked.log.touch()
    seeds = range(asked.first, asked.last)
    run = Run(asked.steps, seeds, asked.log, asked.hears, asked.restless, asked.older)
    shares = [(number, asked.processes, os.getpid()) for number in range(asked.processes)]
    running = [Process(target=run.share, args=share, daemon=True) for share in shares]
    for process in running:
        process.start()
    for process in running:
        process.join()
    is_whole = all(process.exitcode == 0 for process in running)
    lines = asked.log.read_text().splitlines()
    return int(not is_whole or not all(line.endswith(" held") for line in lines))


if __name__ == "__main__":
    sys.exit(main())
