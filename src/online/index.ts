/**
 * Online payments: money that a payment provider takes first, and that is recorded afterwards.
 *
 * @module online
 */

// Payouts: what the provider's reports say.

export type { DayOrder } from '../job/csvCells.js';
export type { TextSource, UnreadableRow } from '../job/csvRows.js';
export type { DecimalMark } from '../money/reportedAmount.js';
export type { AdyenPayoutOptions } from './adyenPayoutRows.js';
export { adyenPayoutRows } from './adyenPayoutRows.js';
export type { PayoutRow } from './payoutRow.js';
export type { PayoutColumns, PayoutReportForm } from './payoutRows.js';
export { payoutRows } from './payoutRows.js';
export type { StripePayoutOptions } from './stripePayoutRows.js';
export { stripePayoutRows } from './stripePayoutRows.js';
