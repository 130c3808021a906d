"""The front door of plan: the only module that flows, demo and project may import."""
