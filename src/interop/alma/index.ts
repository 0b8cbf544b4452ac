/**
 * Fees from and for Ex Libris Alma: the JSON of its REST API.
 *
 * @module
 */
export type { AlmaCode, AlmaFee, AlmaFees, AlmaTransaction } from './almaFees.js';
export type { AlmaFinding, AlmaFindingCode } from './almaFinding.js';
export { type AlmaImport, fromAlmaFees } from './fromAlmaFees.js';
export type { AlmaImportOptions } from './importOptions.js';
export { type AlmaExportOptions, toAlmaFees } from './toAlmaFees.js';
export { amountFromNumber } from '../../money/amountFromNumber.js';
