/**
 * Reports to OpenTelemetry what a program does with accounts.
 *
 * @stability may change
 * @module telemetry
 */

// Telemetry: stores, projections, jobs and services that report what they do.

export { type Telemetry, telemetry } from './telemetry.js';

// Requests: the functions of the Fetch API that can be observed.

export type { FetchHandler } from './observedServices.js';
