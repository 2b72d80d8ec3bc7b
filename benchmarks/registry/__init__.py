"""A registry of many packages, generated and measured."""
