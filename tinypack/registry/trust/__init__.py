"""Who may say what in a registry: keys, signed statements, and the metadata of The Update Framework around them."""
