/**
 * Imports patrons' fees and fines from FOLIO.
 *
 * @module folio
 */

// Import: from FOLIO's records to accounts.

export { folioAccounts } from './folioAccounts.js';

// Rows: what the system exports.

export type { FolioRecords } from './folioAccounts.js';
