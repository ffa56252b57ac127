"""The statements of the history. `batch` is the registered table of what is to be recorded."""

UPSERT_RUN = """
INSERT INTO runs BY NAME SELECT * FROM batch
ON CONFLICT (run_id, domain) DO UPDATE SET
    root_run_id = coalesce(excluded.root_run_id, root_run_id),
    parent_run_id = coalesce(excluded.parent_run_id, parent_run_id),
    reply_id = coalesce(excluded.reply_id, reply_id),
    campaign_id = coalesce(excluded.campaign_id, campaign_id),
    tier = coalesce(excluded.tier, tier),
    source = coalesce(excluded.source, source),
    company = coalesce(excluded.company, company),
    prospect_name = coalesce(excluded.prospect_name, prospect_name),
    prospect_email = coalesce(excluded.prospect_email, prospect_email),
    product_description = coalesce(excluded.product_description, product_description),
    as_of = coalesce(excluded.as_of, as_of),
    started_at = coalesce(excluded.started_at, started_at),
    ended_at = coalesce(excluded.ended_at, ended_at),
    duration_seconds = coalesce(excluded.duration_seconds, duration_seconds),
    strategy_json = coalesce(excluded.strategy_json, strategy_json),
    featured_buyer_id = coalesce(excluded.featured_buyer_id, featured_buyer_id),
    featured_buyer_name = coalesce(excluded.featured_buyer_name, featured_buyer_name),
    secondary_buyers_json = coalesce(excluded.secondary_buyers_json, secondary_buyers_json),
    verdict = coalesce(excluded.verdict, verdict),
    claims = coalesce(excluded.claims, claims),
    findings = coalesce(excluded.findings, findings),
    page_id = coalesce(excluded.page_id, page_id),
    page_url = coalesce(excluded.page_url, page_url),
    signals_scanned = coalesce(excluded.signals_scanned, signals_scanned),
    buyers_scored = coalesce(excluded.buyers_scored, buyers_scored),
    new_signals = coalesce(excluded.new_signals, new_signals),
    input_tokens = coalesce(excluded.input_tokens, input_tokens),
    output_tokens = coalesce(excluded.output_tokens, output_tokens),
    cost_usd = coalesce(excluded.cost_usd, cost_usd),
    failed_step = if(excluded.status IS NULL, failed_step, excluded.failed_step),
    error = if(excluded.status IS NULL, error, excluded.error),
    status = coalesce(excluded.status, status)
"""

UPSERT_STEPS = """
INSERT INTO audit_log BY NAME SELECT * FROM batch
ON CONFLICT (run_id, step, attempt) DO UPDATE SET
    status = excluded.status,
    message = excluded.message,
    started_at = excluded.started_at,
    ended_at = excluded.ended_at,
    duration_seconds = excluded.duration_seconds,
    metadata_json = excluded.metadata_json
"""

INSERT_CONTACTS = "INSERT INTO contacts BY NAME SELECT * FROM batch ON CONFLICT (run_id, domain, contact_id) DO NOTHING"

INSERT_DISCOVERIES = """
INSERT INTO discoveries BY NAME
SELECT
    $run_id AS run_id,
    $domain AS domain,
    $reply_id AS reply_id,
    batch.*,
    scores.* EXCLUDE (buyer_id),
    coalesce(earlier.first_seen, $seen_at) AS first_seen,
    earlier.last_seen AS last_seen,
    $seen_at AS seen_at
FROM batch
LEFT JOIN scores USING (buyer_id)
LEFT JOIN (
    SELECT
        signal_id,
        min(seen_at) FILTER (run_id <> $run_id AND seen_at < $seen_at) AS first_seen,
        max(seen_at) FILTER (run_id <> $run_id AND seen_at < $seen_at) AS last_seen,
        bool_or(run_id = $run_id) AS recorded
    FROM discoveries
    WHERE domain = $domain
    GROUP BY signal_id
) AS earlier USING (signal_id)
WHERE earlier.recorded IS NOT TRUE
"""

SIGNALS_SEEN = """
SELECT signal_id, min(seen_at) AS first_seen, max(seen_at) AS last_seen
FROM discoveries
WHERE domain = $domain
    AND run_id IS DISTINCT FROM $before
    AND seen_at < coalesce(
        (SELECT min(seen_at) FROM discoveries WHERE domain = $domain AND run_id = $before), TIMESTAMPTZ 'infinity'
    )
GROUP BY signal_id
ORDER BY signal_id
"""

LATEST_RUNS = """
SELECT * REPLACE (cost_usd::DOUBLE AS cost_usd) FROM runs
WHERE domain = $domain OR $domain IS NULL
ORDER BY coalesce(started_at, recorded_at) DESC, run_id, domain
LIMIT $limit
"""

RUN = "SELECT * REPLACE (cost_usd::DOUBLE AS cost_usd) FROM runs WHERE run_id = $run_id ORDER BY domain"

STEPS = """
SELECT * FROM audit_log
WHERE run_id = $run_id
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
