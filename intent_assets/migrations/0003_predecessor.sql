-- Rows that were imported from the predecessor keep their id there and its score, which is on another scale than ours.
ALTER TABLE discoveries ADD COLUMN predecessor_id VARCHAR;
ALTER TABLE discoveries ADD COLUMN predecessor_score DOUBLE;
ALTER TABLE audit_log ADD COLUMN predecessor_id VARCHAR;
