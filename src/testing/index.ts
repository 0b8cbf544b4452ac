/**
 * For those who test: what must hold in every state of an account, and what every event store must do.
 *
 * @module testing
 */

export type { Violation } from '../account/invariants.js';
export { violations } from '../account/invariants.js';
export type { StoreCase, StoreConformanceOptions, StoreUnderTest } from './storeConformance.js';
export { storeConformance } from './storeConformance.js';
export type {
  Asked,
  Expected,
  Scenario,
  ScenarioChecks,
  ScenarioOutcome,
  ScenarioStart,
  ScenarioView,
} from './scenario.js';
export { scenario } from './scenario.js';
