import { describe, expect, it } from 'vitest';
import { execute, memoryEventStore } from '../../../src/history/index.js';
import { executeTill, officeEvents } from '../../../src/office/index.js';
import { mergeAccounts } from '../../../src/patron/index.js';
import { at, charges, kohaClient, policy } from './kohaClient.js';
import { isAccount, isError, isLine } from './kohaSchemas.js';

const twoFees = charges(['f1', '10.00'], ['f2', '2.55']);

describe('GET account', () => {
  it('has what is owed as exact numbers, with lines in the shape of Koha', async () => {
    const { get } = await kohaClient(charges(['f1', '0.29'], ['f2', '2.55'], ['f3', '0.10'], ['f4', '0.20']));
    const { status, json } = await get();
    expect([status, isAccount(json)]).toEqual([200, true]);
    expect([json.balance, json.outstanding_debits.total]).toEqual([3.14, 3.14]);
    expect(json.outstanding_debits.lines[0]).toMatchObject({
      amount: 0.29,
      amount_outstanding: 0.29,
      date: '2026-03-02',
      debit_type: 'OVERDUEFINE',
      debit_type_code: 'OVERDUEFINE',
      description: 'Overdue fine',
      library_id: 'CPL',
      patron_id: 51,
      item_id: null,
    });
  });

  it('has Koha names of types, days of a time zone, and items only if they can be fetched', async () => {
    const late = { ...twoFees[0], at: '2026-03-02T23:30:00Z', item: { id: '7', title: 'Momo' } } as never;
    const options = { debitTypes: { OVERDUEFINE: 'OVERDUE' }, timeZone: 'Europe/Helsinki' };
    const { get } = await kohaClient([late], { ...options, item: () => ({ item_id: 7, biblio_id: 3 }) });
    const [line] = (await get()).json.outstanding_debits.lines;
    expect(line).toMatchObject({
      debit_type: 'OVERDUE',
      date: '2026-03-03',
      item_id: 7,
      description: 'Momo',
    });
    expect((await get('items/7')).json).toEqual({ item_id: 7, biblio_id: 3 });
  });

  it('leaves out disputed fees, which nobody can pay', async () => {
    const { get } = await kohaClient([...twoFees, { type: 'DisputeFee', id: 'd', feeId: 'f1', at }]);
    expect((await get()).json.outstanding_debits.total).toBe(2.55);
    const { json, headers } = await get('patrons/51/account/debits');
    expect([json[0].status, json[0].amount_outstanding, headers.get('x-total-count')]).toEqual([
      'DISPUTED',
      10,
      '2',
    ]);
  });

  it('is about all merged accounts of a patron', async () => {
    const client = await kohaClient(twoFees);
    const old = { institution: 'NORTH', patronId: 'p0' };
    await execute(client.store, policy, old, charges(['f1', '4.00']));
    await mergeAccounts(client.store, policy, { from: old, into: client.stream, id: 'm', at });
    const { json } = await client.get();
    expect(json.balance).toBe(16.55);
    const numbers = await client.numbers();
    expect(new Set(numbers).size).toBe(3);
    const paid = await client.credit({
      amount: 16.55,
      account_lines_ids: numbers,
      note: 'Online transaction X',
    });
    expect(paid.status).toBe(201);
    expect(
      (await client.credit({ amount: 16.55, account_lines_ids: numbers, note: 'Online transaction X' }))
        .status,
    ).toBe(201);
    expect((await client.get()).json).toMatchObject({ balance: 0, outstanding_credits: { lines: [] } });
  });
});

