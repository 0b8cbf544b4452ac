/**
 * Tells OpenTelemetry what a program does with accounts.
 *
 * @module telemetry
 */

export type { FetchHandler } from './observedServices.js';
export { type Telemetry, telemetry } from './telemetry.js';
