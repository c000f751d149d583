"""People and their record. Knows the curriculum."""
