-- Lookups by domain in a few milliseconds, and answers for people: what is new, which buyers recur, how ranks moved, what
-- weeks cost. The views can be read with DuckDB's own command line as well.
--
-- The primary keys go: their indexes were written anew whenever a run was added, which took 400 ms at 60,000 runs. A row
-- is unique by the statements that write it (a MERGE or an anti join), one at a time behind the lock.
CREATE TABLE runs_without_key (
    run_id VARCHAR NOT NULL,
    domain VARCHAR NOT NULL,
    root_run_id VARCHAR, -- the run that this one resumes, in the end; its own id where it resumes none
    parent_run_id VARCHAR,
    reply_id VARCHAR,
    campaign_id VARCHAR,
    tier TINYINT,
    source VARCHAR,
    company VARCHAR,
    prospect_name VARCHAR,
    prospect_email VARCHAR,
    product_description VARCHAR,
    status VARCHAR, -- as in Dagster, lower case; NULL until the run has ended
    as_of DATE,
    started_at TIMESTAMPTZ,
    ended_at TIMESTAMPTZ,
    duration_seconds DOUBLE,
    strategy_json VARCHAR,
    featured_buyer_id VARCHAR,
    featured_buyer_name VARCHAR,
    secondary_buyers_json VARCHAR, -- [{"buyer_id", "buyer_name"}] in rank order
    verdict VARCHAR,
    claims INTEGER,
    findings INTEGER,
    page_id VARCHAR,
    page_url VARCHAR,
    signals_scanned BIGINT,
    buyers_scored BIGINT,
    new_signals BIGINT,
    input_tokens BIGINT,
    output_tokens BIGINT,
    cost_usd DECIMAL(12, 6),
    failed_step VARCHAR,
    error VARCHAR,
    recorded_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
INSERT INTO runs_without_key BY NAME SELECT * FROM runs;
DROP TABLE runs;
ALTER TABLE runs_without_key RENAME TO runs;

CREATE TABLE contacts_without_key (
    run_id VARCHAR NOT NULL,
    domain VARCHAR NOT NULL,
    contact_id VARCHAR NOT NULL,
    buyer_id VARCHAR,
    buyer_name VARCHAR,
    name VARCHAR,
    title VARCHAR,
    email VARCHAR,
    phone VARCHAR,
    verified BOOLEAN,
    shown_as VARCHAR NOT NULL,
    shown_at TIMESTAMPTZ NOT NULL
);
INSERT INTO contacts_without_key BY NAME SELECT * FROM contacts;
DROP TABLE contacts;
ALTER TABLE contacts_without_key RENAME TO contacts;

CREATE TABLE audit_log_without_key (
    run_id VARCHAR NOT NULL,
    step VARCHAR NOT NULL,
    attempt INTEGER NOT NULL,
    status VARCHAR NOT NULL,
    message VARCHAR,
    started_at TIMESTAMPTZ,
    ended_at TIMESTAMPTZ,
    duration_seconds DOUBLE,
    metadata_json VARCHAR
);
INSERT INTO audit_log_without_key BY NAME SELECT * FROM audit_log;
DROP TABLE audit_log;
ALTER TABLE audit_log_without_key RENAME TO audit_log;

-- One row per run, domain and moment at which signals were recorded. `discoveries` lies in the order of `seen_at`: by the
-- moments of a domain DuckDB passes over all parts of it that hold none of its rows. Whoever adds rows to `discoveries`
-- adds their moments here, or they are not found again.
CREATE TABLE discovery_batches (
    domain VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL,
    root_run_id VARCHAR NOT NULL, -- as in runs, where it is known only once a run has ended
    seen_at TIMESTAMPTZ NOT NULL
);
INSERT INTO discovery_batches
SELECT DISTINCT discoveries.domain, discoveries.run_id, coalesce(runs.root_run_id, discoveries.run_id), seen_at
FROM discoveries
LEFT JOIN runs ON runs.run_id = discoveries.run_id AND runs.domain = discoveries.domain
ORDER BY seen_at;

-- A run that failed and the runs that resumed it are one report. What a later run did not tell anew is as an earlier one
-- told it; the outcome goes by all of them.
CREATE VIEW reports AS
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
        WHEN verdict = 'passed' AND page_id IS NOT NULL THEN 'published'
        WHEN status IS NULL THEN 'running'
        WHEN status = 'failure' THEN 'failed'
        WHEN status = 'canceled' THEN 'canceled'
        WHEN verdict IN ('held', 'empty') THEN verdict
        ELSE 'partial'
    END AS outcome,
    * EXCLUDE (domain, root_run_id, last_run_id, tries, started_at, ended_at, duration_seconds, status, verdict)
FROM together;
COMMENT ON VIEW reports IS 'One row per report that was asked for: a run and the runs that resumed it, for one domain';
COMMENT ON COLUMN reports.root_run_id IS 'The first of its runs';
COMMENT ON COLUMN reports.tries IS 'Number of its runs';
COMMENT ON COLUMN reports.duration_seconds IS 'Of all its runs, added up; the time between them is not counted';
COMMENT ON COLUMN reports.status IS 'Of its last run; NULL while that goes on';
COMMENT ON COLUMN reports.verdict IS 'The last that the fact check gave: passed, held or empty';
COMMENT ON COLUMN reports.outcome IS 'published, held, empty, failed, canceled, running, or partial: some steps only, without a verdict';
COMMENT ON COLUMN reports.new_signals IS 'Signals that the page of the domain did not have before';
COMMENT ON COLUMN reports.cost_usd IS 'US dollars, of all its runs';

CREATE VIEW report_discoveries AS
WITH batches AS (
    SELECT
        batch.domain,
        batch.run_id,
        coalesce(runs.root_run_id, batch.root_run_id) AS root_run_id, -- of a run that goes on, only the batch may know it
        batch.seen_at
    FROM discovery_batches AS batch
    LEFT JOIN runs ON runs.run_id = batch.run_id AND runs.domain = batch.domain
),
of_last_run AS (
    SELECT *
    FROM batches
    QUALIFY run_id = last_value(run_id) OVER (
        PARTITION BY domain, root_run_id ORDER BY seen_at, run_id
        ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    )
)
SELECT batch.root_run_id, discoveries.*
FROM of_last_run AS batch
JOIN discoveries
    ON discoveries.seen_at = batch.seen_at
    AND discoveries.domain = batch.domain
    AND discoveries.run_id = batch.run_id;
COMMENT ON VIEW report_discoveries IS 'One row per signal of a report: of the last of its runs that recorded any';

CREATE VIEW new_signals AS
WITH published AS (
    SELECT
        domain,
        root_run_id,
        coalesce(ended_at, started_at) AS reported_at,
        row_number() OVER (PARTITION BY domain ORDER BY started_at DESC, root_run_id) AS age
    FROM reports
    WHERE outcome = 'published'
    QUALIFY age <= 2
),
pairs AS (
    SELECT latest.*, previous.root_run_id AS previous_root_run_id, previous.reported_at AS previous_reported_at
    FROM published AS latest
    LEFT JOIN published AS previous ON previous.domain = latest.domain AND previous.age = 2
    WHERE latest.age = 1
)
SELECT
    signal.domain,
    signal.signal_id,
    signal.kind,
    signal.title,
    signal.buyer_id,
    signal.buyer_name,
    signal.rank,
    signal.state,
    signal.event_date,
    signal.due_date,
    signal.amount,
    signal.document_url,
    signal.first_seen,
    pairs.root_run_id,
    pairs.reported_at,
    pairs.previous_root_run_id,
    pairs.previous_reported_at
FROM pairs
JOIN report_discoveries AS signal ON signal.domain = pairs.domain AND signal.root_run_id = pairs.root_run_id
LEFT JOIN (
    SELECT earlier.domain, earlier.signal_id
    FROM pairs
    JOIN report_discoveries AS earlier
        ON earlier.domain = pairs.domain AND earlier.root_run_id = pairs.previous_root_run_id
) AS before ON before.domain = signal.domain AND before.signal_id = signal.signal_id
WHERE before.signal_id IS NULL;
COMMENT ON VIEW new_signals IS 'One row per signal of the latest published report of a domain that the published report before it did not have';
COMMENT ON COLUMN new_signals.rank IS 'Of its buyer in the latest report';
COMMENT ON COLUMN new_signals.amount IS 'US dollars';
COMMENT ON COLUMN new_signals.first_seen IS 'By any run of the domain: a report that was held may have had it before';
COMMENT ON COLUMN new_signals.root_run_id IS 'The latest published report';
COMMENT ON COLUMN new_signals.previous_reported_at IS 'New since then; NULL for the first report of a domain, whose signals are all new';

CREATE VIEW recurring_buyers AS
WITH found AS (
    SELECT
        buyer_id,
        arg_max(buyer_name, seen_at) AS buyer_name,
        count(DISTINCT domain) AS domains,
        min(rank) AS best_rank,
        max(seen_at) AS last_seen
    FROM discoveries
    WHERE buyer_id IS NOT NULL
    GROUP BY buyer_id
    HAVING count(DISTINCT domain) > 1
),
featured AS (
    SELECT featured_buyer_id AS buyer_id, count(*) AS times_featured
    FROM reports
    WHERE featured_buyer_id IS NOT NULL
    GROUP BY featured_buyer_id
)
SELECT buyer_id, buyer_name, domains, best_rank, coalesce(times_featured, 0) AS times_featured, last_seen
FROM found
LEFT JOIN featured USING (buyer_id)
ORDER BY domains DESC, times_featured DESC, best_rank NULLS LAST, buyer_id;
COMMENT ON VIEW recurring_buyers IS 'One row per buyer with signals in runs of more than one domain, the widest known first';
COMMENT ON COLUMN recurring_buyers.buyer_name IS 'The latest';
COMMENT ON COLUMN recurring_buyers.domains IS 'Number of domains';
COMMENT ON COLUMN recurring_buyers.times_featured IS 'Reports that featured it, published or not';

CREATE VIEW buyer_ranks AS
WITH ranked AS (
    SELECT
        domain,
        buyer_id,
        root_run_id,
        run_id,
        min(seen_at) AS seen_at,
        arg_max(buyer_name, seen_at) AS buyer_name,
        min(rank) AS rank,
        any_value(role) AS role,
        max(score) AS score,
        count(*) AS signals
    FROM report_discoveries
    WHERE buyer_id IS NOT NULL
    GROUP BY domain, buyer_id, root_run_id, run_id
)
SELECT
    domain,
    buyer_id,
    buyer_name,
    root_run_id,
    run_id,
    seen_at,
    rank,
    role,
    score,
    signals,
    lag(rank) OVER earlier AS previous_rank,
    lag(rank) OVER earlier - rank AS places_gained
FROM ranked
WINDOW earlier AS (PARTITION BY domain, buyer_id ORDER BY seen_at, run_id);
COMMENT ON VIEW buyer_ranks IS 'One row per report and buyer with signals in it: its rank, and the one that it had when it was last seen for this domain';
COMMENT ON COLUMN buyer_ranks.role IS 'featured, secondary or NULL';
COMMENT ON COLUMN buyer_ranks.signals IS 'Number of its signals in this report';
COMMENT ON COLUMN buyer_ranks.previous_rank IS 'NULL the first time';
COMMENT ON COLUMN buyer_ranks.places_gained IS 'Above 0: it has risen';

CREATE VIEW weekly_results AS
SELECT
    date_trunc('week', started_at AT TIME ZONE 'UTC')::DATE AS week,
    count(*) AS reports,
    count(*) FILTER (outcome = 'published') AS published,
    count(*) FILTER (outcome = 'held') AS held,
    count(*) FILTER (outcome = 'empty') AS empty,
    count(*) FILTER (outcome = 'failed') AS failed,
    count(*) FILTER (outcome NOT IN ('failed', 'canceled', 'running'))
        / nullif(count(*) FILTER (outcome NOT IN ('canceled', 'running')), 0) AS success_rate,
    count(*) FILTER (tries > 1) AS resumed,
    sum(cost_usd) AS cost_usd,
    median(duration_seconds) AS median_seconds
FROM reports
GROUP BY week
ORDER BY week DESC;
COMMENT ON VIEW weekly_results IS 'One row per week in which reports were asked for, the latest first';
COMMENT ON COLUMN weekly_results.week IS 'Its Monday, in UTC';
COMMENT ON COLUMN weekly_results.reports IS 'All that were asked for, those too that go on, were cancelled or ran some steps only; a failed run and the runs that resumed it count once';
COMMENT ON COLUMN weekly_results.success_rate IS 'From 0 to 1: of those that ended and were not cancelled, the share that did not fail; held and empty reports are no failures';
COMMENT ON COLUMN weekly_results.resumed IS 'Reports that took more than one run';
COMMENT ON COLUMN weekly_results.cost_usd IS 'US dollars; NULL where no cost was told';
COMMENT ON COLUMN weekly_results.median_seconds IS 'Of the time that a report took';
