import type { RecordedActor } from '../../account/circumstances.js';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import { TEXT_LENGTH_MAX } from '../../account/fieldSchemas.js';
import { omitUndefined } from '../../input/plainObject.js';
import { formatAmount } from '../../money/money.js';
import {
  type AlmaTime,
  type FeeRow,
  type RowFigures,
  rowFigures,
  statusTime,
  type TransactionRow,
  transferTime,
} from './feeRow.js';
import { type AlmaImportOptions, isLostItemType } from './importOptions.js';
import { derivedId, paymentId } from './toAlmaFees.js';

/** Events that belong together, with their time. */
export type Episode = {
  /** Milliseconds since 1970; never before the charge they are about. */
  readonly ms: number;
  /** Whether it charges a fee or issues a credit: then it comes first among episodes of the same time. */
  readonly opens: boolean;
  /** The events, in their order. */
  readonly events: readonly AccountEvent[];
};

/** The part of a payment that went to one fee. */
export type PaymentPart = {
  /** The id that all parts of the payment share. */
  readonly paymentId: string;
  /** The fee. */
  readonly feeId: string;
  /** Minor units. */
  readonly amount: number;
  /** ISO 4217 code. */
  readonly currency: string;
  /** The number of decimals of the currency. */
  readonly minorDigits: number;
  /** The transaction that records this part. */
  readonly transaction: TransactionRow;
  /** Milliseconds since 1970; never before the charge it pays. */
  readonly ms: number;
};

/** The events that a row implies. */
export type Explanation = {
  /** Everything except payments. */
  readonly episodes: readonly Episode[];
  /** The parts of payments; a payment may have parts in several rows. */
  readonly payments: readonly PaymentPart[];
};

/** Converts a row that passed {@link validateRow}. */
export function explainRow(row: FeeRow, options: AlmaImportOptions): Explanation {
  const figures = rowFigures(row);
  const charge = figures.isCredit ? creditIssued(row, figures, options) : feeAssessed(row, figures, options);
  const waivers = row.transactions.filter(({ kind }) => kind === 'waiver');
  const payments = row.transactions.filter(({ kind }) => kind === 'payment');
  const transfers = figures.gone > 0 ? transferEpisodes(row, figures, options) : [];
  const dispute = row.status === 'INDISPUTE' ? [disputed(row, options)] : [];
  return {
    episodes: [
      { ms: row.created.ms, opens: true, events: [charge] },
      ...waivers.map((waiver, index) => episode(row, waiver.time, waived(row, waiver, index + 1, options))),
      ...transfers,
      ...dispute,
    ],
    payments: payments.map((transaction, index) => partOf(row, transaction, index + 1)),
  };
}

function episode(row: FeeRow, time: AlmaTime, events: readonly AccountEvent[]): Episode {
  return { ms: Math.max(time.ms, row.created.ms), opens: false, events };
}

function amountIn(row: FeeRow, minor: number) {
  const { currency, minorDigits } = row.origin;
  return { amount: formatAmount(minor, minorDigits), currency };
}

/** Returns the import as the actor, for rows without one. */
function importer({ institution }: AlmaImportOptions): RecordedActor {
  return omitUndefined({ channel: 'import' as const, institution });
}

function feeAssessed(row: FeeRow, { original }: RowFigures, options: AlmaImportOptions): AccountEvent {
  return {
    type: 'FeeAssessed',
    data: {
      feeId: row.feeId,
      feeType: row.feeType,
      ...amountIn(row, original),
      owner: row.owner as string,
      ...(isLostItemType(options, row.feeType) ? { lostItem: true } : {}),
      ...omitUndefined({ vatPercent: row.vatPercent, item: row.item, comment: row.comment }),
      at: row.created.at,
      by: importer(options),
    },
  };
}

function creditIssued(row: FeeRow, { original, gone }: RowFigures, options: AlmaImportOptions): AccountEvent {
  const { creditPurpose = 'refundable' } = options;
  return {
    type: 'CreditIssued',
    data: {
      creditId: row.feeId,
      ...amountIn(row, original),
      cause: 'imported',
      // Exported credits are money: goodwill is not exported.
      purpose: gone > 0 ? 'refundable' : creditPurpose,
      ...omitUndefined({ owner: row.owner, item: row.item, comment: row.comment }),
      at: row.created.at,
      by: importer(options),
    },
  };
}

function partOf(row: FeeRow, transaction: TransactionRow, number: number): PaymentPart {
  return {
    paymentId: paymentId(row.feeId, number, transaction),
    feeId: row.feeId,
    amount: transaction.amount,
    currency: row.origin.currency,
    minorDigits: row.origin.minorDigits,
    transaction,
    ms: Math.max(transaction.time.ms, row.created.ms),
  };
}

/**
 * Converts a waiver that reduced the balance. On a lost-item fee it becomes a credit that is set off against the fee at
 * once: fee and balance show what Alma shows, and the waiver still counts if the item is returned.
 */
