import { digitsOf } from '../../money/currency.js';
import { formatAmount, minorUnits } from '../../money/money.js';
import type { PayoutRow } from '../../office/onlinePayments/keptReport.js';

/** The rows of some payouts in one currency, in decimal strings. */
export type PayoutTotals = {
  /** The sum before the provider's fees, of rows that belong to payments. */
  readonly gross: string;
  /** The provider's fees of these rows. */
  readonly fee: string;
  /** What the payouts have of these rows. */
  readonly net: string;
  /** What the payouts have of rows that belong to no payment: of type `other`. */
  readonly others: string;
};

const figures = ['gross', 'fee', 'net', 'others'] as const satisfies readonly (keyof PayoutTotals)[];

/** Sums up rows of payouts by the currency of the payout. */
export function payoutTotals() {
  const sums = new Map<string, Record<keyof PayoutTotals, bigint>>();
  return {
    add({ type, gross, fee, net, payoutCurrency }: PayoutRow): void {
      const sum = sums.get(payoutCurrency) ?? { gross: 0n, fee: 0n, net: 0n, others: 0n };
      sums.set(payoutCurrency, sum);
      if (type === 'other') {
        sum.others += minorUnits(net);
        return;
      }
      sum.gross += minorUnits(gross);
      sum.fee += minorUnits(fee);
      sum.net += minorUnits(net);
    },
    result: (): Readonly<Record<string, PayoutTotals>> =>
      Object.fromEntries(
        [...sums].map(([currency, sum]) => {
          const texts = figures.map((figure) => [figure, formatAmount(sum[figure], digitsOf(currency))]);
          return [currency, Object.fromEntries(texts) as PayoutTotals];
        }),
      ),
  };
}
