import type { RecordedActor } from '../../account/circumstances.js';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import { TEXT_LENGTH_MAX } from '../../account/fieldSchemas.js';
import { PatronFeesError } from '../../errors.js';
import { omitUndefined } from '../../input/plainObject.js';
import { AMOUNT_DIGITS_MAX, formatAmount } from '../../money/money.js';
import { type AlmaFinding, findingOfRow } from './almaFinding.js';
import {
  type AlmaTime,
  type FeeRow,
  type RawRow,
  type RowFigures,
  readRow,
  rowFigures,
  statusTime,
  type TransactionRow,
  transferTime,
  validateRow,
} from './feeRow.js';
import { type AlmaImportOptions, checkedOptions, isLostItemType } from './importOptions.js';
import { conflictingRows, readResponse } from './readResponse.js';
import { derivedId, paymentId, unusableId } from './toAlmaFees.js';

/** The result of an import. */
export type AlmaImport = {
  /** The events, ready to fold or to append to an empty stream. */
  readonly events: readonly AccountEvent[];
  /** The rows that no events explain; empty if everything was imported. */
  readonly findings: readonly AlmaFinding[];
};

/**
 * Turns the fees that Alma lists for a patron (`GET /almaws/v1/users/{user_id}/fees`) into events whose account shows
 * the same balances to the cent.
 *
 * Alma lists the fees of one status at a time: pass the responses for `ACTIVE`, `INDISPUTE`, `EXPORTED` and `CLOSED`
 * together in a list, so that a payment that went to fees of several statuses is one payment.
 *
 * Nothing is guessed and nothing is dropped. A row is either imported, and its events show its original amount, balance
 * and status, or it has at least one finding, which carries the row, and no events. A finding without `row` is about a
 * response: its rows are imported, but a person should check what is missing. For a payment of several fees, only the
 * parts of imported fees are imported.
 *
 * - A `CREDIT` row becomes a `refundable` credit of cause `imported` (see the option `creditPurpose`).
 * - A waiver that reduced the balance of a lost-item fee becomes a credit that is set off against the fee at once.
 * - Transactions with the same method and `external_transaction_id` are one payment.
 * - `INDISPUTE` becomes a dispute. `EXPORTED` becomes a transfer that is pending until its payment is reported (an
 *   imported payment settles it); a `CLOSED` exported fee becomes a transfer that expects no report.
 * - `by.library` is the name of the library and `by.userId` the name of the person, as in Alma.
 * - Original amount and balance include VAT. Its rate is the policy's rate of the type, or one of `vatPercents`.
 *
 * Events are in the order of Alma's times. Fees and credits keep Alma's ids; everything else gets an id that begins
 * with `alma/` and is the same each time. So a second import is noticed: appending with an expected version of 0 is a
 * conflict, and folding the events onto the account of the first throws with the fault `IdUsedTwice`.
 *
 * @param responses - the parsed JSON of one response, or a list of them
 * @param options - data that is not in the responses
 * @returns the events, and a finding for everything they do not explain
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for invalid options, or
 * responses that are not plain data; `INVALID_POLICY`. Any other fault of the responses is a finding
 *
 * @example
 * ```ts
 * import { balancesInMinorUnits, fold } from 'patron-fees';
 * import { fromAlmaFees } from 'patron-fees/alma';
 *
 * const { events, findings } = fromAlmaFees({
 *   fee: [
 *     {
 *       id: '5013880000107',
 *       type: { value: 'OVERDUEFINE' },
 *       status: { value: 'ACTIVE' },
 *       balance: 2.7699999999999996,
 *       original_amount: 25,
 *       creation_time: '2026-03-02T09:00:00.000Z',
 *       owner: { value: 'MAIN' },
 *       transaction: [
 *         {
 *           type: { value: 'PAYMENT' },
 *           amount: 22.23,
 *           transaction_time: '2026-03-09T15:30:00.000Z',
 *           payment_method: { value: 'CASH' },
 *         },
 *       ],
 *     },
 *   ],
 *   total_record_count: 1,
 *   total_sum: 2.77,
 *   currency: 'USD',
 * });
 * findings; //=> []
 * balancesInMinorUnits(fold(events)).active; //=> 277
 * ```
 */