describe('POST debits', () => {
  it('charges a fee', async () => {
    const { debit, account } = await kohaClient([]);
    const what = { type: 'LOCKERKEY', description: 'Key', internal_note: 'staff' };
    const body = { amount: '8.50', library_id: 'MPL', ...what };
    const { status, json } = await debit(body);
    expect([status, isLine(json)]).toEqual([201, true]);
    expect(json).toMatchObject({ amount: 8.5, description: 'Key', type: 'LOCKERKEY', library_id: 'MPL' });
    expect((await account()).fees[0]?.transactions[0]).toMatchObject({ comment: 'Key', staffNote: 'staff' });
  });

  it.each([
    ['no type', { amount: 1, library_id: 'MPL' }],
    ['a field that Koha does not know', { amount: 1, type: 'LOCKERKEY', library_id: 'MPL', note: 'x' }],
    ['an unknown type', { amount: 1, type: 'MANUAL', library_id: 'MPL' }],
    ['no amount', { type: 'LOCKERKEY', library_id: 'MPL' }],
    ['no library', { amount: 1, type: 'LOCKERKEY' }],
    ['a library that may not own fees', { amount: 1, type: 'LOCKERKEY', library_id: 'XPL' }],
  ])('refuses %s', async (_name, body) => {
    const { debit, account } = await kohaClient([], { libraries: ['MPL'] });
    const { status, json } = await debit(body);
    expect([status, isError(json)]).toEqual([400, true]);
    expect((await account()).eventCount).toBe(0);
  });
});

describe('lists', () => {
  it('have pages', async () => {
    const { get } = await kohaClient(
      charges(...Array.from({ length: 25 }, (_, n) => [`f${n}`, '1.00'] as const)),
    );
    const sizeOf = async (query: string) => (await get(`patrons/51/account/debits${query}`)).json.length;
    expect(await Promise.all(['', '?_page=2', '?_per_page=-1', '?_page=3&_per_page=10'].map(sizeOf))).toEqual(
      [20, 5, 25, 5],
    );
    for (const query of ['?_page=0', '?_per_page=x', '?_per_page=0', '?q={', '?_order_by=x'])
      expect((await get(`patrons/51/account/debits${query}`)).status).toBe(400);
  });

  it('have payments, waivers and credits as lines, with undone ones as VOID', async () => {
    const { get } = await kohaClient([
      ...twoFees,
      { type: 'ReceivePayment', id: 'p', amount: '1.00', method: 'CASH', at },
      { type: 'ReversePayment', id: 'r', paymentId: 'p', at },
      { type: 'WaiveFees', id: 'w', fees: [{ feeId: 'f1', amount: '1.00' }], reason: 'OTHER', at },
      { type: 'IssueCredit', id: 'c', amount: '1.00', cause: 'manual', reason: 'API', at },
    ]);
    const { json } = await get('patrons/51/account/credits');
    expect(json.every(isLine)).toBe(true);
    expect(json.map(({ type, status }: { type: string; status: string }) => [type, status])).toEqual([
      ['PAYMENT', 'VOID'],
      ['FORGIVEN', null],
      ['CREDIT', null],
    ]);
  });
});

