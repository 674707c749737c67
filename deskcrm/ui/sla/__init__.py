"""Service levels on the screen: until when, and the arithmetic that says so."""
