"""Leaves deeds out of a run that fails, as long as it fails in the same way; then tells the rest.

    python -m tests.sync.reduce_deeds FILE

The file is what ``in_memory/test_everything_apart.py`` writes where something does not hold.
"""

import pickle
import sys
import traceback
from pathlib import Path

from tests.sync.team import Deed, run_deeds

Deeds = list[tuple[int, Deed]]


def fault_of(seed: int, is_faulty: bool, deeds: Deeds) -> tuple[str, str, str] | None:
    """Give what does not hold, and where; without the ids in it."""
    try:
        run_deeds(seed, is_faulty, deeds)
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        return type(error).__name__, str(error).split(":")[0], where.name
    return None


def reduce(seed: int, is_faulty: bool, deeds: Deeds) -> tuple[bool, Deeds]:
    """Give the deeds that it takes, and whether faults of the network are among what it takes."""
    fault = fault_of(seed, is_faulty, deeds)
    if fault is None:
        raise SystemExit("It holds. Another PYTHONHASHSEED may order things otherwise.")
    if is_faulty and fault_of(seed, False, deeds) == fault:
        is_faulty = False
    size = max(1, len(deeds) // 2)
    while True:
        before, start = len(deeds), 0
        while start < len(deeds):
            fewer = deeds[:start] + deeds[start + size :]
            if fault_of(seed, is_faulty, fewer) == fault:
                deeds = fewer
            else:
                start += size
        if size == 1 and len(deeds) == before:
            return is_faulty, deeds
        size = max(1, size // 2)


def main() -> None:
    """Reduce what stands in a file, and run the rest once more to show what does not hold."""
    seed, is_faulty, deeds = pickle.loads(Path(sys.argv[1]).read_bytes())
    is_faulty, deeds = reduce(seed, is_faulty, deeds)
    for number, deed in deeds:
        sys.stdout.write(f"{number:4} {deed}\n")
    sys.stdout.write(f"seed {seed}, the network {'fails' if is_faulty else 'works'}\n")
    run_deeds(seed, is_faulty, deeds)


if __name__ == "__main__":
    main()
