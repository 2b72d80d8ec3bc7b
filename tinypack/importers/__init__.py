"""Importers: one module a source format, each bytes -> Graph. Nothing else knows a schema."""
