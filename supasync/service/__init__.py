"""What happens without anyone at a keyboard: pushes and detected changes become syncs.

`watch` needs nothing but the client; `serve` adds HTTP and durable jobs, whose libraries only it
imports.
"""
