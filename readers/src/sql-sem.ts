/**
 * The standard error of a mean as scipy.stats.sem and pandas give it, sd (n − 1) ÷ √n: DuckDB's own sem divides by n
 * (duckdb/duckdb, StandardErrorOfTheMeanOperation). In every database that runs a person's SQL, so that a word has one meaning.
 */
export const sampleSem = 'CREATE MACRO sem(x) AS (stddev_samp(x) / sqrt(count(x)))';
