"""AstroDrizzle's steps 1 to 6 on the pixel maps of the chips: static mask, sky, cosmic rays."""

from hstdriz_study.prepare.fast.engine import FastEngine
from hstdriz_study.prepare.fast.limits import not_reproduced
from hstdriz_study.prepare.fast.sky import SkyMethodError

__all__ = ["FastEngine", "SkyMethodError", "not_reproduced"]
