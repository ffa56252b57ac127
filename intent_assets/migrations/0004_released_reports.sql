-- A run that failed and the runs that resumed it are one report. What a later run did not tell anew is as an earlier one
-- told it; the outcome goes by all of them. The run that publishes a held report on a person's word is of that report.
CREATE OR REPLACE VIEW reports AS
WITH tries AS (
    SELECT
        * REPLACE (coalesce(root_run_id, run_id) AS root_run_id),
        coalesce(started_at, recorded_at) AS tried_at
    FROM runs
    WHERE domain <> ''
),
together AS (
    SELECT
        domain,
        root_run_id,
        arg_max(run_id, tried_at) AS last_run_id,
        count(*) AS tries,
        min(tried_at) AS started_at,
        max(ended_at) AS ended_at,
        sum(duration_seconds) AS duration_seconds,
        arg_max_null(status, tried_at) AS status,
        arg_max(verdict, tried_at) AS verdict,
        arg_max(strategy_json, tried_at) AS strategy_json,
        arg_max(featured_buyer_id, tried_at) AS featured_buyer_id,
        arg_max(featured_buyer_name, tried_at) AS featured_buyer_name,
        arg_max(page_id, tried_at) AS page_id,
        arg_max(page_url, tried_at) AS page_url,
        arg_max(signals_scanned, tried_at) AS signals_scanned,
        arg_max(buyers_scored, tried_at) AS buyers_scored,
        arg_max(new_signals, tried_at) AS new_signals,
        sum(input_tokens) AS input_tokens,
        sum(output_tokens) AS output_tokens,
        sum(cost_usd)::DOUBLE AS cost_usd
    FROM tries
    GROUP BY domain, root_run_id
)
SELECT
    domain,
    root_run_id,
    last_run_id,
    tries,
    started_at,
    ended_at,
    duration_seconds,
    status,
    verdict,
    CASE
        WHEN verdict IN ('passed', 'released') AND page_id IS NOT NULL THEN 'published'
        WHEN status IS NULL THEN 'running'
        WHEN status = 'failure' THEN 'failed'
        WHEN status = 'canceled' THEN 'canceled'
        WHEN verdict IN ('held', 'empty') THEN verdict
        ELSE 'partial'
    END AS outcome,
    * EXCLUDE (domain, root_run_id, last_run_id, tries, started_at, ended_at, duration_seconds, status, verdict)
FROM together;
COMMENT ON VIEW reports IS 'One row per report that was asked for: a run and the runs that resumed or released it, for one domain';
COMMENT ON COLUMN reports.root_run_id IS 'The first of its runs';
COMMENT ON COLUMN reports.tries IS 'Number of its runs';
COMMENT ON COLUMN reports.duration_seconds IS 'Of all its runs, added up; the time between them is not counted';
COMMENT ON COLUMN reports.status IS 'Of its last run; NULL while that goes on';
COMMENT ON COLUMN reports.verdict IS 'The last that the fact check gave: passed, held or empty; released: held, and published on a person''s word';
COMMENT ON COLUMN reports.outcome IS 'published, held, empty, failed, canceled, running, or partial: some steps only, without a verdict';
COMMENT ON COLUMN reports.new_signals IS 'Signals that the page of the domain did not have before';
COMMENT ON COLUMN reports.cost_usd IS 'US dollars, of all its runs';
