from collections.abc import Callable, Sequence
from typing import Any

class OptimizeResult:
    x: Any
    fun: float

def minimize(
    fun: Callable[[Any], tuple[float, Any]],
    x0: Any,
    *,
    jac: bool = ...,
    method: str = ...,
    bounds: Sequence[tuple[float | None, float | None]] = ...,
    options: dict[str, float] = ...,
) -> OptimizeResult: ...
