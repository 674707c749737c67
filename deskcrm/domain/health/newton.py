"""Finds the weights that fit history best while staying near what was believed before.

Minimises Σ log(1 + exp(η)) − y·η + ½ Σ ((b − b⁰)/τ)² within bounds, by Newton's method on the
weights that are free to move (Bertsekas 1982, projected Newton). It needs numpy, so it is imported
where something is learned: a workstation that only scores has none.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
_ROUNDS: Final = 100
_HALVINGS: Final = 40
_STILL: Final = 1e-10
"""A step so short that the weights stand still."""
_NOTHING: Final = 1e-11
_SLOPE: Final = 1e-4
"""Share of the promised gain that a step must bring (Armijo)."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Rows, what became of them, and what is believed of each column; the last is the intercept."""

    columns: Array
    outcomes: Array
    priors: Array
    precisions: Array
    """1/τ²; 0 for what is free."""
    low: Array
    high: Array

    def loss(self, weights: Array) -> float:
        """Give minus the log of the posterior."""
        log_odds = self.columns @ weights
        misfit = np.logaddexp(0, log_odds).sum() - self.outcomes @ log_odds
        return float(misfit + 0.5 * self.precisions @ (weights - self.priors) ** 2)

    def slopes(self, weights: Array) -> tuple[Array, Array]:
        """Give the gradient and the Hessian."""
        chances = np.exp(-np.logaddexp(0, -(self.columns @ weights)))
        gradient = self.columns.T @ (chances - self.outcomes)
        gradient += self.precisions * (weights - self.priors)
        spread = chances * (1 - chances)
        hessian = (self.columns.T * spread) @ self.columns + np.diag(self.precisions)
        return gradient, hessian


def solve(problem: Problem, start: Array) -> Array:
    """Find the weights with the least loss within the bounds."""
    weights = np.clip(start, problem.low, problem.high)
    for _ in range(_ROUNDS):
        gradient, hessian = problem.slopes(weights)
        held = ((weights <= problem.low) & (gradient > 0)) | (
            (weights >= problem.high) & (gradient < 0)
        )
        free = np.flatnonzero(~held)
        if not len(free):
            break
        step = np.zeros_like(weights)
        step[free] = -np.linalg.solve(_sure(hessian[np.ix_(free, free)]), gradient[free])
        weights = _moved(problem, weights, gradient, step)
        if np.abs(step).max() <= _STILL * (1 + np.abs(weights).max()):
            break
    return weights


def _sure(hessian: Array) -> Array:
    """Keep a Hessian from being singular where a column says nothing at all."""
    return hessian + np.eye(len(hessian)) * 1e-12 * max(1.0, float(np.trace(hessian)))


def _moved(problem: Problem, weights: Array, gradient: Array, step: Array) -> Array:
    """Take the step, or as much of it as brings what it promised."""
    loss = problem.loss(weights)
    if -float(gradient @ step) <= _NOTHING * (1 + abs(loss)):
        return np.clip(weights + step, problem.low, problem.high)  # below what a loss can show
    for halved in range(_HALVINGS):
        moved = np.clip(weights + step * 0.5**halved, problem.low, problem.high)
        if problem.loss(moved) <= loss + _SLOPE * float(gradient @ (moved - weights)):
            break
    return moved
