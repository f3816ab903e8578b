"""AstroDrizzle's steps 1 to 6 on the pixel maps of the chips: static mask, sky, cosmic rays."""

from typing import TYPE_CHECKING

from lazy_loader import attach

if TYPE_CHECKING:
    from hstdriz_study.prepare.fast.engine import FastEngine
    from hstdriz_study.prepare.fast.limits import not_reproduced
    from hstdriz_study.prepare.fast.sky import SkyMethodError
else:
    __getattr__, *_ = attach(
        __name__,
        submod_attrs={
            "engine": ["FastEngine"],
            "limits": ["not_reproduced"],
            "sky": ["SkyMethodError"],
        },
    )

__all__ = ["FastEngine", "SkyMethodError", "not_reproduced"]
