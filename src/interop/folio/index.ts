/**
 * Imports patrons' fees and fines from FOLIO, and serves its clients, in the JSON of its REST API.
 *
 * @stability may change
 * @module folio
 */

// Import: from FOLIO's records to accounts.

export { folioAccounts, type FolioRecords } from './folioAccounts.js';

// Rows: what the system exports.

// Serve clients of FOLIO: its fees and fines, for the Fetch API.

export type {
  FolioAccess,
  FolioFeesHandlerOptions,
  FolioLogin,
  FolioPatron,
} from './folioOptions.js';
export { folioFeesHandler } from './folioFeesHandler.js';
export type { AccessToken, DoorOptions, ServiceOptions } from '../doorOptions.js';
export type { ProviderTransaction, TransactionTotal } from '../../patron/payPatron.js';
