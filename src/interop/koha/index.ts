/**
 * Imports patrons' accounts from Koha.
 *
 * @module koha
 */

// Import: from Koha's tables to accounts.

export { kohaAccounts } from './kohaAccounts.js';

// Rows: what the system exports.

export type { KohaTables } from './kohaAccounts.js';
