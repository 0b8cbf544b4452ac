/**
 * For tests of what is built on this library: the suite that every event store is held to.
 *
 * @module testing
 */

export type { StoreCase, StoreConformanceOptions, StoreUnderTest } from './storeConformance.js';
export { storeConformance } from './storeConformance.js';
