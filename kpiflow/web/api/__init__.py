"""The REST API, version 1: the workspace for other programs, by token."""

import re

from starlette.routing import Mount

from kpiflow.web.api.app import Front, api
from kpiflow.web.api.limits import Allowed, Limits
from kpiflow.web.site import Site

#: Where it is mounted.
AT = "/api/v1"


def mounted(site: Site, allowed: Allowed | None = None) -> Mount:
    """Return the API of a site where the server mounts it; `allowed` are the limits, absent: those of the environment."""
    mount = Mount(AT, Front(Limits(api(site), allowed)))
    # A line break in an address must not lead past the API to what stands behind it.
    mount.path_regex = re.compile(mount.path_regex.pattern, re.DOTALL)
    return mount
