"""The room in which all sentences about a choice are made, from decisions: nothing reads them back.

A kind of reason has its sentence where `why_not` (of a point) and `why_none` (of a filter) are
registered for it; a rule's object names the function that says why its point was taken.
"""
