"""MLflow's client, for a store to which other machines send the same study at the same time.

Values are passed on without control characters: PostgreSQL takes no text that has a zero byte.

Imports MLflow: nothing imports this before `import_mlflow` (`hstdriz_study.study.track.client`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlflow import MlflowClient
from mlflow.entities import Param, RunTag
from mlflow.exceptions import MlflowException

from hstdriz_study.names import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mlflow.entities import Metric, Run

# SQLite's, PostgreSQL's and MySQL's words for a row that is there already.
_TAKEN = ("UNIQUE constraint failed", "duplicate key", "Duplicate entry")


class SharedClient(MlflowClient):
    """Says once more what the store has refused because another said it in the same moment.

    MLflow looks whether there is a tag and then makes it; of two that both saw none one is refused.
    The second time it is there, and gets its value.
    """

    def create_run(
        self,
        experiment_id: str,
        start_time: int | None = None,
        tags: dict[str, Any] | None = None,
        run_name: str | None = None,
    ) -> Run:
        """As MLflow's."""
        said = {key: printable(value) for key, value in (tags or {}).items()}
        return super().create_run(experiment_id, start_time, said, run_name)

    def set_tag(self, run_id: str, key: str, value: Any, *given: Any, **named: Any) -> None:
        """As MLflow's."""
        _insist(super().set_tag, run_id, key, printable(value), *given, **named)

    def set_experiment_tag(self, experiment_id: str, key: str, value: Any) -> None:
        """As MLflow's."""
        _insist(super().set_experiment_tag, experiment_id, key, printable(value))

    def log_batch(
        self,
        run_id: str,
        metrics: Sequence[Metric] = (),
        params: Sequence[Param] = (),
        tags: Sequence[RunTag] = (),
        synchronous: bool | None = None,  # noqa: FBT001 - as MLflow has it
    ) -> Any:
        """As MLflow's."""
        said = [Param(param.key, printable(param.value)) for param in params]
        told = [RunTag(tag.key, printable(tag.value)) for tag in tags]
        return _insist(super().log_batch, run_id, metrics, said, told, synchronous)


def _insist(say: Callable[..., Any], *given: Any, **named: Any) -> Any:
    try:
        return say(*given, **named)
    except MlflowException as error:
        if not any(words in str(error) for words in _TAKEN):
            raise
        return say(*given, **named)
