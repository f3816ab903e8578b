"""From published numbers, closed forms and injected truth to rows that pass or fail.

Each module of checks is a function from a `~hstdriz_study.validate.context.CheckContext` to
`~hstdriz_study.validate.rows.Row`; ``hstdriz-study validate`` runs them and reports.
"""
