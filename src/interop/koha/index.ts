/**
 * Imports patrons' accounts from Koha, and serves its clients, in the JSON of its REST API.
 *
 * @stability may change
 * @module koha
 */

// Import: from Koha's tables to accounts.

export { kohaAccounts, type KohaTables } from './kohaAccounts.js';

// Rows: what the system exports.

// Serve clients of Koha: its accounts of patrons, for the Fetch API.

export type {
  KohaAccess,
  KohaAccountHandlerOptions,
  KohaClient,
  KohaCredentials,
  KohaPatron,
  KohaReasons,
  KohaTill,
} from './kohaOptions.js';
export { kohaAccountHandler } from './kohaAccountHandler.js';
export type { AccessToken, DoorOptions, ServiceOptions } from '../doorOptions.js';
export type { ProviderTransaction, TransactionTotal } from '../../patron/payPatron.js';
