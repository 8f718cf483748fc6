"""Settings of a process: flag, then environment, then file, then default."""
