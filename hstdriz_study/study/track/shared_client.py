"""MLflow's client, for a store to which other machines send the same study at the same time.

Imports MLflow: nothing imports this before `import_mlflow` (`hstdriz_study.study.track.client`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from collections.abc import Callable

# SQLite's, PostgreSQL's and MySQL's words for a row that is there already.
_TAKEN = ("UNIQUE constraint failed", "duplicate key", "Duplicate entry")


class SharedClient(MlflowClient):
    """Says once more what the store has refused because another said it in the same moment.

    MLflow looks whether there is a tag and then makes it; of two that both saw none one is refused.
    The second time it is there, and gets its value.
    """

    def set_tag(self, *given: Any, **named: Any) -> None:
        """As MLflow's."""
        _insist(super().set_tag, *given, **named)

    def set_experiment_tag(self, *given: Any, **named: Any) -> None:
        """As MLflow's."""
        _insist(super().set_experiment_tag, *given, **named)

    def log_batch(self, *given: Any, **named: Any) -> Any:
        """As MLflow's."""
        return _insist(super().log_batch, *given, **named)


def _insist(say: Callable[..., Any], *given: Any, **named: Any) -> Any:
    try:
        return say(*given, **named)
    except MlflowException as error:
        if not any(words in str(error) for words in _TAKEN):
            raise
        return say(*given, **named)
