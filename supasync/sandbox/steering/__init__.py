"""A running sandbox, steered from outside: its faults and its clock.

Beside the platform's API, below a path that the platform does not have, with a token of its own.
"""
