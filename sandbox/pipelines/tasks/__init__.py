"""The tasks the engine has. `catalogue` says what each takes; the other modules do the work."""
