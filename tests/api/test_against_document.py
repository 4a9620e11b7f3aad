"""What the document says holds: Schemathesis asks every reading route as each role, rightly and wrongly, and checks answers."""

import contextlib

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig

from kpiflow.workspace import Asker
from tests.rights import by_hand

SETTINGS = settings(
    max_examples=4, derandomize=True, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
WRITING = {
    "administrator": ("measurements:write", "webhooks:manage", "journal:read"),
    "duty_manager": ("check-ins:write", "goals:read"),
}
ROLES = ("executive", "department_head", "hr", "duty_manager", "inspector", "auditor", "administrator")


def document_of(programs, **which):
    config = SchemathesisConfig.from_dict(
        {
            # A day before there was a company, or a cursor of another list, fits the document and is refused all the same.
            "checks": {
                "positive_data_acceptance": {"expected-statuses": ["2xx", 401, 403, 404, 409, 410, 422]},
                "negative_data_rejection": {"expected-statuses": [400, 401, 403, 404, 406, 410, 413, 414, 415, 422]},
                # It sends wrong tokens until the address is no longer heard; `test_asking` tries every route without one.
                "ignored_auth": {"enabled": False},
            },
            "phases": {"coverage": {"enabled": False}},
        }
    )
    return schemathesis.openapi.from_asgi(
        "/api/v1/openapi.json", programs.app, config=config, headers={"host": "localhost"}
    ).include(**which)


@pytest.mark.parametrize("role", ROLES)
def test_what_is_read_is_as_documented(role, programs):
    token = programs.token(by_hand.PEOPLE[role])
    _tried(document_of(programs, method="GET"), token)


def test_what_is_written_is_as_documented(writable):
    """As somebody who may write and as somebody who may not; no receiver of webhooks is there, so nothing leaves."""
    for role, scopes in WRITING.items():
        writable.token(by_hand.PEOPLE[role])
        asker = Asker(by_hand.PEOPLE[role], f"of-{by_hand.PEOPLE[role]}")
        token = writable.ws.make_api_token(asker, "writes", scopes).secret
        _tried(document_of(writable, method=["POST", "DELETE"]), token)


def _tried(document, token):
    """Ask every operation some times rightly and some times wrongly, and hold every answer to the document."""
    headers = {"Authorization": f"Bearer {token}", "Host": "localhost"}
    for found in document.get_all_operations():
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

            @settings(SETTINGS)
            @given(case=found.ok().as_strategy(generation_mode=mode))
            def ask(case):
                case.call_and_validate(headers=headers)

            with contextlib.suppress(Unsatisfiable):  # what takes no parameters cannot be asked wrongly
                ask()
