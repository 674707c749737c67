"""The workstation's side: sends what waits, takes in what came."""
