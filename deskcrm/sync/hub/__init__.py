"""The server's side: takes steps in order, gives rows back."""
