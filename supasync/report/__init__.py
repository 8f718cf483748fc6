"""What people and programs see of a run. Everything here only reads events."""
