"""What people see of sync: how it stands, what waits, what came, what was refused."""
