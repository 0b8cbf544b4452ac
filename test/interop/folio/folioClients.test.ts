import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { execute } from '../../../src/history/index.js';
import { balancesInMinorUnits } from '../../../src/index.js';
import { tried } from '../../support/seeded.js';
import { at, charges, folioClient, policy, userId } from './folioClient.js';

// What clients of FOLIO send, and read of the answers.

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

describe('VuFind', () => {
  it('reads all open fees in pages of 1000, and converts amounts to cents', async () => {
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

  it('pays one fee with the typed amount, or all fees with a bulk payment', async () => {
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

  it('compares amounts as text of two digits and sends 125 for 124: refused, nothing is recorded', async () => {
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

  it('leaves out suspended fees, asks for open fees in lower case, and gets 10 fees without a limit', async () => {
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

  it('pays amounts with float errors in full and once (property)', async () => {
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

  it('reduces an amount to what is owed and shows success: the excess is not recorded anywhere', async () => {
    const { ids, post, account } = await folioClient(charges(['f1', '3.00'], ['f2', '2.00']));
    const all = await ids();
    const taken = 7;
    const whole = await post('accounts-bulk/pay', { ...body, amount: taken.toFixed(2), accountIds: all });
    expect([whole.status, whole.json.errorMessage]).toEqual([
      422,
      'Requested amount exceeds remaining amount',
    ]);
    const cut = Math.min(taken, 5).toFixed(2);
    const paid = await post('accounts-bulk/pay', { ...body, amount: cut, accountIds: all });
    expect([paid.status, (await account()).payments.map(({ amount }) => amount)]).toEqual([201, [500]]);
  });

  it('computes the rest of each fee as a share of the sum, although the answer has it', async () => {
    const { ids, post } = await folioClient(charges(['f1', '0.50'], ['f2', '2.00']));
    const all = await ids();
    const { json } = await post('accounts-bulk/pay', { ...body, amount: '1.50', accountIds: all });
    const said = json.feefineactions.map(({ accountId, balance }: Record<string, unknown>) => [
      accountId,
      balance,
    ]);
    // 0.50 for both, by the share.
    expect(said).toEqual([
      [all[0], 0],
      [all[1], 1],
    ]);
  });

  it('sent one equal payment for each fee in earlier versions: 1.00 of 3.00 is recorded', async () => {
    const { ids, post, account } = await folioClient(charges(['f1', '0.50'], ['f2', '0.50'], ['f3', '2.00']));
    const statuses: number[] = [];
    for (const id of await ids())
      statuses.push((await post(`accounts/${id}/pay`, { ...body, amount: '1.00' })).status);
    expect([statuses, balancesInMinorUnits(await account()).payable]).toEqual([[422, 422, 201], 200]);
  });

  it('sent numbers in earlier versions, with the same result', async () => {
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

  it('pays all fees that are open at the callback: with one more fee, no fee is closed', async () => {
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

describe('ui-users', () => {
  const charging = { amount: 8.5, remaining: 8.5, status: { name: 'Open' } };

  it('charges with two requests, but the fee has its history even without the second one', async () => {
    const { post, find, send } = await folioClient([]);
    const [{ id: feeFineId }] = (await send('feefines?query=feeFineType=="Locker key"')).json.feefines;
    const [{ id: ownerId }] = (await send('owners?limit=1000')).json.owners;
    const id = '0e1a1a3f-5f6c-4b52-9c63-3a3ad2d9a001';
    const paymentStatus = { name: 'Outstanding' };
    const sent = { ...charging, id, userId, feeFineId, ownerId, paymentStatus, feeFineType: 'Locker key' };
    expect((await post('accounts', sent)).status).toBe(201);
    const history = async () =>
      (await find('feefineactions', `(userId==${userId})`, '&limit=10000')).json.feefineactions;
    const [charge, ...more] = await history();
    expect(more).toEqual([]);
    expect(charge).toMatchObject({
      accountId: id,
      typeAction: 'Locker key',
      amountAction: 8.5,
      balance: 8.5,
    });
    // The second one comes later, or twice.
    for (let n = 0; n < 2; n++) expect((await post('feefineactions', charge)).status).toBe(201);
    expect(await history()).toEqual([charge]);
  });

  it('checks whether an action is allowed, then does it, with the number of a cheque', async () => {
    const { find, post } = await folioClient(charges(['f1', '10.00']));
    const [{ id }] = (await find('accounts', `(userId==${userId})`, '&limit=10000')).json.accounts;
    const check = await post(`accounts/${id}/check-pay`, { amount: '4.00' });
    expect([check.json.allowed, check.json.remainingAmount]).toEqual([true, '6.00']);
    const usual = { notifyPatron: true, servicePointId: 'CIRC', userName: 'Verma, Dev' };
    const comments = 'STAFF : by post \n PATRON : thanks';
    const paid = await post(`accounts/${id}/pay`, {
      ...usual,
      amount: '4.00',
      paymentMethod: 'Check',
      transactionInfo: '4711',
      comments,
    });
    expect([paid.status, paid.json.feefineactions[0].transactionInformation]).toEqual([201, '4711']);
    for (const waived of [
      await post(`accounts/${id}/waive`, { ...usual, amount: '1.00', paymentMethod: 'Other' }),
      await post(`accounts/${id}/cancel`, { ...usual, comments }),
    ])
      expect(waived.status).toBe(201);
  });
});

describe('clients that only read', () => {
  it.each([
    ['Aspen', 'accounts', `userId==${userId} and status.name==Open`, '&offset=0&limit=1000', 2],
    ['mod-patron', 'accounts', `(userId==${userId} and status.name==Open)`, '&limit=2147483647&offset=0', 2],
    ['mod-patron-blocks', 'accounts', `userId=${userId} and status.name=Open`, '', 2],
    ['mod-patron-blocks, of all', 'accounts', 'status.name=open', '', 2],
    ['mod-ncip', 'accounts', `(userId==${userId})`, '', 3],
    ['edge-sip2', 'manualblocks', `userId=="${userId}"`, '', 0],
  ])('%s: %s?query=%s%s', async (_client, resource, query, more, count) => {
    const commands = charges(['f1', '1.00'], ['f2', '2.00'], ['f3', '3.00']);
    const paid = {
      type: 'ReceivePayment',
      id: 'p',
      amount: '1.00',
      method: 'CASH',
      feeIds: ['f1'],
      at,
    } as const;
    const { find } = await folioClient([...commands, paid]);
    expect((await find(resource, query, more)).json.totalRecords).toBe(count);
  });

  it('TAMU and Cornell read sums and charges of edge-patron', async () => {
    const { send } = await folioClient(charges(['f1', '0.10'], ['f2', '0.20']), {
      authorize: ({ apiKey }) => apiKey === 'K',
    });
    const asked = 'includeLoans=false&includeCharges=true&includeHolds=false';
    const { json } = await send(`patron/account/${userId}?apikey=K&${asked}`);
    expect([json.totalCharges.amount, json.charges.length]).toEqual([0.3, 2]);
    expect((await send(`patron/account/${userId}?${asked}`)).status).toBe(401);
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
