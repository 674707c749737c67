"""Tags: renamed, put together, deleted."""
