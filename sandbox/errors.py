"""What a command of the sandbox may end with: a sentence for the terminal, not a traceback."""
from __future__ import annotations


class SandboxError(Exception):
    """Reads as a sentence: what is wrong, what was expected, what to do."""
