"""The command that prints what programs may ask: the OpenAPI document of the server's API."""

import json
import sys


def openapi() -> None:
    """Print the OpenAPI document of the server's API, for instance to generate a client from."""
    from kpiflow.web.api.app import document  # heavy, and no other command needs it

    json.dump(document(), sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")
