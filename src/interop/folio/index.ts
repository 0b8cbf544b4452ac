/**
 * Imports patrons' fees and fines from FOLIO, and serves its clients, in the JSON of its REST API.
 *
 * @stability may change
 * @module folio
 */

// Import: from FOLIO's records to accounts.

export { folioAccounts } from './folioAccounts.js';

// Rows: what the system exports.

export type { FolioRecords } from './folioAccounts.js';

// Serve clients of FOLIO: its fees and fines, for the Fetch API.

export type {
  FolioAccess,
  FolioFeesHandlerOptions,
  FolioLogin,
  FolioPatron,
} from './folioOptions.js';
export { folioFeesHandler } from './folioFeesHandler.js';
export type { AccessToken, DoorOptions } from '../doorOptions.js';
export type { ProviderTransaction, TransactionTotal } from '../../patron/payPatron.js';
export type { ServiceOptions } from '../serviceOptions.js';
