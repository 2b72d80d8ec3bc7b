"""What users of a registry have: search, resolution, a lockfile, a cache, and packages put into place."""