export function fromAlmaFees(responses: unknown, options: AlmaImportOptions = {}): AlmaImport {
  const known = checkedOptions(options);
  const { rows, findings } = readResponses(plainData(responses), known);
  const conflicts = conflictingRows(rows, known.policy?.currency ?? rows[0]?.currency);
  const limits = importLimits();
  const explanations: Explanation[] = [];
  const unexplained: AlmaFinding[] = [];
  for (const origin of rows) {
    const conflict = conflicts.get(origin);
    const outcome = conflict === undefined ? importRow(origin, known, limits) : { findings: [conflict] };
    if ('findings' in outcome) unexplained.push(...outcome.findings);
    else explanations.push(outcome);
  }
  return { events: inOrder(explanations), findings: [...findings, ...unexplained] };
}

/** Copies the input, so that findings keep the rows unchanged, and unreadable input is refused here. */
function plainData(responses: unknown): unknown {
  try {
    return structuredClone(responses);
  } catch {
    throw new PatronFeesError('INVALID_ARGUMENT', 'responses: expected plain data, as JSON.parse gives it');
  }
}

/** Reads one response, or each response of a list. */
function readResponses(responses: unknown, { policy }: AlmaImportOptions) {
  const readings = Array.isArray(responses)
    ? Array.from(responses, (response: unknown, index) =>
        readResponse(response, `[${index}]`, policy?.currency),
      )
    : [readResponse(responses, '', policy?.currency)];
  return {
    rows: readings.flatMap((reading): readonly RawRow[] => reading.rows),
    findings: readings.flatMap((reading): readonly AlmaFinding[] => reading.findings),
  };
}

/** Converts a row to events, or returns the findings that prevent it. */
function importRow(
  origin: RawRow,
  options: AlmaImportOptions,
  limits: ImportLimits,
): Explanation | { readonly findings: readonly AlmaFinding[] } {
  const reading = readRow(origin, options);
  if ('findings' in reading) return reading;
  const { row } = reading;
  const finding = validateRow(row, options) ?? unusableId(row);
  if (finding !== undefined) return { findings: [finding] };
  const explanation = explainRow(row, options);
  const tooLarge = limits.admit(row, explanation.payments);
  return tooLarge === undefined ? explanation : { findings: [tooLarge] };
}

/** Returns all events in the order of their times. At the same time, charges come first. */
function inOrder(explanations: readonly Explanation[]): AccountEvent[] {
  const episodes: Episode[] = [
    ...explanations.flatMap((explanation) => explanation.episodes),
    ...paymentsOf(explanations.flatMap((explanation) => explanation.payments)),
  ];
  const sorted = episodes.sort((a, b) => a.ms - b.ms || Number(b.opens) - Number(a.opens));
  return sorted.flatMap(({ events }) => events);
}

/** The limits of an account during an import. Rows are admitted one after the other. */
type ImportLimits = {
  /** Counts a row and its payments, or returns a finding if they exceed a limit. */
  readonly admit: (row: FeeRow, payments: readonly PaymentPart[]) => AlmaFinding | undefined;
};

/** Starts with an empty account: a turnover within the safe integers, and twelve digits for each payment. */
export function importLimits(): ImportLimits {
  let turnover = 0;
  const paid = new Map<string, number>();
  return {
    admit: (row, payments) => {
      // The charge, and the same amount again, which may have been paid or credited.
      const after = turnover + 2 * Math.abs(row.original);
      const sums = new Map<string, number>();
      for (const { paymentId, amount } of payments) {
        sums.set(paymentId, (sums.get(paymentId) ?? paid.get(paymentId) ?? 0) + amount);
      }
      if (
        after > Number.MAX_SAFE_INTEGER ||
        [...sums.values()].some((sum) => sum >= 10 ** AMOUNT_DIGITS_MAX)
      ) {
        const expected = `payments within ${AMOUNT_DIGITS_MAX} digits and an account within the safe integers`;
        return findingOfRow(row.origin, 'TotalTooLarge', '', expected, 'more');
      }
      turnover = after;
      for (const [paymentId, sum] of sums) paid.set(paymentId, sum);
      return undefined;
    },
  };
}

/** Events that belong together, with their time. */
type Episode = {
  /** Milliseconds since 1970; never before the charge they are about. */
  readonly ms: number;
  /** Whether it charges a fee or issues a credit: then it comes first among episodes of the same time. */
  readonly opens: boolean;
  /** The events, in their order. */
  readonly events: readonly AccountEvent[];
};

/** The part of a payment that went to one fee. */
type PaymentPart = {
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
type Explanation = {
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
