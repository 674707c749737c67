# What the tests use of scipy, which ships no types.
