"""What people set: on this device, for themselves, for the whole workspace."""
