"""The one partitioning of the graph: a dynamic partition per company's domain.

A key is what `domains.normalise_domain` gives, whoever adds it; `domains.partition_key` checks one.
"""

import dagster as dg

domains = dg.DynamicPartitionsDefinition(name="domains")
