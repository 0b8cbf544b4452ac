/**
 * For those who test: what must hold in every state of an account.
 *
 * @module testing
 */

export type { Violation } from '../account/invariants.js';
export { violations } from '../account/invariants.js';