describe('who asks', () => {
  const form = (body: string, headers: Record<string, string> = {}) => ({ method: 'POST', body, headers });

  it('gives a client a token for its secret, and knows the client by the token', async () => {
    const { send } = await kohaClient(twoFees, {
      token: ({ clientId, clientSecret }) =>
        clientId === 'vufind' && clientSecret === 's' ? { accessToken: 'T', expiresIn: 3600 } : undefined,
      authorize: ({ credentials }) =>
        credentials !== undefined && 'token' in credentials && credentials.token === 'T',
    });
    const grant = 'grant_type=client_credentials';
    const given = await send('oauth/token', form(`${grant}&client_id=vufind&client_secret=s`));
    expect(given.json).toEqual({ access_token: 'T', token_type: 'Bearer', expires_in: 3600 });
    const basic = { authorization: `Basic ${btoa('vufind:s')}` };
    expect((await send('oauth/token', form(grant, basic))).status).toBe(200);
    expect((await send('oauth/token', form(grant))).status).toBe(403);
    expect((await send('oauth/token', form('grant_type=password'))).status).toBe(400);
    const statusWith = async (authorization: string) =>
      (await send('patrons/51/account', { headers: { authorization } })).status;
    expect(await statusWith('Bearer T')).toBe(200);
    for (const wrong of ['Bearer U', 'Basic !', 'Basic', `Basic ${btoa('no colon')}`, 'Digest x'])
      expect(await statusWith(wrong)).toBe(401);
  });

  it('reads patrons and records from hooks', async () => {
    const { get } = await kohaClient(twoFees, {
      patron: ({ patronId }) =>
        patronId === '51' ? { patronId: 'p1', details: { surname: 'Verma' } } : undefined,
      patrons: ({ cardnumber }) => (cardnumber === '4711' ? [{ patron_id: 51 }] : []),
      biblio: (id) => (id === '3' ? { biblio_id: 3, title: 'Momo' } : undefined),
    });
    expect((await get('patrons/51')).json).toEqual({ patron_id: 51, surname: 'Verma' });
    expect((await get('patrons?cardnumber=4711&_match=exact')).json).toEqual([{ patron_id: 51 }]);
    expect((await get('biblios/3')).json.title).toBe('Momo');
    expect((await get('biblios/4')).status).toBe(404);
    expect((await get('items/4')).status).toBe(404);
  });
});

describe('hostile requests', () => {
  const megabyte = 'x'.repeat(1_000_000);
  it.each([
    ['an unknown patron', 'patrons/52/account', undefined, 404],
    ['an id that names nobody', `patrons/${'1'.repeat(300)}/account`, undefined, 404],
    ['another resource', 'checkouts', undefined, 404],
    ['patrons without a hook', 'patrons', undefined, 404],
    ['a deeper path', 'patrons/51/account/debits/7', undefined, 404],
    ['another account', 'patrons/51/checkouts', undefined, 404],
    ['a post to the account', 'patrons/51/account', { method: 'POST', body: '{}' }, 404],
    ['a post to no hook for tokens', 'oauth/token', { method: 'POST', body: '' }, 404],
    ['an address that is no UTF-8', 'patrons/%ff/account', undefined, 404],
    ['a long address', `patrons/51/account?a=${'x'.repeat(9_000)}`, undefined, 414],
    ['a parameter that comes twice', 'patrons/51/account/debits?_page=1&_page=2', undefined, 400],
    ['another method', 'patrons/51/account', { method: 'DELETE' }, 405],
    ['a body of a megabyte', 'patrons/51/account/credits', { method: 'POST', body: megabyte }, 413],
    ['no body', 'patrons/51/account/credits', { method: 'POST' }, 400],
    ['no JSON', 'patrons/51/account/credits', { method: 'POST', body: 'amount=1' }, 400],
    ['a list', 'patrons/51/account/credits', { method: 'POST', body: '[{"amount":1}]' }, 400],
    [
      'a field that comes twice',
      'patrons/51/account/credits',
      { method: 'POST', body: '{"amount":1,"amount":2}' },
      400,
    ],
    ['deep JSON', 'patrons/51/account/credits', { method: 'POST', body: `${'['.repeat(30_000)}` }, 400],
    [
      'a prototype',
      'patrons/51/account/credits',
      { method: 'POST', body: '{"__proto__":{"amount":1}}' },
      400,
    ],
    [
      'a type of the prototype',
      'patrons/51/account/credits',
      { method: 'POST', body: '{"amount":1,"credit_type":"constructor"}' },
      400,
    ],
    ['an endless number', 'patrons/51/account/credits', { method: 'POST', body: '{"amount":1e400}' }, 400],
    [
      'an amount of objects',
      'patrons/51/account/debits',
      { method: 'POST', body: '{"amount":{},"type":"OTHER"}' },
      400,
    ],
  ])('answers %s', async (_name, path, init, status) => {
    const { send, account, errors } = await kohaClient(twoFees);
    const answer = await send(path, init);
    expect([answer.status, isError(answer.json), errors]).toEqual([status, true, []]);
    expect((await account()).eventCount).toBe(2);
  });

  it('tells nobody what failed inside', async () => {
    const { get, errors } = await kohaClient(twoFees, { patron: () => Promise.reject(new Error('secret')) });
    const { status, json } = await get();
    expect([status, JSON.stringify(json).includes('secret'), errors.length]).toEqual([500, false, 1]);
  });
});

