"""The first read: twelve rules, their texts and their limits."""
