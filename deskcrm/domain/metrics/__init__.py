"""How we do: every figure with its formula, its unit, its n, its period and the rows behind it."""
