"""How fast the product is, beside a bare Django floor in the same run. A benchmark, not a test."""
