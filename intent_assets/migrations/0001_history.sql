-- One row per run and domain; a run without a partition has the domain ''. A NULL was not recorded.
CREATE TABLE runs (
    run_id VARCHAR NOT NULL,
    domain VARCHAR NOT NULL,
    root_run_id VARCHAR,
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
    recorded_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    PRIMARY KEY (run_id, domain)
);

-- One row per signal seen in a run for a domain, as it was scored then; factors, score, rank and role are its buyer's.
-- (run_id, domain, signal_id) is unique by the one statement that inserts, behind the lock. An index for it does not pay:
-- at ten million rows it made the file 1.5 GB instead of 0.3, and adding a run's 250 rows took 75 ms instead of 40.
CREATE TABLE discoveries (
    run_id VARCHAR NOT NULL,
    domain VARCHAR NOT NULL,
    signal_id VARCHAR NOT NULL,
    reply_id VARCHAR,
    buyer_id VARCHAR,
    buyer_name VARCHAR,
    kind VARCHAR,
    source VARCHAR,
    title VARCHAR,
    summary VARCHAR,
    state VARCHAR,
    event_date DATE,
    due_date DATE,
    until_date DATE,
    amount DOUBLE, -- US dollars
    document_url VARCHAR,
    rank BIGINT,
    role VARCHAR,
    score DOUBLE,
    type_match DOUBLE,
    signal_count DOUBLE,
    recency DOUBLE,
    urgency DOUBLE,
    dollar_value DOUBLE,
    keyword_hits DOUBLE,
    as_of DATE,
    first_seen TIMESTAMPTZ NOT NULL, -- by any run of this domain
    last_seen TIMESTAMPTZ, -- by the latest run of this domain before this one; NULL: new in this run
    seen_at TIMESTAMPTZ NOT NULL -- by this run
);

-- One row per contact that a report showed.
CREATE TABLE contacts (
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
    shown_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (run_id, domain, contact_id)
);

-- One row per try of a step of a run.
CREATE TABLE audit_log (
    run_id VARCHAR NOT NULL,
    step VARCHAR NOT NULL,
    attempt INTEGER NOT NULL,
    status VARCHAR NOT NULL,
    message VARCHAR,
    started_at TIMESTAMPTZ,
    ended_at TIMESTAMPTZ,
    duration_seconds DOUBLE,
    metadata_json VARCHAR,
    PRIMARY KEY (run_id, step, attempt)
);
