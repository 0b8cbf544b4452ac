import { describe, expect, it } from 'vitest';
import { execute } from '../../../src/history/index.js';
import { definePolicy } from '../../../src/index.js';
import { mergeAccounts } from '../../../src/patron/index.js';
import { randomAccounts } from '../../support/randomAccounts.js';
import { at, charges, folioClient, policy, userId } from './folioClient.js';
import { isAccounts, isActions } from './folioSchemas.js';

describe('folioRecords', () => {
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
});

describe('folioLists', () => {
  const twoFees = charges(['f1', '10.00'], ['f2', '2.55']);

  describe('GET accounts', () => {
    it('has exact numbers, with records in the shape of FOLIO', async () => {
      const item = { id: 'i1', title: 'Momo', barcode: '39999' };
      const lost = {
        ...twoFees[0],
        id: 'f3',
        feeType: 'LOSTITEMREPLACEMENTFEE',
        item,
        loanId: 'l1',
      } as never;
      const { find, send } = await folioClient([...charges(['f1', '0.29']), lost]);
      const { status, json } = await find('accounts', `userId==${userId} and status.name==Open`);
      expect([status, isAccounts(json), json.totalRecords]).toEqual([200, true, 2]);
      const [fine, loss] = json.accounts;
      expect(fine).toMatchObject({
        userId,
        amount: 0.29,
        remaining: 0.29,
        status: { name: 'Open' },
        paymentStatus: { name: 'Outstanding' },
        feeFineType: 'Overdue fine',
        feeFineOwner: 'Main Library',
        metadata: { createdDate: '2026-03-02T09:00:00.000Z' },
      });
      expect(loss).toMatchObject({ title: 'Momo', barcode: '39999' });
      expect((await send(`accounts/${loss.id}`)).json).toEqual(loss);
      expect((await send(`accounts/${userId}`)).status).toBe(404);
    });

    it('has pages of 10 records, unless a limit is given', async () => {
      const fees = Array.from({ length: 25 }, (_, n) => [`f${n}`, '1.00'] as const);
      const { find } = await folioClient(charges(...fees));
      const sizes = async (more: string) => {
        const { json } = await find('accounts', `userId==${userId}`, more);
        return [json.accounts.length, json.totalRecords];
      };
      expect(await sizes('')).toEqual([10, 25]);
      expect(await sizes('&limit=1000&offset=20')).toEqual([5, 25]);
      expect(await sizes('&limit=0')).toEqual([0, 25]);
      for (const wrong of ['limit=-1', 'limit=x', 'offset=1.5', 'limit=1e99'])
        expect((await find('accounts', `userId==${userId}`, `&${wrong}`)).status).toBe(400);
    });

    it('returns nothing for unknown patrons and fees, and names the position of a fault in a query', async () => {
      const { find } = await folioClient(twoFees);
      const unknown = userId.replace('6', '7');
      for (const query of [`userId==${unknown}`, `id==${unknown}`, 'id==x', 'userId==x'])
        expect((await find('accounts', query)).json).toEqual({ accounts: [], totalRecords: 0 });
      const { status, text } = await find('accounts', 'userId==x and colour==red');
      expect([status, text.slice(0, 41), text.endsWith('at character 15')]).toEqual([
        400,
        'query: expected one of the fields id, use',
        true,
      ]);
    });

    it('is about all merged accounts of a patron, by the id of each of them', async () => {
      const client = await folioClient(twoFees, { patron: ({ identifier }) => ({ patronId: identifier }) });
      const old = { institution: 'NORTH', patronId: '0e1a1a3f-5f6c-4b52-9c63-3a3ad2d9a001' };
      await execute(client.store, policy, old, charges(['f1', '4.00']));
      await mergeAccounts(client.store, policy, { from: old, into: client.stream, id: 'm', at });
      for (const id of [userId, old.patronId]) {
        const { json } = await client.find('accounts', `userId==${id} and status.name==Open`);
        expect([
          json.totalRecords,
          json.accounts.every((fee: { userId: string }) => fee.userId === id),
        ]).toEqual([3, true]);
      }
      const ids = await client.ids();
      const paid = await client.act('pay', ids, { amount: '16.55' });
      expect([paid.status, paid.json.feefineactions.length, await client.ids()]).toEqual([201, 3, []]);
    });
  });

  describe('users', () => {
    it('are found by the identifiers of a query, and have the id that fees have', async () => {
      const { find, send } = await folioClient(twoFees);
      for (const query of [
        'username==dverma',
        '(barcode=="4711" or username=="dverma")',
        `id==${userId} and active==true`,
      ]) {
        const { json } = await find('users', query);
        expect(json).toEqual({
          users: [{ active: true, id: userId, username: 'dverma', barcode: '4711' }],
          totalRecords: 1,
        });
      }
      expect((await find('users', 'barcode==nobody')).json.totalRecords).toBe(0);
      expect((await send(`users/${userId}`)).json).toMatchObject({ id: userId });
      expect((await send('users/x')).status).toBe(404);
    });

    it('have computed ids if those of the store are no UUIDs, for patrons without fees too', async () => {
      const patron = ({ identifier }: { identifier: string }) =>
        identifier === 'p7' ? { patronId: 'p7' } : undefined;
      const client = await folioClient([], { patron });
      const [{ id }] = (await client.find('users', 'barcode==p7')).json.users;
      const [{ id: feeFineId }] = (await client.send('feefines?query=feeFineType=="Locker key"')).json
        .feefines;
      const [{ id: ownerId }] = (await client.send('owners')).json.owners;
      const charge = await client.post('accounts', {
        userId: id,
        feeFineId,
        ownerId,
        amount: 1,
        remaining: 1,
      });
      expect([charge.status, charge.json.userId]).toEqual([201, id]);
      expect((await client.find('accounts', `userId==${id}`)).json.totalRecords).toBe(1);
    });
  });
});
