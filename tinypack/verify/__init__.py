"""Proof that a package computes what the model does, on this computer and on emulated boards."""
