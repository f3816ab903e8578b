"""The experiment of a study: found by its name, or made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.errors import TrackingError
from hstdriz_study.study.track.mlflow_parts import EXPERIMENT_KIND_TAG
from hstdriz_study.study.track.payload import NOTE_TAG

if TYPE_CHECKING:
    from mlflow import MlflowClient

    from hstdriz_study.study.track.ticket import Ticket

# Without the kind, MLflow's page asks every visitor what sort of experiment this is.
EXPERIMENT_TAGS = {
    EXPERIMENT_KIND_TAG: "custom_model_development",
    NOTE_TAG: (
        "Sweeps of AstroDrizzle's final_scale and final_pixfrac. "
        "One parent run a study, one child run a point; *Views* holds one page a study."
    ),
}


def experiment_of(client: MlflowClient, ticket: Ticket) -> str:
    """Return the id of the study's experiment, which is made when there is none."""
    found = client.get_experiment_by_name(ticket.experiment)
    if found is None:
        return _new_experiment(client, ticket)
    if found.lifecycle_stage != "active":
        raise TrackingError(
            f"track.experiment={ticket.experiment}: was deleted from the tracking store; restore "
            f"it (mlflow experiments restore -x {found.experiment_id}) or choose another name"
        )
    return str(found.experiment_id)


def _new_experiment(client: MlflowClient, ticket: Ticket) -> str:
    from mlflow.exceptions import MlflowException

    try:
        return client.create_experiment(
            ticket.experiment, artifact_location=ticket.artifact_location, tags=EXPERIMENT_TAGS
        )
    except MlflowException:
        # Another study on the same server may have been a moment earlier.
        found = client.get_experiment_by_name(ticket.experiment)
        if found is None:
            raise
        return str(found.experiment_id)
