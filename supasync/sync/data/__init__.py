"""Rows of production for a branch: the tables that the configuration lists, and nothing else."""
