import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { execute } from '../../../src/history/index.js';
import { balancesInMinorUnits } from '../../../src/index.js';
import { tried } from '../../support/seeded.js';
import { at, charges, folioClient, policy, userId } from './folioClient.js';

// What clients of FOLIO send, and read of the answers.

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

describe('VuFind', () => {
  it('reads all open fees in pages of 1000, in a hundredth of its numbers', async () => {
    const { find } = await folioClient(charges(['f1', '0.29']));
    const { json } = await find(
      'accounts',
      `userId==${userId} and status.name==Open`,
      '&offset=0&limit=1000',
    );
    expect(json.totalRecords).toBe(1);
    const [fee] = json.accounts;
    // Not rounded by VuFind: it shows 28.999999999999996 for any exact 0.29.
    expect(Math.round(fee.remaining * 100)).toBe(29);
    expect([fee.paymentStatus.name, fee.feeFineType, Date.parse(fee.metadata.createdDate) > 0]).toEqual([
      'Outstanding',
      'Overdue fine',
      true,
    ]);
  });
});

describe('edge-sip2', () => {
  const body = {
    notifyPatron: true,
    servicePointId: 'c4c90014-c8c9-4ade-8f24-b5e313319f4b',
    userName: 'sip2',
    paymentMethod: 'Credit Card',
  };

  it('pays one fee with the amount as typed, or all with a bulk', async () => {
    const { find, post } = await folioClient(charges(['f1', '1.24'], ['f2', '1.00']));
    const query = `userId=="${userId}" and status.name=="Open"`;
    const { accounts } = (await find('accounts', query, '&limit=1000')).json;
    expect(
      accounts.every(
        ({ id, feeFineId }: Record<string, string>) => uuid.test(`${id}`) && uuid.test(`${feeFineId}`),
      ),
    ).toBe(true);
    const types = accounts.map(({ feeFineId }: { feeFineId: string }) => feeFineId).join(' or ');
    expect((await find('feefines', `id==(${types})`)).json.totalRecords).toBe(1);
    const [one, two] = accounts;
    const single = await post(`accounts/${one.id}/pay`, { ...body, amount: '1.24' });
    expect(single.json.feefineactions).toMatchObject([{ accountId: one.id, balance: 0, amountAction: 1.24 }]);
    const bulk = await post('accounts-bulk/pay', { ...body, amount: '1', accountIds: [two.id] });
    expect(bulk.json.feefineactions).toMatchObject([{ accountId: two.id, balance: 0 }]);
  });

  it('compares amounts in two digits and sends 125 for 124: refused, nothing is recorded', async () => {
    const { ids, post, account } = await folioClient(charges(['f1', '124.00']));
    const refused = await post('accounts-bulk/pay', { ...body, amount: '125', accountIds: await ids() });
    expect([refused.status, refused.json.errorMessage]).toEqual([
      422,
      'Requested amount exceeds remaining amount',
    ]);
    expect((await account()).payments).toEqual([]);
  });
});

describe('fsip2', () => {
  const body = {
    notifyPatron: false,
    servicePointId: 'c4c90014-c8c9-4ade-8f24-b5e313319f4b',
    userName: 'fsip2',
    paymentMethod: 'Cash',
  };

  it('leaves out suspended fees, asks for open ones in lower case, and gets 10 without a limit', async () => {
    const fees = Array.from({ length: 12 }, (_, n) => [`f${n}`, '1.00'] as const);
    const { find } = await folioClient([
      ...charges(...fees),
      { type: 'DisputeFee', id: 'd', feeId: 'f0', at },
    ]);
    const query = `userId=="${userId}" and status.name=="Open" and paymentStatus.name<>"Suspended claim returned"`;
    const { json } = await find('accounts', query);
    expect([json.accounts.length, json.totalRecords]).toEqual([10, 11]);
    expect(
      (await find('accounts', `id=="${json.accounts[0].id}" AND status.name=="open"`)).json.totalRecords,
    ).toBe(1);
  });

  it('pays what floats make of an amount, in full and once (property)', async () => {
    const cents = fc.integer({ min: 1, max: 99_999 });
    await fc.assert(
      fc.asyncProperty(fc.array(cents, { minLength: 1, maxLength: 6 }), async (amounts) => {
        const fees = amounts.map((minor, n) => [`f${n}`, (minor / 100).toFixed(2)] as const);
        const { ids, post, account } = await folioClient(charges(...fees));
        const float = amounts.reduce((sum, minor) => sum + minor / 100, 0);
        const sent = { ...body, amount: float.toFixed(2), accountIds: await ids() };
        expect((await post('accounts-bulk/pay', sent)).status).toBe(201);
        expect(balancesInMinorUnits(await account()).payable).toBe(0);
        expect((await post('accounts-bulk/pay', sent)).json.errorMessage).toBe('Fee/fine is already closed');
      }),
      tried(100),
    );
  });

  it('sent numbers before: the same', async () => {
    const { ids, post } = await folioClient(charges(['f1', '0.30']));
    const paid = await post(`accounts/${(await ids())[0]}/pay`, { ...body, amount: 0.1 + 0.2 });
    expect([paid.status, paid.json.amount]).toEqual([201, '0.30']);
  });
});

describe('mylibrary', () => {
  const body = {
    paymentMethod: 'Credit card',
    userName: 'libsys_admin',
    // The patron, in every payment.
    transactionInfo: userId,
    servicePointId: 'c4c90014-c8c9-4ade-8f24-b5e313319f4b',
    notifyPatron: true,
  };

  it('pays all fees that are open at the callback: one more fee, and no fee is closed', async () => {
    const { ids, post, store, account } = await folioClient(charges(['f1', '1.00'], ['f2', '2.00']));
    await execute(store, policy, { institution: 'NORTH', patronId: userId }, charges(['f3', '1.00']));
    const paid = await post('accounts-bulk/pay', { ...body, amount: '3.00', accountIds: await ids() });
    expect(paid.status).toBe(201);
    // Oldest first here, so that the fees that the patron saw are closed; FOLIO leaves all open.
    expect((await account()).fees.map((fee) => fee.paid)).toEqual([100, 200, 0]);
    const again = await post('accounts-bulk/pay', { ...body, amount: '3.00', accountIds: await ids() });
    expect(again.status).toBe(422);
  });
});

describe('the bursar export', () => {
  it('reads what remains of all patrons and transfers it, once', async () => {
    const { find, post } = await folioClient(charges(['f1', '900.00']));
    const { accounts } = (await find('accounts', 'remaining > 0.0', '&limit=10000')).json;
    const [{ id }] = (await find('transfers', 'cql.allRecords=1')).json.transfers;
    expect(uuid.test(id)).toBe(true);
    const accountIds = accounts.map((one: { id: string }) => one.id);
    const body = {
      amount: '900.0',
      accountIds,
      servicePointId: 's',
      paymentMethod: 'Bursar',
      userName: 'System',
      notifyPatron: false,
    };
    expect((await post('accounts-bulk/transfer', body)).status).toBe(201);
    expect((await post('accounts-bulk/transfer', body)).status).toBe(422);
    const query = `(accountId==("${accountIds[0]}") and typeAction==("Refunded partially" or "Refunded fully"))`;
    expect((await find('feefineactions', query, '&limit=10000')).json.totalRecords).toBe(0);
  });
});
