"""Packages put where an ecosystem's tools find them: all of what was asked for, or nothing."""
