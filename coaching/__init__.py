"""The service: who coaches whom, feedback, milestones, the programme's screens."""
