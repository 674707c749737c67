"""What is measured, and against what. ``python3 dev.py bench`` runs it; no test is timed."""
