"""How packages get into a registry: what is checked, what is stated of them, and who writes it."""
