/**
 * Imports fees from Ex Libris Alma and exports fees to it, in the JSON of its REST API.
 *
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

// Import

export { amountFromNumber } from '../../money/amountFromNumber.js';
