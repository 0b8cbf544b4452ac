import type { AlmaCode } from './almaFees.js';

/** The statuses of a fee in Alma, by code, with what Alma's screen calls them. */
export const almaStatuses = {
  ACTIVE: 'Active',
  INDISPUTE: 'In dispute',
  EXPORTED: 'Transferred',
  CLOSED: 'Closed',
} as const;

/** The code of a status. */
export type AlmaStatus = keyof typeof almaStatuses;

/** The fee type of Alma's credits. */
export const CREDIT_TYPE = 'CREDIT';

/** What Alma calls the desk of a transaction that was made at none. */
export const NOT_AT_DESK = 'Not At Desk';

/**
 * What a transaction means: money came in here, part was forgiven, the rest went to an external billing system, or
 * that system reported payment.
 */
export type AlmaTransactionKind = 'payment' | 'waiver' | 'export' | 'settlement';

/** Codes seen in real responses. */
const kindsByCode: ReadonlyMap<string, AlmaTransactionKind> = /* @__PURE__ */ new Map([
  ['PAYMENT', 'payment'],
  ['WAIVE', 'waiver'],
]);

/**
 * The transactions of an export to a billing system. Ex Libris names them in its guides (which disagree on when it is
 * "Exported" and when "Exported and paid", and on "Payment imported" or "Payment received") and publishes no codes, so
 * they are known by these names, in whatever spelling, be it as code or as description.
 */
const kindsByName: ReadonlyMap<string, AlmaTransactionKind> = /* @__PURE__ */ new Map([
  ['EXPORT', 'export'],
  ['EXPORTED', 'export'],
  ['EXPORTEDANDPAID', 'export'],
  ['PAYMENTIMPORTED', 'settlement'],
  ['PAYMENTRECEIVED', 'settlement'],
]);

/** Tells what a transaction means, or `undefined` for one that is not known. */
export function transactionKind({ value, desc = '' }: AlmaCode): AlmaTransactionKind | undefined {
  return kindsByCode.get(value) ?? kindsByName.get(bare(value)) ?? kindsByName.get(bare(desc));
}

/** A name without what spellings differ in. */
function bare(name: string): string {
  return name.toUpperCase().replaceAll(/[\s_-]/g, '');
}
