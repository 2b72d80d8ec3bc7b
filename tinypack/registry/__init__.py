"""The registry: signed static files that packages are published into and installed from.

Why it is laid out as it is: docs/decisions/0009-registry.md.
"""
