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

/** Alma's name for a transaction that was not made at a desk. */
export const NOT_AT_DESK = 'Not At Desk';

/**
 * The kind of a transaction: a payment, a waiver, an export to an external billing system, or a payment which that
 * system reported.
 */
export type AlmaTransactionKind = 'payment' | 'waiver' | 'export' | 'settlement';

/** Codes seen in real responses. */
const kindsByCode: ReadonlyMap<string, AlmaTransactionKind> = /* @__PURE__ */ new Map([
  ['PAYMENT', 'payment'],
  ['WAIVE', 'waiver'],
]);

/**
 * The transactions of an export to a billing system. Ex Libris names them in its guides (which disagree on when the
 * name is "Exported" and when "Exported and paid", and on "Payment imported" or "Payment received") and publishes no
 * codes, so they are recognized by these names, in any spelling, as code or as description.
 */
const kindsByName: ReadonlyMap<string, AlmaTransactionKind> = /* @__PURE__ */ new Map([
  ['EXPORT', 'export'],
  ['EXPORTED', 'export'],
  ['EXPORTEDANDPAID', 'export'],
  ['PAYMENTIMPORTED', 'settlement'],
  ['PAYMENTRECEIVED', 'settlement'],
]);

/** Returns the kind of a transaction, or `undefined` for an unknown one. */
export function transactionKind({ value, desc = '' }: AlmaCode): AlmaTransactionKind | undefined {
  return kindsByCode.get(value) ?? kindsByName.get(bare(value)) ?? kindsByName.get(bare(desc));
}

/** Normalizes the spelling of a name. */
function bare(name: string): string {
  return name.toUpperCase().replaceAll(/[\s_-]/g, '');
}
