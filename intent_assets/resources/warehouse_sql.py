"""The statements of the history. `batch` is the registered table of what is to be recorded."""

KNOWN_RUNS = "SELECT count(*) FROM runs SEMI JOIN batch USING (run_id, domain)"

INSERT_RUNS = "INSERT INTO runs BY NAME SELECT * FROM batch ANTI JOIN runs USING (run_id, domain)"

UPDATE_RUNS = """
UPDATE runs SET
    root_run_id = coalesce(batch.root_run_id, runs.root_run_id),
    parent_run_id = coalesce(batch.parent_run_id, runs.parent_run_id),
    reply_id = coalesce(batch.reply_id, runs.reply_id),
    campaign_id = coalesce(batch.campaign_id, runs.campaign_id),
    tier = coalesce(batch.tier, runs.tier),
    source = coalesce(batch.source, runs.source),
    company = coalesce(batch.company, runs.company),
    prospect_name = coalesce(batch.prospect_name, runs.prospect_name),
    prospect_email = coalesce(batch.prospect_email, runs.prospect_email),
    product_description = coalesce(batch.product_description, runs.product_description),
    as_of = coalesce(batch.as_of, runs.as_of),
    started_at = coalesce(batch.started_at, runs.started_at),
    ended_at = coalesce(batch.ended_at, runs.ended_at),
    duration_seconds = coalesce(batch.duration_seconds, runs.duration_seconds),
    strategy_json = coalesce(batch.strategy_json, runs.strategy_json),
    featured_buyer_id = coalesce(batch.featured_buyer_id, runs.featured_buyer_id),
    featured_buyer_name = coalesce(batch.featured_buyer_name, runs.featured_buyer_name),
    secondary_buyers_json = coalesce(batch.secondary_buyers_json, runs.secondary_buyers_json),
    verdict = coalesce(batch.verdict, runs.verdict),
    claims = coalesce(batch.claims, runs.claims),
    findings = coalesce(batch.findings, runs.findings),
    page_id = coalesce(batch.page_id, runs.page_id),
    page_url = coalesce(batch.page_url, runs.page_url),
    signals_scanned = coalesce(batch.signals_scanned, runs.signals_scanned),
    buyers_scored = coalesce(batch.buyers_scored, runs.buyers_scored),
    new_signals = coalesce(batch.new_signals, runs.new_signals),
    input_tokens = coalesce(batch.input_tokens, runs.input_tokens),
    output_tokens = coalesce(batch.output_tokens, runs.output_tokens),
    cost_usd = coalesce(batch.cost_usd, runs.cost_usd),
    failed_step = if(batch.status IS NULL, runs.failed_step, batch.failed_step),
    error = if(batch.status IS NULL, runs.error, batch.error),
    status = coalesce(batch.status, runs.status)
FROM batch
WHERE runs.run_id = batch.run_id AND runs.domain = batch.domain
"""

UPSERT_STEPS = """
MERGE INTO audit_log USING batch
    ON audit_log.run_id = batch.run_id AND audit_log.step = batch.step AND audit_log.attempt = batch.attempt
WHEN MATCHED THEN UPDATE SET
    status = batch.status,
    message = batch.message,
    started_at = batch.started_at,
    ended_at = batch.ended_at,
    duration_seconds = batch.duration_seconds,
    metadata_json = batch.metadata_json
WHEN NOT MATCHED THEN INSERT BY NAME
"""

INSERT_CONTACTS = (
    "INSERT INTO contacts BY NAME SELECT * FROM batch ANTI JOIN contacts USING (run_id, domain, contact_id)"
)

INSERT_DISCOVERIES = """
INSERT INTO discoveries BY NAME
WITH moments AS (
    SELECT seen_at, bool_or(getvariable('root_run_id') IN (run_id, root_run_id)) AS of_this_report
    FROM discovery_batches
    WHERE domain = getvariable('domain')
    GROUP BY seen_at
),
earlier AS (
    SELECT
        signal_id,
        min(seen_at) FILTER (seen_at < getvariable('seen_at')) AS first_seen,
        max(seen_at) FILTER (seen_at < getvariable('seen_at') AND NOT of_this_report) AS last_seen,
        bool_or(getvariable('again') AND run_id = getvariable('run_id')) AS recorded
    FROM discoveries
    JOIN moments USING (seen_at)
    WHERE domain = getvariable('domain')
    GROUP BY signal_id
)
SELECT
    getvariable('run_id') AS run_id,
    getvariable('domain') AS domain,
    getvariable('reply_id') AS reply_id,
    batch.*,
    scores.* EXCLUDE (buyer_id),
    coalesce(earlier.first_seen, getvariable('seen_at')) AS first_seen,
    earlier.last_seen AS last_seen,
    getvariable('seen_at') AS seen_at
FROM batch
LEFT JOIN scores USING (buyer_id)
LEFT JOIN earlier USING (signal_id)
WHERE earlier.recorded IS NOT TRUE
"""

RECORDED = """
SELECT count(*) FROM discovery_batches WHERE domain = getvariable('domain') AND run_id = getvariable('run_id')
"""

