/**
 * Imports patrons' accounts from Evergreen.
 *
 * @module evergreen
 */

// Import: from Evergreen's tables to accounts.

export { type EvergreenTables, evergreenAccounts } from './evergreenAccounts.js';
