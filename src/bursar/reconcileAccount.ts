import type { AccountEvent } from '../account/events/accountEvent.js';
import { findTransfer, type PatronAccount } from '../account/patronAccount.js';
import { type Transfer, transferPendingOf } from '../account/records.js';
import { formatAmount, minorUnits } from '../money/money.js';
import { type BursarDifference, differenceOf } from './bursarDifference.js';
import { bursarReference } from './bursarReference.js';
import { pairedRows } from './pairedRows.js';

/** A row of a file or an answer, read. */
export type ReadRow = {
  /** The position of the row, counted from 1. */
  readonly row: number;
  /** The reference. */
  readonly reference: string;
  /** The transfer. */
  readonly transferId: string;
  /** The signed amount in minor units. */
  readonly minor: bigint;
  /** The external system's reference for the payment; null without one. */
  readonly paymentReference: string | null;
};

/** The rows of one patron. */
export type PatronRows = {
  /** Those of the file. */
  readonly file: ReadRow[];
  /** Those of the answers, by the answer's job. */
  readonly answers: Map<string, ReadRow[]>;
};

/** The comparison of one account. Sums in minor units. */
export type Reconciled = {
  /** The transfers of the batch, and their sum. */
  readonly transferred: { readonly count: number; readonly minor: bigint };
  /** What the answers' jobs booked, of all batches. */
  readonly booked: { readonly count: number; readonly minor: bigint };
  /** What was settled and reversed of the batch otherwise. */
  readonly otherwise: { readonly count: number; readonly minor: bigint };
  /** What came back here of the batch. */
  readonly recalled: { readonly count: number; readonly minor: bigint };
  /** What is settled for the batch, without surpluses. */
  readonly settled: bigint;
  /** What was paid for the batch above what was pending. */
  readonly surplus: bigint;
  /** What is pending for the batch. */
  readonly pending: bigint;
  /** The differences, one by one. */
  readonly differences: readonly BursarDifference[];
};

/**
 * Compares the rows of one patron with the events of the account. Pure.
 *
 * @param jobId - the export, whose id is the batch of its transfers
 * @param answers - the jobs that imported the answers
 */
export function reconcileAccount(
  patronId: string,
  account: PatronAccount,
  events: readonly AccountEvent[],
  rows: PatronRows,
  {
    jobId,
    answers,
    digits,
  }: { readonly jobId: string; readonly answers: ReadonlySet<string>; readonly digits: number },
): Reconciled {
  const write = (minor: bigint) => formatAmount(minor, digits);
  const referenceOf = (transferId: string) => bursarReference({ patronId, transferId });
  const batch = account.transfers.filter(({ batchId }) => batchId === jobId);
  const differences = fileDifferences(patronId, batch, rows.file, write);
  const bookings = bursarBookings(account, events);
  const byRow = new Map<string, { readonly minor: bigint; readonly paymentReference: string | null }>();
  const payments = new Map<string, string>();
  for (const { bookedBy, minor, transfer, paymentReference } of bookings) {
    const key = rowKey(bookedBy, transfer.transferId);
    byRow.set(key, { minor: (byRow.get(key)?.minor ?? 0n) + minor, paymentReference });
    if (paymentReference !== null)
      payments.set(paymentKey(transfer.transferId, paymentReference, minor), bookedBy);
  }
  const named = new Set<string>();
  for (const [answer, list] of rows.answers) {
    for (const { row, reference, transferId, minor, paymentReference } of list) {
      const name = rowKey(`${answer}/${row}`, transferId);
      named.add(name);
      const booked = byRow.get(name);
      const found = { patronId, reference, answer, row, inAnswer: write(minor) };
      if (booked !== undefined) {
        if (booked.paymentReference !== paymentReference) {
          const detail = `${shown(paymentReference)} in the answer, booked with ${shown(booked.paymentReference)}`;
          differences.push(
            differenceOf('PAYMENT_REFERENCE_DIFFERS', {
              ...found,
              inAnswer: null,
              bookedBy: `${answer}/${row}`,
              detail,
            }),
          );
        }
        if (booked.minor !== minor) {
          differences.push(differenceOf('ROW_AMOUNT_DIFFERS', { ...found, inEvents: write(booked.minor) }));
        }
        continue;
      }
      const bookedBy = payments.get(paymentKey(transferId, paymentReference ?? '', minor)) ?? null;
      const code = bookedBy === null ? 'ROW_NOT_BOOKED' : 'ROW_BOOKED_ELSEWHERE';
      const detail = bookedBy === null ? {} : { detail: `booked from ${bookedBy}` };
      differences.push(differenceOf(code, { ...found, bookedBy, ...detail }));
    }
  }
  const [booked, otherwise] = [
    { count: 0, minor: 0n },
    { count: 0, minor: 0n },
  ];
  for (const { bookedBy, jobId: by, minor, transfer } of bookings) {
    const isOfAnswer = by !== null && answers.has(by);
    if (!isOfAnswer && transfer.batchId !== jobId) continue;
    const sum = isOfAnswer ? booked : otherwise;
    sum.count += 1;
    sum.minor += minor;
    if (isOfAnswer && named.has(rowKey(bookedBy, transfer.transferId))) continue;
    const found = { patronId, reference: referenceOf(transfer.transferId), bookedBy, inEvents: write(minor) };
    const code = isOfAnswer ? 'BOOKING_WITHOUT_ROW' : 'BOOKED_OTHERWISE';
    differences.push(
      differenceOf(code, { ...found, answer: isOfAnswer ? by : null, detail: `booked by ${bookedBy}` }),
    );
  }
  const recalled = { count: 0, minor: 0n };
  for (const { transfer, minor, bookedBy } of recallsOf(account, events)) {
    if (transfer.batchId !== jobId) continue;
    recalled.count += 1;
    recalled.minor += minor;
    const reference = referenceOf(transfer.transferId);
    const detail = `recalled by ${bookedBy}`;
    differences.push(
      differenceOf('RECALLED', { patronId, reference, bookedBy, inEvents: write(minor), detail }),
    );
  }
  const settled = batch.reduce((sum, each) => sum + signedMinor(each, each.settled), 0n);
  const ofBatch = bookings.filter(({ transfer }) => transfer.batchId === jobId);
  return {
    recalled,
    settled,
    surplus: ofBatch.reduce((sum, { minor }) => sum + minor, -settled),
    transferred: {
      count: batch.length,
      minor: batch.reduce((sum, each) => sum + signedMinor(each, each.amount), 0n),
    },
    booked,
    otherwise,
    pending: batch.reduce((sum, each) => sum + signedMinor(each, transferPendingOf(each)), 0n),
    differences,
  };
}

