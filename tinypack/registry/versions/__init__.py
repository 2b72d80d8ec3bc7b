"""What changed from one version of a package to another, and what its number must say of that; see docs/versions.md."""
