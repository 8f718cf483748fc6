"""Tells people and programs what has become of a branch: once for each change, and in nobody's way.

`news` says what is worth telling, `receivers` how each kind of receiver wants to hear it, and
`sending` gets it there.
"""
