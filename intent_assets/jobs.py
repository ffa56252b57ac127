"""Jobs by the names of what people do."""

import dagster as dg

report_job = dg.define_asset_job(
    "report",
    selection=dg.AssetSelection.all(),
    description="One reply becomes one published report: the whole graph for one domain.",
)
