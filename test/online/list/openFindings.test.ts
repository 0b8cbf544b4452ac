import { expect, it } from 'vitest';
import { RETRY } from '../../../src/history/retry.js';
import type { OnlinePayment } from '../../../src/online/index.js';
import { openFindings } from '../../../src/online/list/openFindings.js';
import { ann, at, back, begun, breakAccount, institution, paymentOf, settlePart, taken } from '../shop.js';

it('offers to record a part that still waits after a settlement, and records nothing itself', async () => {
  const shop = await begun(ann);
  await shop.report('o1', taken('ch_1', '15.50'));
  const repair = breakAccount(shop, 'ann');
  await shop.report('o1', back('du_1', 'ch_1', '15.00', { kind: 'chargeback' }));
  const part = { kind: 'return', externalTransactionId: 'du_1', patronId: 'ann', what: 'apart' } as const;
  await settlePart(shop, part);
  repair();
  await shop.report('o1', taken('won_1', '15.00'));
  const context = { ...shop.stores, policy: shop.policy, institution, retry: RETRY };
  const payment = (await paymentOf(shop)) as OnlinePayment;
  const findings = await openFindings(context, payment, at, undefined);
  const about = { does: 'settlePart', kind: 'capture', externalTransactionId: 'won_1', patronId: 'ann' };
  expect(findings).toMatchObject([
    {
      code: 'TAKEN_NOT_RECORDED',
      since: at,
      actions: [
        { ...about, what: 'apart' },
        { ...about, what: 'record' },
      ],
    },
  ]);
  expect(await paymentOf(shop)).toEqual(payment);
});
