"""Files of sound for the tests, made here, sound ones and others."""
