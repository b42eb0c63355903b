"""The server does what its OpenAPI says, whatever it is asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.result import Ok
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.tooling.governed import Governed
from tests.tooling.served import serving

pytestmark = pytest.mark.slow

_unsaid: list[Any] = [positive_data_acceptance]
"""No schema says which lines somebody has signed."""

EXAMPLES = 25
"""Requests to each operation: as good ones as bad ones."""


@pytest.fixture(scope="module")
def schema(_governed: Governed) -> Iterator[BaseSchema]:
    """The OpenAPI of a running server that has a proposal and a vote."""
    with _governed.rpc.isolate(), pytest.MonkeyPatch.context() as patch:
        patch.setattr("mikoshi.serve.guards._REQUESTS", (10**6, 10**6))
        patch.setattr("mikoshi.serve.answers._ACTS", (10**6, 10**6))
        number = _governed.propose().id
        _governed.open_voting(number)
        _governed.vote(number, 2, reason="よい")
        with serving(_governed) as server:
            found = schemathesis.openapi.from_url(f"http://127.0.0.1:{server.port}/openapi.json")
            found.config.checks.negative_data_rejection.expected_statuses = ["400", "404", "413"]
            yield found


def test_whatever_is_asked_is_answered_as_it_says(schema: BaseSchema) -> None:
    operations = [each.ok() for each in schema.get_all_operations() if isinstance(each, Ok)]
    assert len(operations) == 8
    for operation in operations:
        asked = [*operation.iter_parameters(), *operation.body]
        for mode in (
            schemathesis.GenerationMode if asked else [schemathesis.GenerationMode.POSITIVE]
        ):
            cases = operation.as_strategy(generation_mode=mode)

            @settings(
                max_examples=EXAMPLES,
                derandomize=True,
                database=None,
                deadline=None,
                phases=[Phase.explicit, Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=cases)
            def ask(case: schemathesis.Case[Any]) -> None:
                case.call_and_validate(excluded_checks=_unsaid if case.method == "POST" else None)

            ask()
