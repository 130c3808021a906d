"""The verbs of privacy, one module for each thing that people do."""
