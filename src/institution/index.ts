/**
 * Across accounts: what an institution does over all its patrons, as plans that are data and jobs that run them.
 *
 * @module institution
 */

export type { JobOptions, JobProgress } from './job.js';
export { writeTextFile } from './textFile.js';
