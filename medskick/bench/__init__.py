"""Benchmarks: one file a job, found by being here and run by `medskick bench NAME`. They may import anything.

A file has `TITLE` (one line, a plain string) and `run(quick: bool, say) -> parts.report.Report`. What they share lies in
parts/. How to repeat them, and what they gave: docs/benchmarks.md.
"""
