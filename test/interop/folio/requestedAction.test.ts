import { describe, expect, it } from 'vitest';
import { execute } from '../../../src/history/index.js';
import { at, charges, folioClient, policy, userId } from './folioClient.js';
import { isFailure } from './folioSchemas.js';

const twoFees = charges(['f1', '10.00'], ['f2', '2.55']);

describe('a payment', () => {
  it.each([
    ['more than is owed', { amount: '13.00' }, 'Requested amount exceeds remaining amount'],
    ['nothing', { amount: '0.00' }, 'Amount must be positive'],
    ['less than nothing', { amount: '-1' }, 'Amount must be positive'],
    ['words', { amount: '1,50' }, 'Invalid amount entered'],
    ['a part of a cent', { amount: '0.005' }, 'Invalid amount entered'],
    [
      'an unknown method',
      { amount: '1.00', paymentMethod: 'Shells' },
      'paymentMethod: expected one of Cash, Credit card',
    ],
  ])('of %s is refused as a whole', async (_name, body, message) => {
    const { ids, act, account } = await folioClient(twoFees);
    const all = await ids();
    for (const fees of [all, all[0] as string]) {
      const { status, json } = await act('pay', fees, body);
      expect([status, isFailure(json), json.errorMessage]).toEqual([
        422,
        true,
        expect.stringContaining(message),
      ]);
      expect(json.amount).toBe(body.amount);
    }
    expect((await account()).payments).toEqual([]);
  });

  it('of a closed fee, a suspended one, or fees of two patrons is refused', async () => {
    const options = { patron: ({ identifier }: { identifier: string }) => ({ patronId: identifier }) };
    const dispute = { type: 'DisputeFee', id: 'd', feeId: 'f2', at } as const;
    const { ids, act, store } = await folioClient([...twoFees, dispute], options);
    const [first = '', second = ''] = await ids();
    await execute(store, policy, { institution: 'NORTH', patronId: 'p2' }, charges(['g1', '5.00']));
    const other = (await (await folioClientOf(store)).find('accounts', 'amount==5')).json.accounts[0].id;
    const messages = async (fees: string | string[], amount: string) =>
      (await act('pay', fees, { amount })).json.errorMessage;
    expect(await messages(second, '1.00')).toBe('Fee/fine is suspended: claim returned');
    expect(await messages([first, other], '1.00')).toBe('All fees/fines have to be of one patron');
    await act('pay', first, { amount: '10.00' });
    expect(await messages(first, '1.00')).toBe('Fee/fine is already closed');
    const unknown = await act('pay', userId, { amount: '1.00' });
    expect([unknown.status, unknown.text]).toEqual([404, `Fee/fine ID ${userId} not found`]);
  });

  it('has names of methods that the library maps', async () => {
    const { ids, act, account } = await folioClient(twoFees, { methods: { Kiosk: 'CASH' } });
    await act('pay', await ids(), { amount: 1, paymentMethod: 'Kiosk' });
    expect((await account()).payments).toMatchObject([{ method: 'CASH', amount: 100 }]);
  });
});

async function folioClientOf(store: Awaited<ReturnType<typeof folioClient>>['store']) {
  return folioClient([], { store, patron: ({ identifier }) => ({ patronId: identifier }) });
}
