"""The I/O manager: passes values between assets through the value store."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

import dagster as dg

from intent_assets.domain_lock import domain_lock
from intent_assets.domains import is_partition_key
from intent_assets.settings import load_settings
from intent_assets.values import ValueStore

PARTITION_TAG = "dagster/partition"


class ValueIOManager(dg.ConfigurableIOManager):
    """Keeps each asset's value of a domain as one Parquet or JSON file under `INTENT_HOME/values`.

    An output of several partitions is a mapping of domain to value; so is an input of several partitions.
    """

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[Self]:
        """Keep the run's domain to this run: a domain has one file for each asset, so two runs would mix theirs."""
        key = context.run.tags.get(PARTITION_TAG) if context.run is not None else None
        if key is None or not is_partition_key(key):  # a key in another spelling is refused by the asset, in words
            yield self
            return
        with domain_lock(load_settings(), key, context.log.info if context.log else None):
            yield self

    def handle_output(self, context: dg.OutputContext, obj: Any) -> None:
        if obj is None and context.dagster_type.is_nothing:
            return
        store = ValueStore(load_settings().values)
        keys = context.asset_partition_keys
        values = {keys[0]: obj} if len(keys) == 1 else obj
        asset = context.asset_key.to_user_string()
        paths = [store.write(asset, key, values[key]) for key in keys]
        context.add_output_metadata({"value": dg.MetadataValue.path(str(paths[0]))} if len(paths) == 1 else {})

    def load_input(self, context: dg.InputContext) -> Any:
        store = ValueStore(load_settings().values)
        asset = context.asset_key.to_user_string()
        keys = context.asset_partition_keys
        if len(keys) == 1:
            return store.read(asset, keys[0])
        return {key: store.read(asset, key) for key in keys}