function waived(
  row: FeeRow,
  waiver: TransactionRow,
  number: number,
  options: AlmaImportOptions,
): AccountEvent[] {
  const { feeId } = row;
  const reasons = options.policy?.waiveReasons ?? {};
  const isKnown = waiver.reason !== undefined && Object.hasOwn(reasons, waiver.reason);
  const writeOff = isKnown && reasons[waiver.reason as string]?.kind === 'writeOff' ? true : undefined;
  const kind = omitUndefined({ writeOff });
  const circumstances = {
    ...omitUndefined({ reason: waiver.reason, comment: waiver.comment }),
    at: waiver.time.at,
    by: waiver.by,
  };
  const { amount, currency } = amountIn(row, waiver.amount);
  if (!isLostItemType(options, row.feeType)) {
    const waiverId = derivedId(feeId, 'waiver', number);
    return [{ type: 'FeeWaived', data: { waiverId, feeId, amount, currency, ...kind, ...circumstances } }];
  }
  const creditId = derivedId(feeId, 'credit', number);
  const applicationId = derivedId(feeId, 'application', number);
  const allocations = [{ feeId, amount }];
  return [
    {
      type: 'LostItemCreditIssued',
      data: {
        creditId,
        feeId,
        amount,
        currency,
        cause: 'waived',
        purpose: 'setOff',
        ...kind,
        ...circumstances,
      },
    },
    { type: 'CreditApplied', data: { applicationId, creditId, allocations, currency, ...circumstances } },
  ];
}

/** Returns the transfer to the external billing system, and the payments that it reported. */
function transferEpisodes(
  row: FeeRow,
  { isCredit, gone, settled }: RowFigures,
  options: AlmaImportOptions,
): Episode[] {
  const time = transferTime(row, options) as AlmaTime;
  const transferId = derivedId(row.feeId, 'transfer', 1);
  const exported = row.transactions.find(({ kind }) => kind === 'export');
  const data = {
    transferId,
    ...amountIn(row, gone),
    expectsSettlement: row.status === 'EXPORTED' || settled > 0,
    ...omitUndefined({
      destination: options.destination,
      externalReference: row.externalReference,
      comment: exported?.comment,
    }),
    at: time.at,
    by: exported?.by ?? importer(options),
  };
  const transferred: AccountEvent = isCredit
    ? { type: 'CreditTransferred', data: { ...data, creditId: row.feeId } }
    : { type: 'FeeTransferred', data: { ...data, feeId: row.feeId } };
  const settlements = row.transactions.filter(({ kind }) => kind === 'settlement');
  const first = episode(row, time, [transferred]);
  return [
    first,
    ...settlements.map((settlement, index): Episode => {
      const settlementId = derivedId(row.feeId, 'settlement', index + 1);
      const event: AccountEvent = {
        type: 'TransferSettled',
        data: {
          settlementId,
          transferId,
          ...amountIn(row, settlement.amount),
          ...omitUndefined({
            externalReference: settlement.externalTransactionId,
            comment: settlement.comment,
          }),
          at: settlement.time.at,
          by: settlement.by,
        },
      };
      return { ms: Math.max(first.ms, settlement.time.ms), opens: false, events: [event] };
    }),
  ];
}

function disputed(row: FeeRow, options: AlmaImportOptions): Episode {
  const time = statusTime(row, options) as AlmaTime;
  const data = {
    disputeId: derivedId(row.feeId, 'dispute', 1),
    feeId: row.feeId,
    at: time.at,
    by: importer(options),
  };
  return episode(row, time, [{ type: 'FeeDisputed', data }]);
}

/** Combines all parts with the same id to one payment: three fees paid with one card are one payment. */
export function paymentsOf(parts: readonly PaymentPart[]): Episode[] {
  const byId = new Map<string, PaymentPart[]>();
  for (const part of parts) {
    const others = byId.get(part.paymentId);
    if (others === undefined) byId.set(part.paymentId, [part]);
    else others.push(part);
  }
  return [...byId.values()].map(paymentOf);
}

function paymentOf(parts: PaymentPart[]): Episode {
  const first = parts.reduce((a, b) => (b.transaction.time.ms < a.transaction.time.ms ? b : a));
  const { method, externalTransactionId, time, by } = first.transaction;
  const amount = (minor: number) => formatAmount(minor, first.minorDigits);
  const byFee = new Map<string, number>();
  for (const part of parts) byFee.set(part.feeId, (byFee.get(part.feeId) ?? 0) + part.amount);
  const comments = new Set(parts.flatMap(({ transaction }) => transaction.comment ?? []));
  const event: AccountEvent = {
    type: 'PaymentReceived',
    data: {
      paymentId: first.paymentId,
      amount: amount(parts.reduce((sum, part) => sum + part.amount, 0)),
      currency: first.currency,
      method: method as string,
      allocations: [...byFee].map(([feeId, minor]) => ({ feeId, amount: amount(minor) })),
      ...omitUndefined({
        externalTransactionId,
        feesNamed: externalTransactionId === undefined ? undefined : [...byFee.keys()],
        comment: [...comments].join('; ').slice(0, TEXT_LENGTH_MAX) || undefined,
      }),
      at: time.at,
      by,
    },
  };
  return { ms: parts.reduce((latest, { ms }) => Math.max(latest, ms), 0), opens: false, events: [event] };
}
