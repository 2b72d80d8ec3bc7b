"""Recordings through a project's package: in Python, or in its sketch on native and emulated boards."""
