"""The local record of a study to MLflow, where its points can be compared by eye.

The only room that knows MLflow. The record on disk comes first; what is sent is
a view of it that can be made again at any time (`send_study`).
"""

from hstdriz_study.track.link import comparison_link, ui_command, view_link
from hstdriz_study.track.point import send_point
from hstdriz_study.track.send import SendReport, send_study
from hstdriz_study.track.study import TrackedStudy, close_study, open_study
from hstdriz_study.track.uri import absolute_uri

__all__ = [
    "SendReport",
    "TrackedStudy",
    "absolute_uri",
    "close_study",
    "comparison_link",
    "open_study",
    "send_point",
    "send_study",
    "ui_command",
    "view_link",
]
