"""The pages of privacy: a person's own, the organisation's register, and protected identity."""
