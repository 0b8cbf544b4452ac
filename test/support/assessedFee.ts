import type { AccountEvent } from 'patron-fees';

/** Returns the event of an assessed fee. */
export function assessedFee(feeId: string, more: { readonly comment?: string } = {}): AccountEvent {
  const at = '2026-03-02T09:00:00Z';
  const data = { feeId, feeType: 'OTHER', amount: '2.50', currency: 'USD', owner: 'MAIN', at, ...more };
  return { type: 'FeeAssessed', data };
}
