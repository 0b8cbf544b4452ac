import type { AccountEvent } from '../../src/index.js';
import { centsOf } from './folioAmount.js';

/** Received and returned amounts, in cents. */
export type Totals = { readonly received: number; readonly givenBack: number };

/** A till report: by payment method, and separately the transfers to external systems. */
export type Report = { readonly byMethod: ReadonlyMap<string, Totals>; readonly transferred: Totals };

/** Sums the payments of some events. Refunds and reversed payments were returned; the net is the difference. */
export function reportOf(events: readonly AccountEvent[]): Report {
  const byMethod = new Map<string, Totals>();
  const add = (method: string, received: number, givenBack: number) => {
    const total = byMethod.get(method) ?? { received: 0, givenBack: 0 };
    byMethod.set(method, { received: total.received + received, givenBack: total.givenBack + givenBack });
  };
  let transferred: Totals = { received: 0, givenBack: 0 };
  for (const { type, data } of events) {
    if (type === 'PaymentReceived') add(data.method, centsOf(data.amount), 0);
    if (type === 'PaymentReversed' || type === 'CreditRefunded') add(data.method, 0, centsOf(data.amount));
    if (type === 'FeeTransferred')
      transferred = { ...transferred, received: transferred.received + centsOf(data.amount) };
    if (type === 'TransferRecalled')
      transferred = { ...transferred, givenBack: transferred.givenBack + centsOf(data.amount) };
  }
  return { byMethod, transferred };
}
