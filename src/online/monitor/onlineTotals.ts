import { digitsOf } from '../../money/currency.js';
import { formatAmount, minorUnits } from '../../money/money.js';
import type { KeptReport } from '../../office/onlinePayments/keptReport.js';
import { unrecordedParts } from '../../office/onlinePayments/onlineParts.js';
import {
  amountIn,
  type OnlinePayment,
  returnedOf,
  units,
  unitsOf,
} from '../../office/onlinePayments/onlinePayment.js';

/** The money of some online payments in one currency, in decimal strings. */
export type OnlineTotals = {
  /** What the provider took. */
  readonly captured: string;
  /** The part of it that is kept as service fees, less what was given back of them. */
  readonly serviceFees: string;
  /** The part of it that the accounts have recorded. */
  readonly recorded: string;
  /** The part of that which became credits. */
  readonly credited: string;
  /** What went back to the payers. */
  readonly returned: string;
  /** What was taken and no account has recorded: 0 once all is through. */
  readonly takenAndNotRecorded: string;
  /** What went back and no account has recorded: 0 once all is through. */
  readonly returnedAndNotRecorded: string;
};

const figures = [
  'captured',
  'serviceFees',
  'recorded',
  'credited',
  'returned',
  'takenAndNotRecorded',
  'returnedAndNotRecorded',
] as const satisfies readonly (keyof OnlineTotals)[];

/** Sums up online payments by currency. */
export function onlineTotals() {
  const sums = new Map<string, Record<keyof OnlineTotals, bigint>>();
  return {
    add(payment: OnlinePayment): void {
      const { currency, captures, returns, recorded } = payment;
      const sum = sums.get(currency) ?? zeros();
      sums.set(currency, sum);
      const ofCaptures = recorded.filter(({ kind }) => kind === 'capture');
      const waiting = unrecordedParts(payment);
      const fees =
        unitsOf(captures.map((one) => one.serviceFee)) -
        unitsOf(returns.flatMap(returnedOf).map((one) => one.serviceFee));
      const added: Record<keyof OnlineTotals, number> = {
        captured: amountIn(captures),
        serviceFees: fees,
        recorded: amountIn(ofCaptures),
        credited: ofCaptures.reduce((total, { credited }) => total + units(credited ?? '0'), 0),
        returned: amountIn(returns),
        takenAndNotRecorded: amountIn(waiting.filter(({ kind }) => kind === 'capture')),
        returnedAndNotRecorded: amountIn(waiting.filter(({ kind }) => kind === 'return')),
      };
      for (const figure of figures) sum[figure] += BigInt(added[figure]);
    },
    /** Adds what is kept, each transaction once: a row whose transaction a report has is not added again. */
    addKept(all: readonly KeptReport[]): void {
      const keyOf = (kind: string, id: string, currency: string) => JSON.stringify([kind, id, currency]);
      const reported = new Set<string>();
      const addOne = (kind: 'capture' | 'return', amount: string, currency: string): void => {
        const sum = sums.get(currency) ?? zeros();
        sums.set(currency, sum);
        sum[kind === 'capture' ? 'takenAndNotRecorded' : 'returnedAndNotRecorded'] += minorUnits(amount);
      };
      for (const { kind, told } of all) {
        if (kind === 'row') continue;
        reported.add(keyOf(kind, told.externalTransactionId, told.currency));
        addOne(kind, told.amount, told.currency);
      }
      for (const { kind, told, because } of all) {
        // A changed row was recorded with its first content.
        if (kind !== 'row' || because === 'ROW_CHANGED' || told.transaction === null) continue;
        const isReturn = told.type !== 'capture' || told.amount.startsWith('-');
        const what = isReturn ? 'return' : 'capture';
        if (!reported.has(keyOf(what, told.transaction, told.currency)))
          addOne(what, told.amount.replace('-', ''), told.currency);
      }
    },
    result: (): Readonly<Record<string, OnlineTotals>> =>
      Object.fromEntries(
        [...sums].map(([currency, sum]) => {
          const digits = digitsOf(currency);
          const texts = figures.map((figure) => [figure, formatAmount(sum[figure], digits)]);
          return [currency, Object.fromEntries(texts) as OnlineTotals];
        }),
      ),
  };
}

function zeros(): Record<keyof OnlineTotals, bigint> {
  return Object.fromEntries(figures.map((figure) => [figure, 0n])) as Record<keyof OnlineTotals, bigint>;
}
