"""Reports: how we do over a period, every figure with its arithmetic and its rows."""
