"""A package's arena as a picture: what lies where at which step."""
