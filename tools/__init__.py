"""What dev.py runs inside the environment: lock files, translations, packaging."""
