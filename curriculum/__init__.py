"""What is taught. Knows no people."""
