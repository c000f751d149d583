"""Speech with a known text: recorded, and made by synthesizers; what the engine hears of it."""
