"""A package, so that what its tests share ends with them: the service of notifications."""
