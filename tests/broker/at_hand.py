"""`python -m tests.broker.at_hand`: the acts of `tests.reliability.hands`, one after the other in one process.

Each line read names an act and what it is to do it with, and each line written is what it says.
"""

import json
import sys

from django.db import transaction

from tests.reliability.hands import ACTS


def main() -> None:
    for line in sys.stdin:
        act, arguments = json.loads(line)
        with transaction.atomic():
            said = ACTS[act](**arguments)
        print(json.dumps(said), flush=True)


if __name__ == "__main__":
    main()
