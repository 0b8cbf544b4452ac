/**
 * Imports patrons' fees and fines from FOLIO.
 *
 * @module folio
 */

// Import: from FOLIO's records to accounts.

export { type FolioRecords, folioAccounts } from './folioAccounts.js';
