"""Static web pages of a registry: what packages say of themselves is hostile until it is escaped."""
