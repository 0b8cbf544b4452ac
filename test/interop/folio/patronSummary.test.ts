import { expect, it } from 'vitest';
import { charges, folioClient, userId } from './folioClient.js';

it('GET patron/account sums what is owed, as edge-patron', async () => {
  const item = { title: 'Momo' };
  const { send } = await folioClient([
    ...charges(['f1', '0.10']),
    { ...charges(['f2', '0.20'])[0], item } as never,
  ]);
  const money = (amount: number) => ({ amount, isoCurrencyCode: 'USD' });
  const { json } = await send(`patron/account/${userId}?includeCharges=true&includeLoans=true`);
  expect(json).toMatchObject({
    id: userId,
    totalCharges: money(0.3),
    totalChargesCount: 2,
    totalLoans: 0,
    holds: [],
    loans: [],
  });
  expect(json.charges).toMatchObject([
    { chargeAmount: money(0.1), reason: 'Overdue fine', state: 'Outstanding' },
    { chargeAmount: money(0.2), item: { title: 'Momo' } },
  ]);
  expect((await send(`patron/account/${userId}`)).json.charges).toEqual([]);
  expect((await send('patron/account/x')).status).toBe(404);
});
