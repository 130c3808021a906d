"""The front door of dialog: the only module that flows, demo and project may import."""
