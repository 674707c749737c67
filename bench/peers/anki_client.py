"""A workstation of Anki that syncs with its own server; run by the Python that has Anki.

A note comes with a card, so each counts for one row here and is two there.
"""

import importlib
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

USER = ("bench", "bench")


def main() -> None:
    """Exchange the rows of a file over a server; write the milliseconds as JSON."""
    folder, port, file = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
    endpoint = f"http://127.0.0.1:{port}/"
    first, second = (_open(folder / name) for name in ("a.anki2", "b.anki2"))
    auth = first.sync_login(*USER, endpoint)
    _whole(first, auth, upload=True)
    _whole(second, auth, upload=False)
    _add(first, [json.loads(line)["text"] for line in file.read_text("utf-8").splitlines()])
    figures: dict[str, Any] = {
        "push": _timed(lambda: _sync(first, auth)),
        "pull": _timed(lambda: _sync(second, auth)),
    }
    assert first.note_count() == second.note_count() > 0
    figures["nothing"] = [_timed(lambda: _sync(second, auth)) for _ in range(20)]
    figures["one"] = []
    for number in range(20):
        _add(first, [f"one {number}"])
        figures["one"].append(_timed(lambda: _sync(first, auth)))
    third = _open(folder / "c.anki2")
    figures["fresh"] = _timed(lambda: _whole(third, auth, upload=False))
    assert third.note_count() == first.note_count()
    print(json.dumps(figures))


def _open(path: Path) -> Any:
    return importlib.import_module("anki.collection").Collection(str(path))


def _sync(collection: Any, auth: Any) -> None:
    done = collection.sync_collection(auth, False)
    if done.required not in (done.NO_CHANGES, done.NORMAL_SYNC):
        raise RuntimeError(f"Anki wants a full sync: {done.required}")


def _whole(collection: Any, auth: Any, *, upload: bool) -> None:
    collection.sync_collection(auth, False)
    collection.close_for_full_sync()
    collection.full_upload_or_download(auth=auth, server_usn=None, upload=upload)
    collection.reopen(after_full_sync=True)


def _add(collection: Any, texts: list[str]) -> None:
    requests = importlib.import_module("anki.collection").AddNoteRequest
    kind, deck = collection.models.by_name("Basic"), collection.decks.id("Default")
    for start in range(0, len(texts), 500):
        notes = []
        for text in texts[start : start + 500]:
            note = collection.new_note(kind)
            note["Front"] = text
            notes.append(requests(note, deck))
        collection.add_notes(notes)


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1_000


if __name__ == "__main__":
    main()
