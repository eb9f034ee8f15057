"""Makes the environments of all clients, the first one alone and then side by side: `python -m tests.clients`."""
from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

from tests.clients.environments import Environment, NoClientError, all_environments


def main() -> int:
    """How many could not be made."""
    first, *others = all_environments()
    # Where there is no index, only the first one waits for it.
    not_made = int(_make(first))
    with ThreadPoolExecutor() as pool:
        return not_made + sum(pool.map(_make, others))


def _make(environment: Environment) -> bool:
    try:
        environment.make()
    except NoClientError as error:
        sys.stderr.write(f"client {environment.name}: {error}\n")
        return True
    return False


if __name__ == "__main__":
    raise SystemExit(main())
