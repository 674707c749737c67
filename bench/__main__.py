"""Runs measurements: ``python3 dev.py bench [NAME] [--clients N] [--json FILE]``."""

import argparse
import importlib
import json
import os
import platform
import sys
from pathlib import Path

from bench.lines import Line, as_table

# Each is a module with ``run(clients: int) -> list[Line]``.
MEASUREMENTS = (
    "store", "lookups", "risk", "judging", "queue", "window", "start", "search_quality", "demo",
    "sync", "sync_http", "crowd", "health", "imports", "metrics", "duplicates",
)  # fmt: skip
ONCE = (
    "store", "queue", "sync", "sync_http", "crowd", "health", "imports", "metrics", "duplicates",
)  # fmt: skip
"""What has a size of its own, and is measured once."""
SIZES = (10_000, 100_000, 1_000_000)


def main() -> int:
    """Run what was named, or everything, and print it as a table and as JSON."""
    parser = argparse.ArgumentParser(prog="dev.py bench", description=__doc__)
    parser.add_argument("name", nargs="?", choices=MEASUREMENTS)
    parser.add_argument("--clients", type=int, help="size of the workspace; else 10,000 and more")
    parser.add_argument("--json", type=Path, help="also write the figures into this file")
    options = parser.parse_args()
    lines: list[Line] = []
    for clients in (options.clients,) if options.clients else SIZES:
        for name in (options.name,) if options.name else MEASUREMENTS:
            if name in ONCE and clients not in (options.clients, SIZES[0]):
                continue
            print(f"{name}, {clients:,} clients …", file=sys.stderr, flush=True)
            lines += importlib.import_module(f"bench.{name}").run(clients)
    machine = f"{platform.system()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{machine}\n\n{as_table(lines)}\n")
    figures = json.dumps({"machine": machine, "lines": [one.as_json() for one in lines]})
    print(figures)
    if options.json:
        options.json.write_text(figures + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
