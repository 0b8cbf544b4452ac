/**
 * Imports patrons' accounts from Evergreen.
 *
 * @stability may change
 * @module evergreen
 */

// Import: from Evergreen's tables to accounts.

export { evergreenAccounts } from './evergreenAccounts.js';

// Rows: what the system exports.

export type { EvergreenTables } from './evergreenAccounts.js';