function shown(paymentReference: string | null): string {
  return paymentReference === null ? 'none' : JSON.stringify(paymentReference.slice(0, 200));
}

/** Returns the key of a booking: a row may have been booked on another transfer than the one that it names. */
function rowKey(bookedBy: string, transferId: string): string {
  return JSON.stringify([bookedBy, transferId]);
}

function paymentKey(transferId: string, paymentReference: string, minor: bigint): string {
  return JSON.stringify([transferId, paymentReference, minor < 0n]);
}

function signedMinor({ feeId }: Transfer, minor: number): bigint {
  return BigInt(feeId === null ? -minor : minor);
}

function fileDifferences(
  patronId: string,
  batch: readonly Transfer[],
  rows: readonly ReadRow[],
  write: (minor: bigint) => string,
): BursarDifference[] {
  const referenceOf = ({ transferId }: Transfer) => bursarReference({ patronId, transferId });
  const transfers = new Map(batch.map((each) => [referenceOf(each), signedMinor(each, each.amount)]));
  return pairedRows(rows, transfers).flatMap(({ reference, row, inEvents: known, isRepeated }) => {
    const inEvents = known === null ? null : write(known);
    if (row === null) return [differenceOf('EVENT_WITHOUT_FILE_ROW', { patronId, reference, inEvents })];
    const found = { patronId, reference, row: row.row, inFile: write(row.minor) };
    if (known === null) return [differenceOf('FILE_ROW_WITHOUT_EVENT', found)];
    if (isRepeated) return [differenceOf('FILE_ROW_REPEATED', found)];
    return known === row.minor ? [] : [differenceOf('FILE_AMOUNT_DIFFERS', { ...found, inEvents })];
  });
}

/** A settlement, or the reversal of one. */
type Booking = {
  /** The transfer. */
  readonly transfer: Transfer;
  /**
   * The amount in minor units, surplus included: as a row of an answer has it, negative for a bounced payment of a fee.
   */
  readonly minor: bigint;
  /** The job and row that it was booked from; else the id of its command. */
  readonly bookedBy: string;
  /** The job that booked it; null for a command of a person. */
  readonly jobId: string | null;
  /** The external system's reference for the payment; null without one. */
  readonly paymentReference: string | null;
};

/** Returns the settlements of an account and their reversals, in the stream's order. */
function bursarBookings(account: PatronAccount, events: readonly AccountEvent[]): readonly Booking[] {
  return events.flatMap((event) => {
    if (event.type !== 'TransferSettled' && event.type !== 'SettlementReversed') return [];
    const { data, metadata } = event;
    const transfer = findTransfer(account, data.transferId) as Transfer;
    const id = event.type === 'TransferSettled' ? event.data.settlementId : event.data.reversalId;
    const ofCredit = transfer.feeId === null ? -1n : 1n;
    const sign = event.type === 'TransferSettled' ? ofCredit : -ofCredit;
    return [
      {
        transfer,
        minor: sign * wholeOf(event),
        bookedBy: metadata?.causationId ?? metadata?.commandId ?? id,
        jobId: metadata?.correlationId ?? null,
        paymentReference: data.externalReference ?? null,
      },
    ];
  });
}

function wholeOf(event: Extract<AccountEvent, { type: 'TransferSettled' | 'SettlementReversed' }>): bigint {
  const { amount, surplus } = event.data;
  const above = surplus === undefined ? 0n : minorUnits(surplus.amount);
  if (event.type === 'TransferSettled') return minorUnits(amount) + above;
  const { surplus: withdrawn, shortfall } = event.data;
  const kept = withdrawn?.cancelled === undefined ? 0n : minorUnits(withdrawn.cancelled);
  return minorUnits(amount) + above + kept + (shortfall === undefined ? 0n : minorUnits(shortfall.amount));
}

/** Returns the recalls of an account, in the stream's order; negative for a credit. */
function recallsOf(
  account: PatronAccount,
  events: readonly AccountEvent[],
): readonly { readonly transfer: Transfer; readonly minor: bigint; readonly bookedBy: string }[] {
  return events.flatMap(({ type, data, metadata }) => {
    if (type !== 'TransferRecalled') return [];
    const transfer = findTransfer(account, data.transferId) as Transfer;
    const minor = minorUnits(data.amount) * (transfer.feeId === null ? -1n : 1n);
    return [{ transfer, minor, bookedBy: metadata?.commandId ?? data.recallId }];
  });
}
