/**
 * Imports fees from Ex Libris Alma, exports fees to it, and serves its clients, in the JSON and XML of its REST API.
 *
 * @stability stable
 * @module alma
 */

// Alma's JSON: its fees as the REST API has them.

export type { AlmaCode, AlmaFee, AlmaFees, AlmaTransaction } from './almaFees.js';

// Import: from Alma's fees to events.

export type { AlmaFinding, AlmaFindingCode } from './almaFinding.js';
export { type AlmaImport, fromAlmaFees } from './fromAlmaFees.js';
export type { AlmaImportOptions } from './importOptions.js';

// Export: from an account to Alma's fees.

export { type AlmaExportOptions, toAlmaFees } from './toAlmaFees.js';

// Serve clients of Alma: its fees API, for the Fetch API.

export type { AlmaAccess } from './almaHttp.js';
export { almaFeesHandler, type AlmaFeesHandlerOptions, type AlmaPatron } from './almaFeesHandler.js';
export type { ProviderTransaction, TransactionTotal } from '../../patron/payPatron.js';
export type { DoorOptions, ServiceOptions } from '../doorOptions.js';

// Import

export { amountFromNumber } from '../../money/amountFromNumber.js';
