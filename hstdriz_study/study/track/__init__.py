"""The local record of a study to MLflow, where its points can be compared by eye.

The only room that knows MLflow. The record on disk comes first; what is sent is
a view of it that can be made again at any time (`send_study`).
"""

from hstdriz_study.study.track.condition import refuse_foreign_file
from hstdriz_study.study.track.fetch import fetch_study
from hstdriz_study.study.track.link import comparison_link, page_root, view_link
from hstdriz_study.study.track.point_run import send_point
from hstdriz_study.study.track.send import SendReport, count_unsent, end_study, send_study
from hstdriz_study.study.track.sender import (
    PointSender,
    begin_tracking,
    end_tracking,
    going_on,
    open_tracking,
    with_way_on,
)
from hstdriz_study.study.track.serve import (
    SHOWN_HOST,
    require_tracked,
    server_command,
    serving,
)
from hstdriz_study.study.track.shown import shows_all
from hstdriz_study.study.track.study_run import (
    TrackedStudy,
    close_study,
    open_study,
    register_study,
)
from hstdriz_study.study.track.ticket import set_status
from hstdriz_study.study.track.uri import absolute_uri

__all__ = [
    "SHOWN_HOST",
    "PointSender",
    "SendReport",
    "TrackedStudy",
    "absolute_uri",
    "begin_tracking",
    "close_study",
    "comparison_link",
    "count_unsent",
    "end_study",
    "end_tracking",
    "fetch_study",
    "going_on",
    "open_study",
    "open_tracking",
    "page_root",
    "refuse_foreign_file",
    "register_study",
    "require_tracked",
    "send_point",
    "send_study",
    "server_command",
    "serving",
    "set_status",
    "shows_all",
    "view_link",
    "with_way_on",
]