INSERT_DISCOVERY_BATCH = """
INSERT INTO discovery_batches (domain, run_id, root_run_id, seen_at)
SELECT
    getvariable('domain'),
    getvariable('run_id'),
    getvariable('root_run_id'),
    getvariable('seen_at')
"""

SIGNALS_SEEN = """
WITH moments AS (
    SELECT
        seen_at,
        bool_or(getvariable('before') IN (run_id, root_run_id)) OVER (PARTITION BY root_run_id) AS of_this_report
    FROM discovery_batches
    WHERE domain = getvariable('domain')
),
earlier AS (
    SELECT seen_at FROM moments
    QUALIFY seen_at < coalesce(min(seen_at) FILTER (of_this_report) OVER (), TIMESTAMPTZ 'infinity')
)
SELECT signal_id, min(seen_at) AS first_seen, max(seen_at) AS last_seen
FROM discoveries
WHERE domain = getvariable('domain') AND seen_at IN (SELECT seen_at FROM earlier)
GROUP BY signal_id
ORDER BY signal_id
"""

STRATEGIES = """
SELECT
    arg_max(run_id, tried_at) FILTER (strategy_json IS NOT NULL) AS run_id,
    arg_max(strategy_json, tried_at) AS strategy_json
FROM (
    SELECT
        run_id,
        coalesce(root_run_id, run_id) AS root_run_id,
        coalesce(started_at, recorded_at) AS tried_at,
        strategy_json
    FROM runs
    WHERE domain = getvariable('domain')
)
GROUP BY root_run_id
HAVING count(strategy_json) > 0 AND bool_or(getvariable('before') IN (run_id, root_run_id)) IS NOT TRUE
ORDER BY max(tried_at) DESC, root_run_id
LIMIT getvariable('limit')
"""

LATEST_RUNS = """
SELECT * REPLACE (cost_usd::DOUBLE AS cost_usd) FROM runs
WHERE domain = getvariable('domain') OR getvariable('domain') IS NULL
ORDER BY coalesce(started_at, recorded_at) DESC, run_id, domain
LIMIT getvariable('limit')
"""

RUN = "SELECT * REPLACE (cost_usd::DOUBLE AS cost_usd) FROM runs WHERE run_id = getvariable('run_id') ORDER BY domain"

STEPS = """
SELECT * FROM audit_log
WHERE run_id = getvariable('run_id')
ORDER BY coalesce(started_at, ended_at) NULLS LAST, step, attempt
"""

COUNTS = """
SELECT
    (SELECT max(number) FROM schema_migrations) AS schema_version,
    (SELECT count(*) FROM runs) AS runs,
    (SELECT count(*) FROM discoveries) AS discoveries,
    (SELECT count(*) FROM contacts) AS contacts,
    (SELECT count(*) FROM audit_log) AS audit_log
"""

LATEST_REPORTS = """
SELECT * FROM reports
WHERE domain = getvariable('domain')
ORDER BY started_at DESC, root_run_id
LIMIT getvariable('limit')
"""

NEW_SIGNALS = """
SELECT * FROM new_signals
WHERE domain = getvariable('domain')
ORDER BY rank NULLS LAST, signal_id
LIMIT getvariable('limit')
"""

RANKS_OF_SELECTED = """
SELECT * FROM buyer_ranks
WHERE domain = getvariable('domain')
QUALIFY bool_or(role IS NOT NULL) OVER (PARTITION BY buyer_id)
ORDER BY seen_at, run_id, rank NULLS LAST, buyer_id
"""

CONTACTS_SHOWN = """
SELECT
    contact_id,
    arg_max_null(name, shown_at) AS name,
    arg_max_null(title, shown_at) AS title,
    arg_max_null(email, shown_at) AS email,
    arg_max_null(buyer_id, shown_at) AS buyer_id,
    arg_max_null(buyer_name, shown_at) AS buyer_name,
    arg_max_null(shown_as, shown_at) AS shown_as,
    min(shown_at) AS first_shown,
    max(shown_at) AS last_shown,
    count(DISTINCT run_id) AS reports
FROM contacts
WHERE domain = getvariable('domain')
GROUP BY contact_id
ORDER BY last_shown DESC, shown_as DESC, name, contact_id
LIMIT getvariable('limit')
"""

RECURRING_BUYERS = """
SELECT * FROM recurring_buyers
ORDER BY domains DESC, times_featured DESC, best_rank NULLS LAST, buyer_id
LIMIT getvariable('limit')
"""

RECURRING_BUYERS_OF_DOMAIN = """
SELECT * FROM recurring_buyers
WHERE buyer_id IN (SELECT buyer_id FROM discoveries WHERE domain = getvariable('domain'))
ORDER BY domains DESC, times_featured DESC, best_rank NULLS LAST, buyer_id
LIMIT getvariable('limit')
"""

WEEKLY_RESULTS = "SELECT * FROM weekly_results ORDER BY week DESC LIMIT getvariable('limit')"
