/** A value of one of Alma's code tables. */
export type AlmaCode = {
  /** The code, e.g. `OVERDUEFINE`. */
  readonly value: string;
  /** The label, e.g. `Overdue fine`. */
  readonly desc?: string;
};

/** A transaction of a fee. */
export type AlmaTransaction = {
  /** The kind, e.g. `PAYMENT` or `WAIVE`. */
  readonly type: AlmaCode;
  /** The amount in whole currency units; positive. */
  readonly amount: number;
  /** The tax that the amount includes, in whole currency units; absent without tax. */
  readonly vat_amount?: number;
  /** The reason of a waiver. */
  readonly reason?: AlmaCode;
  /** A comment. */
  readonly comment?: string;
  /** The user who recorded it. */
  readonly created_by?: string;
  /** The id that the payment provider gave, or that Alma made for a payment at a desk. */
  readonly external_transaction_id?: string;
  /** The time: ISO 8601 in UTC with milliseconds. */
  readonly transaction_time: string;
  /** The circulation desk and, as its description, the library. */
  readonly received_by?: AlmaCode;
  /** The payment method. */
  readonly payment_method?: AlmaCode;
};

/** A fine or fee as Alma lists it; a credit is one of type `CREDIT` with negative amounts. */
export type AlmaFee = {
  /** The id. */
  readonly id: string;
  /** The fee type. */
  readonly type: AlmaCode;
  /** The status: `ACTIVE`, `INDISPUTE`, `EXPORTED` or `CLOSED`. */
  readonly status: AlmaCode;
  /** The patron. */
  readonly user_primary_id?: AlmaCode;
  /** The remaining amount, in whole currency units. */
  readonly balance: number;
  /** The original amount, in whole currency units; payments and waivers do not change it. */
  readonly original_amount: number;
  /** The tax that the original amount includes, in whole currency units; absent without tax. */
  readonly original_vat_amount?: number;
  /** The tax that the balance includes, in whole currency units; absent without tax. */
  readonly remaining_vat_amount?: number;
  /** When it was charged: ISO 8601 in UTC with milliseconds. */
  readonly creation_time: string;
  /** When it last changed. */
  readonly status_time: string;
  /** A comment; patrons can see it. */
  readonly comment?: string;
  /** The library that owns it. */
  readonly owner?: AlmaCode;
  /** The title of the item. */
  readonly title?: string;
  /** The barcode of the item. */
  readonly barcode?: AlmaCode;
  /** The external billing system's reference. */
  readonly bursar_transaction_id?: string;
  /** The transactions; absent if empty. */
  readonly transaction?: readonly AlmaTransaction[];
  /** The fee's address, to which payments are posted. Only answers of {@link almaFeesHandler} have it. */
  readonly link?: string;
};

/** The response of Alma's `GET /almaws/v1/users/{user_id}/fees`, with the fields that {@link toAlmaFees} writes. */
export type AlmaFees = {
  /** The fees and credits. */
  readonly fee: readonly AlmaFee[];
  /** The number of fees and credits. */
  readonly total_record_count: number;
  /** The sum of their balances, in whole currency units; credits are negative. */
  readonly total_sum: number;
  /** ISO 4217 code; absent for an empty account without a policy. */
  readonly currency?: string;
  /** The list's address. Only answers of {@link almaFeesHandler} have it. */
  readonly link?: string;
};

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
 * codes, so they are recognised by these names, in any spelling, as code or as description.
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
