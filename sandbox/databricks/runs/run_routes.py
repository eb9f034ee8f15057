"""The routes of runs, in each version of the Jobs API."""
from __future__ import annotations

from sandbox.databricks.call import Routes, routes_below
from sandbox.databricks.jobs.job_routes import VERSIONS
from sandbox.databricks.runs import run_control, run_reading, run_start
from sandbox.databricks.runs.run_list import list_runs


def run_routes() -> Routes:
    handlers = {
        "POST run-now": run_start.run_now, "POST runs/submit": run_start.submit,
        "GET runs/get": run_reading.get, "GET runs/get-output": run_reading.get_output,
        "GET runs/export": run_reading.export, "GET runs/list": list_runs,
        "POST runs/cancel": run_control.cancel, "POST runs/cancel-all": run_control.cancel_all,
        "POST runs/delete": run_control.delete, "POST runs/repair": run_control.repair,
    }
    return [route for version in VERSIONS for route in routes_below(f"/api/{version}/jobs", handlers)]
