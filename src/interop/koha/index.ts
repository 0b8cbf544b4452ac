/**
 * Imports patrons' accounts from Koha.
 *
 * @module koha
 */

// Import: from Koha's tables to accounts.

export { type KohaTables, kohaAccounts } from './kohaAccounts.js';
