"""The front door of services: the only module that flows, demo and project may import."""
