import { formatAmount } from '../../money/money.js';
import type { PaymentsColumn } from './paymentsReportForm.js';
import type { TillMovementKind } from './tillMovements.js';

/** The key of a row: one value for each column. */
export type TillPlace = readonly (string | null)[];

/** Sums money that passed a till, by place. Keeps only the sums. */
export type TillTally = {
  /** Adds minor units. */
  readonly add: (place: TillPlace, kind: TillMovementKind, amount: bigint) => void;
  /** Counts payments at a place. */
  readonly count: (place: TillPlace, payments: number) => void;
  /** Returns the rows, sorted by their columns, null last. */
  readonly rows: () => PaymentsRow[];
  /** Returns the sum of the rows. */
  readonly total: () => PaymentsFigures;
};

type Sums = Record<TillMovementKind, bigint> & { payments: number };

/**
 * Starts a tally.
 *
 * @param columns - the columns of a place's values
 * @param digits - the number of decimals of the currency
 */
export function openTillTally(columns: readonly PaymentsColumn[], digits: number): TillTally {
  // The key is the place as JSON, since a code may contain any separator.
  const cells = new Map<string, { readonly place: TillPlace; readonly sums: Sums }>();
  const total = noSums();
  const sumsAt = (place: TillPlace): Sums => {
    const key = JSON.stringify(place);
    let cell = cells.get(key);
    if (cell === undefined) {
      cell = { place, sums: noSums() };
      cells.set(key, cell);
    }
    return cell.sums;
  };
  return {
    add: (place, kind, amount) => {
      sumsAt(place)[kind] += amount;
      total[kind] += amount;
    },
    count: (place, payments) => {
      sumsAt(place).payments += payments;
      total.payments += payments;
    },
    rows: () =>
      Array.from(cells.values())
        .sort((a, b) => comparePlaces(a.place, b.place))
        .map(({ place, sums }) => ({
          ...Object.fromEntries(columns.map((column, index) => [column, place[index]])),
          ...figuresOf(sums, digits),
        })),
    total: () => figuresOf(total, digits),
  };
}

function noSums(): Sums {
  return { payments: 0, gross: 0n, reversed: 0n, refunded: 0n, refundsReversed: 0n };
}

function figuresOf(
  { payments, gross, reversed, refunded, refundsReversed }: Sums,
  digits: number,
): PaymentsFigures {
  const write = (minor: bigint) => formatAmount(minor, digits);
  return {
    payments,
    gross: write(gross),
    reversed: write(reversed),
    refunded: write(refunded),
    refundsReversed: write(refundsReversed),
    net: write(gross - reversed - refunded + refundsReversed),
  };
}

/** Compares by the first value that differs, by code unit, since a report must not depend on a locale. */
function comparePlaces(a: TillPlace, b: TillPlace): number {
  const index = a.findIndex((value, at) => value !== b[at]);
  const [one, other] = [a[index], b[index]];
  if (one === other) return 0;
  if (one === null || one === undefined) return 1;
  if (other === null || other === undefined) return -1;
  return one < other ? -1 : 1;
}

/**
 * Money that passed a till. Amounts are decimal strings: `net` is negative if more was paid out than received; the
 * others are never negative.
 */
export type PaymentsFigures = {
  /**
   * The number of payments received. Each counts once: if the payment is split by owner or fee type, in the row of the
   * first fee it was allocated to. So the rows of any grouping sum to the number of payments. Reversals and refunds are
   * not subtracted.
   */
  readonly payments: number;
  /** The sum of the payments. */
  readonly gross: string;
  /** The sum of reversed payments, of the same day or of earlier ones. */
  readonly reversed: string;
  /** The sum of refunded credits. */
  readonly refunded: string;
  /** The sum of reversed refunds. */
  readonly refundsReversed: string;
  /** The net amount: gross - reversed - refunded + refundsReversed. */
  readonly net: string;
};

/** One row of a payments report: its columns and figures. Amounts are decimal strings. */
export type PaymentsRow = PaymentsFigures & {
  /** The library's calendar day, `YYYY-MM-DD`. */
  readonly day?: string;
  /** The library where the money was received or paid out; null if unknown. */
  readonly library?: string | null;
  /** The desk; null without one, as online. */
  readonly desk?: string | null;
  /** The channel; null if unknown. */
  readonly channel?: string | null;
  /** The user who received it or paid it out; null if unknown. */
  readonly user?: string | null;
  /** The session of the till; null if the money passed no till. */
  readonly tillSession?: string | null;
  /** The payment method's code. */
  readonly method?: string;
  /** The library that owns the fee or owes the credit; null without one. */
  readonly owner?: string | null;
  /** The type of the fee; null for overpayments, and for credits without a fee. */
  readonly feeType?: string | null;
};
