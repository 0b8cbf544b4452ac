import { describe, expect, it } from 'vitest';
import { definePolicy } from '../../../src/index.js';
import { randomAccounts } from '../../support/randomAccounts.js';
import { at, charges, folioClient, userId } from './folioClient.js';
import { isAccounts, isActions } from './folioSchemas.js';

const twoFees = charges(['f1', '10.00'], ['f2', '2.55']);

it('shows a disputed fee as suspended, and leaves credits out', async () => {
  const { find } = await folioClient([
    ...twoFees,
    { type: 'DisputeFee', id: 'd', feeId: 'f1', at },
    { type: 'ReceivePayment', id: 'p', amount: '5.00', method: 'CASH', overpayment: 'credit', at },
  ]);
  const { json } = await find('accounts', `userId==${userId}`);
  const shown = json.accounts.map((fee: { status: object; paymentStatus: object; remaining: number }) => [
    fee.status,
    fee.paymentStatus,
    fee.remaining,
  ]);
  expect(shown).toEqual([
    [{ name: 'Open' }, { name: 'Suspended claim returned' }, 10],
    [{ name: 'Closed' }, { name: 'Paid fully' }, 0],
  ]);
});

describe('feefineactions', () => {
  it('end with what the fee owes, in every history', async () => {
    const checked = new Set<string>();
    for (const { patronId, events } of randomAccounts(60, 1)) {
      const { find, store, stream } = await folioClient([], { patron: () => ({ patronId }) });
      await store.append({ ...stream, patronId }, events, { expectedVersion: 0 });
      const { json } = await find('accounts', 'cql.allRecords=1', '&limit=1000');
      expect(isAccounts(json), JSON.stringify(isAccounts.errors)).toBe(true);
      for (const { id, remaining } of json.accounts) {
        const { json: list } = await find('feefineactions', `accountId==${id}`, '&limit=1000');
        expect(isActions(list), JSON.stringify(isActions.errors)).toBe(true);
        expect(list.feefineactions.at(-1).balance).toBe(remaining);
        for (const { typeAction } of list.feefineactions) checked.add(typeAction);
      }
    }
    expect([...checked]).toEqual(
      expect.arrayContaining([
        'Paid partially',
        'Waived fully',
        'Transferred fully',
        'Credited partially',
        'Cancelled as error',
      ]),
    );
  });
});

it('writes amounts of a currency without decimals', async () => {
  const yen = definePolicy({ currency: 'JPY' });
  const { ids, act } = await folioClient(charges(['f1', '500']), { policy: yen });
  const [id = ''] = await ids();
  expect((await act('pay', id, { amount: '200' })).json).toMatchObject({
    amount: '200',
    remainingAmount: '300',
  });
});
