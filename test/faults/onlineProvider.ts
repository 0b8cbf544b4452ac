import type { OnlineReport, PayoutRow } from '../../src/online/index.js';

/** Returns a function that returns whole numbers below a limit, the same for the same seed (mulberry32). */
export function seededNumbers(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** What the provider really did with a payment: in cents. */
export type ProviderPayment = {
  readonly onlinePaymentId: string;
  readonly captures: readonly { readonly id: string; readonly cents: number }[];
  readonly returns: readonly { readonly id: string; readonly of: string; readonly cents: number }[];
  /** Whether the provider answers when it is asked. */
  readonly answers: boolean;
};

export const money = (cents: number): string =>
  `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;

/** Invents what the provider does with a payment of `cents`: usually one capture, now and then none or two, and returns. */
export function providerPayment(
  onlinePaymentId: string,
  cents: number,
  random: (below: number) => number,
): ProviderPayment {
  const takes = [cents, cents, cents, 20, cents + 150, Math.ceil(cents / 2)];
  const count = [0, 1, 1, 1, 1, 2][random(6)] as number;
  const captures = Array.from({ length: count }, (_, index) => {
    return { id: `ch-${onlinePaymentId}-${index}`, cents: takes[random(takes.length)] as number };
  });
  const returns = captures.flatMap((capture, index) => {
    const part = [0, 0, capture.cents, Math.ceil(capture.cents / 3)][random(4)] as number;
    const first = { id: `re-${onlinePaymentId}-${index}`, of: capture.id, cents: part };
    const rest = capture.cents - part;
    const second = { ...first, id: `${first.id}b`, cents: random(3) === 0 ? Math.ceil(rest / 2) : 0 };
    return [first, second].filter((one) => one.cents > 0);
  });
  return { onlinePaymentId, captures, returns, answers: random(10) > 0 };
}

/** What the provider says of a payment when it is asked, and nothing more will be taken. */
export function wholeReport({ captures, returns }: ProviderPayment): OnlineReport {
  return { ...partsOf(captures, returns), ended: { cause: 'expired', final: true } };
}

/** The webhooks of a payment, each as often as it is delivered: not at all, or up to three times. */
export function webhooks(
  { captures, returns }: ProviderPayment,
  random: (below: number) => number,
): readonly OnlineReport[] {
  const all: OnlineReport[] = [
    ...captures.map((one) => partsOf([one], [])),
    ...returns.map((one) => partsOf([], [one])),
    { ended: { cause: captures.length > 0 ? 'expired' : 'cancelled', final: random(2) === 0 } },
  ];
  return all.flatMap((report) => Array.from({ length: [0, 1, 1, 2, 3][random(5)] as number }, () => report));
}

function partsOf(captures: ProviderPayment['captures'], returns: ProviderPayment['returns']): OnlineReport {
  return {
    captures: captures.map(({ id, cents }) => ({
      externalTransactionId: id,
      amount: money(cents),
      currency: 'USD',
    })),
    returns: returns.map(({ id, of, cents }) => {
      return {
        externalTransactionId: id,
        of,
        kind: 'refund',
        amount: money(cents),
        currency: 'USD',
      } as const;
    }),
  };
}

/** The rows of the provider's payouts, with a fee of 1 percent. */
export function* payoutRows(payments: readonly ProviderPayment[]): Generator<PayoutRow> {
  const common = { currency: 'USD', payoutCurrency: 'USD', payoutId: 'po', paidOn: '2026-03-10' };
  for (const { onlinePaymentId: reference, captures, returns } of payments) {
    for (const { id, of, cents } of returns.map((one) => one)) {
      const amount = `-${money(cents)}`;
      yield {
        rowId: id,
        reference,
        transaction: id,
        of,
        type: 'refund',
        amount,
        gross: amount,
        fee: '0.00',
        net: amount,
        ...common,
      };
    }
    for (const { id, cents } of captures) {
      const fee = Math.ceil(cents / 100);
      const amounts = { amount: money(cents), gross: money(cents), fee: money(fee), net: money(cents - fee) };
      yield { rowId: id, reference, transaction: id, type: 'capture', ...amounts, ...common };
    }
  }
}
