"""A module for each page of the reference; `part()` is what is made of it."""
