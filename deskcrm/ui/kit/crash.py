"""A bug, written down without anybody's words in it."""

import platform
import traceback
from datetime import UTC, datetime

from deskcrm import __version__

# Their messages name code; any other message may quote a client's name or an SQL parameter.
NAMES_CODE = (AttributeError, ImportError, NameError, NotImplementedError, RecursionError)


def report(error: BaseException) -> str:
    """Describe the error for a bug report: places in the code, never values."""
    system = f"{platform.system()} {platform.release()}"
    lines = [
        f"DeskCRM {__version__}, {system}, Python {platform.python_version()}",
        f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC",
    ]
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        lines.append("")
        lines.append(_name(link))
        for frame in traceback.extract_tb(link.__traceback__):
            place = frame.filename.replace("\\", "/").rpartition("/deskcrm/")
            shown = f"deskcrm/{place[2]}" if place[1] else place[2].rsplit("/", 1)[-1]
            lines.append(f"  {shown}:{frame.lineno} in {frame.name}")
        link = link.__cause__ or link.__context__
    return "\n".join(lines)


def _name(error: BaseException) -> str:
    kind = type(error)
    name = f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")
    return f"{name}: {error}" if isinstance(error, NAMES_CODE) else name
