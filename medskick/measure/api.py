"""The front door of measure: the only module that flows, demo and project may import."""
