"""Takes what a list shows, or everything, into a file."""
