# What we use of sqlcipher3, which ships no types: it mirrors the standard sqlite3.
from collections.abc import Callable
from sqlite3 import Connection as Connection
from typing import Any, TypeVar

T = TypeVar("T")

sqlite_version: str

class Error(Exception): ...
class DatabaseError(Error): ...
class OperationalError(DatabaseError): ...
class IntegrityError(DatabaseError): ...
class NotSupportedError(DatabaseError): ...

def register_adapter(kind: type[T], adapter: Callable[[T], Any], /) -> None: ...
def connect(
    database: str,
    timeout: float = ...,
    detect_types: int = ...,
    isolation_level: str | None = ...,
    check_same_thread: bool = ...,
    factory: type[Connection] = ...,
    cached_statements: int = ...,
    uri: bool = ...,
) -> Connection: ...
