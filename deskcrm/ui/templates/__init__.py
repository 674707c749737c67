"""Reply templates: chosen while answering, and written in the settings."""