describe('kohaRegisters', () => {
  const at = '2026-03-02T09:00:00Z';
  const by = { channel: 'desk', userId: 'ana', desk: 'CIRC' } as const;

  /** A client of a Koha with two tills, one of which was closed once and is open again. */
  async function withTills() {
    const office = memoryEventStore({ now: () => at, codec: officeEvents });
    const id = { institution: 'NORTH', till: 'CIRC' };
    const close = {
      type: 'CloseTill',
      id: 'c1',
      sessionId: 's1',
      takings: [
        { method: 'CASH', amount: '12.29' },
        { method: 'CREDIT_CARD', amount: '0.10' },
      ],
      counts: [
        { method: 'CASH', amount: '62.29' },
        { method: 'CREDIT_CARD', amount: '0.10' },
      ],
      at: '2026-03-02T18:00:00Z',
      by,
    } as const;
    const open = { type: 'OpenTill', float: '50.00', at, by } as const;
    for (const command of [{ ...open, id: 's1' }, close, { ...open, id: 's2', at: '2026-03-03T09:00:00Z' }])
      await executeTill(office, policy, id, command);
    const tills = [
      { till: 'CIRC', library: 'CPL', name: 'Front desk' },
      { till: 'KIDS', library: 'MPL' },
    ];
    return kohaClient([], { cashRegisters: { office, tills } });
  }

  it('tills are the cash registers of a library, closed sessions their cash-ups', async () => {
    const { get } = await withTills();
    const { json: registers } = await get('libraries/CPL/cash_registers');
    expect(registers).toMatchObject([{ name: 'Front desk', library_id: 'CPL' }]);
    const { json: rows } = await get(`cash_registers/${registers[0].cash_register_id}/cashups`);
    expect(rows).toMatchObject([
      {
        amount: 12.39,
        timestamp: '2026-03-02T18:00:00Z',
        summary: {
          from_date: at,
          total: 12.39,
          total_grouped: [
            { payment_type: 'CASH', total: 12.29 },
            { payment_type: 'CREDIT_CARD', total: 0.1 },
          ],
        },
      },
    ]);
    expect((await get(`cashups/${rows[0].cashup_id}`)).json).toEqual(rows[0]);
  });

  it('a till without sessions has no cash-ups, and a library without tills no registers', async () => {
    const { get } = await withTills();
    const [{ cash_register_id: kids }] = (await get('libraries/MPL/cash_registers')).json;
    expect((await get(`cash_registers/${kids}/cashups`)).json).toEqual([]);
    expect((await get('libraries/FPL/cash_registers')).json).toEqual([]);
  });

  it('answers 404 for unknown registers, and only reads', async () => {
    const { get, send } = await withTills();
    for (const path of [
      'cash_registers/7/cashups',
      'cashups/7',
      'cash_registers/7',
      'cashups/7/8',
      'libraries/CPL',
    ])
      expect((await get(path)).status).toBe(404);
    for (const path of ['cashups/7', 'libraries/CPL/cash_registers'])
      expect((await send(path, { method: 'POST', body: '{}' })).status).toBe(404);
    const { get: without } = await kohaClient([]);
    expect((await without('libraries/CPL/cash_registers')).status).toBe(404);
  });

  it('refuses a store of accounts', async () => {
    const store = memoryEventStore({ now: () => at });
    await expect(kohaClient([], { cashRegisters: { office: store as never, tills: [] } })).rejects.toThrow(
      'options.cashRegisters.office',
    );
  });
});
