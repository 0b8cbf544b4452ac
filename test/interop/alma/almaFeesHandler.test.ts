import fc from 'fast-check';
import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { execute } from '../../../src/history/index.js';
import { balancesInMinorUnits, type Command, definePolicy, type PatronAccount } from '../../../src/index.js';
import { almaRows, readFeeBody } from '../../../src/interop/alma/almaFeesHandler.js';
import {
  type AlmaAccess,
  type AlmaFeesHandlerOptions,
  almaFeesHandler,
} from '../../../src/interop/alma/index.js';
import { accountAfter, assess } from '../../support/account.js';
import { tried } from '../../support/seeded.js';
import { almaClient, at, charges, codesOf, policy } from './almaClient.js';

const FEE = { type: { value: 'LOCKERKEY' }, original_amount: 8.5, owner: { value: 'MAIN' } };

/** An active fee, a disputed one, a closed one, a transferred one, and a credit. */
const ofEveryStatus: Command[] = [
  ...charges(['f1', '5.00'], ['f2', '4.00'], ['f3', '3.00'], ['f4', '2.00']),
  { type: 'DisputeFee', id: 'd1', feeId: 'f2', at },
  { type: 'WaiveFees', id: 'w1', fees: [{ feeId: 'f3' }], reason: 'OTHER', at },
  { type: 'IssueCredit', id: 'c1', amount: '1.00', cause: 'manual', reason: 'API', at },
];

describe('GET fees', () => {
  it('lists active fees and credits with their sum, or those of another status', async () => {
    const { get } = await almaClient(ofEveryStatus);
    const idsWith = async (query: string) => {
      const { status, json } = await get(`dverma/fees${query}`);
      const ids = (json.fee ?? []).map(({ id }: { id: string }) => id);
      return [status, ids, json.total_record_count, json.total_sum, json.currency];
    };
    expect(await idsWith('')).toEqual([200, ['f1', 'f4', 'c1'], 3, 6, 'USD']);
    expect(await idsWith('?status=ACTIVE')).toEqual([200, ['f1', 'f4', 'c1'], 3, 6, 'USD']);
    expect(await idsWith('?status=INDISPUTE')).toEqual([200, ['f2'], 1, 4, 'USD']);
    expect(await idsWith('?status=CLOSED')).toEqual([200, ['f3'], 1, 0, 'USD']);
    expect(await idsWith('?status=EXPORTED')).toEqual([200, [], 0, 0, 'USD']);
  });

  it('adds up in cents', async () => {
    const { get } = await almaClient(charges(['a', '0.10'], ['b', '0.20'], ['c', '22.23']));
    expect((await get('dverma/fees')).json.total_sum).toBe(22.53);
  });

  it('returns one fee of any status, and a credit', async () => {
    const { get } = await almaClient(ofEveryStatus);
    expect((await get('dverma/fees/f3')).json).toMatchObject({
      id: 'f3',
      status: { value: 'CLOSED', desc: 'Closed' },
      user_primary_id: { value: 'dverma' },
      balance: 0,
      original_amount: 3,
      transaction: [{ type: { value: 'WAIVE' }, amount: 3, reason: { value: 'OTHER', desc: 'Other' } }],
    });
    expect((await get('dverma/fees/c1')).json).toMatchObject({ type: { value: 'CREDIT' }, balance: -1 });
  });

  it('is XML if the client does not ask for JSON, with a child for each fee', async () => {
    const { handler } = await almaClient(ofEveryStatus);
    const response = await handler(new Request('https://alma.example/almaws/v1/users/dverma/fees'));
    expect(response.headers.get('content-type')).toBe('application/xml;charset=UTF-8');
    const text = await response.text();
    expect(text).toMatch(
      /^<\?xml .*\?><fees total_record_count="3" total_sum="6" currency="USD" link="[^"]+"><fee link="[^"]+"><id>f1</,
    );
    expect(text.match(/<fee /g)).toHaveLength(3);
  });

  it.each([
    ['nobody/fees', '401861'],
    ['nobody/fees/f1', '401651'],
    [`${'x'.repeat(300)}/fees`, '401861'],
    ['dverma/fees/f9', '401665'],
    ['dverma/fees?status=OPEN', '401666'],
    ['dverma/fees?status=__proto__', '401666'],
    ['dverma/loans', 'INVALID_REQUEST'],
  ])('of %.30s is the error %s', async (path, code) => {
    const { get } = await almaClient(ofEveryStatus);
    expect(codesOf(await get(path))).toEqual([code]);
  });

  it('has no fees for a user without an account', async () => {
    const { get } = await almaClient([], { patron: () => ({ patronId: 'new' }) });
    expect((await get('new/fees')).json).toEqual({
      total_record_count: 0,
      total_sum: 0,
      currency: 'USD',
      link: 'https://alma.example/almaws/v1/users/new/fees',
    });
  });
});

describe('POST fees', () => {
  it('creates a fee, and returns it', async () => {
    const { create, account } = await almaClient([]);
    const comment = 'The key was lost';
    const { status, json } = await create({
      ...FEE,
      comment,
      barcode: { value: '30447' },
      title: 'Locker 14',
    });
    expect([status, json]).toMatchObject([
      200,
      {
        id: 'id-1',
        type: { value: 'LOCKERKEY', desc: 'Locker key' },
        status: { value: 'ACTIVE' },
        balance: 8.5,
        original_amount: 8.5,
        owner: { value: 'MAIN' },
        comment,
        title: 'Locker 14',
        barcode: { value: '30447' },
      },
    ]);
    expect((await account()).fees[0]?.transactions[0]).toMatchObject({
      by: { channel: 'online', institution: 'NORTH' },
      at,
    });
  });

  it('reads and writes XML', async () => {
    const { handler } = await almaClient([]);
    const body = '<fee><type>OTHER</type><original_amount>20.00</original_amount><owner>MAIN</owner></fee>';
    const response = await handler(
      new Request('https://alma.example/almaws/v1/users/dverma/fees', {
        method: 'POST',
        headers: { 'content-type': 'application/xml' },
        body,
      }),
    );
    expect(await response.text()).toContain('/id-1"><id>id-1</id><type desc="Other">OTHER</type>');
  });

  it.each([
    [{ type: undefined }, '4019991'],
    [{ type: { value: '' } }, '4019991'],
    [{ type: { value: 'BEARD' } }, '4019992'],
    [{ type: { value: 'CREDIT' } }, '4019992'],
    [{ original_amount: undefined }, '4019994'],
    [{ original_amount: 0 }, '401666'],
    [{ original_amount: -5 }, '401666'],
    [{ original_amount: 1.005 }, '401666'],
    [{ owner: undefined }, '4019996'],
    [{ owner: { value: 'NORTH' } }, '4019997'],
    [{ owner: { value: 'SHED' } }, '4019997'],
    [{ barcode: { value: '0' } }, '4019993'],
    [{ owner: { value: 'x'.repeat(201) } }, '4019997'],
  ])('refuses %o with the code %s', async (changes, code) => {
    const { create, account } = await almaClient([], {
      libraries: ['MAIN'],
      item: (barcode) => (barcode === '30447' ? { title: 'Birds' } : undefined),
    });
    const answer = await create({ ...FEE, ...changes });
    expect([answer.status, codesOf(answer)]).toEqual([400, [code]]);
    expect((await account()).fees).toEqual([]);
  });

  it('takes the item of a barcode from the hook', async () => {
    const { create } = await almaClient([], { item: () => ({ title: 'Birds' }) });
    const { json } = await create({ ...FEE, barcode: '30447', title: 'something else' });
    expect([json.title, json.barcode]).toEqual(['Birds', { value: '30447' }]);
  });

  it('creates credits if the options give the reason', async () => {
    const { create, account } = await almaClient([], { creditReason: 'API' });
    const { json } = await create({ ...FEE, type: { value: 'CREDIT' }, original_amount: 5 });
    expect(json).toMatchObject({ type: { value: 'CREDIT' }, balance: -5, original_amount: -5 });
    expect((await account()).credits).toMatchObject([{ purpose: 'goodwill', amount: 500 }]);
    const wrong = { creditReason: 'BECAUSE' };
    await expect(almaClient([], wrong)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('refuses a body that is too long', async () => {
    const { create, account } = await almaClient([]);
    expect((await create({ ...FEE, comment: 'x'.repeat(70_000) })).status).toBe(413);
    expect((await account()).fees).toEqual([]);
  });
});

describe('one web payment of Finna, posted fee by fee with one external_transaction_id', () => {
  const fees = charges(['f1', '5.00'], ['f2', '5.00'], ['f3', '2.50']);
  const query = (amount: string) =>
    `op=pay&amount=${amount}&method=ONLINE&comment=Finna%20transaction%207&external_transaction_id=X9`;

  it('is recorded whole', async () => {
    const { post, get, account } = await almaClient(fees);
    for (const [id, amount] of [
      ['f1', '5.00'],
      ['f2', '5.00'],
      ['f3', '2.50'],
    ] as const) {
      const { status, json } = await post(`dverma/fees/${id}?${query(amount)}`);
      expect([status, json.balance, json.status.value]).toEqual([200, 0, 'CLOSED']);
      expect(json.transaction).toMatchObject([
        {
          type: { value: 'PAYMENT' },
          comment: 'Finna transaction 7',
          external_transaction_id: 'X9',
          payment_method: { value: 'ONLINE' },
        },
      ]);
    }
    expect((await get('dverma/fees')).json.total_record_count).toBe(0);
    expect(balancesInMinorUnits(await account()).payable).toBe(0);
  });

  it('is recorded once with retries of any part, in any order, and with the rest paid to all fees', async () => {
    const parts = [`f1?${query('5.00')}`, `f2?${query('5.00')}`, `all?${query('1.25')}`];
    const calls = fc.array(fc.nat(parts.length - 1), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(calls, calls, async (early, late) => {
        const { post, account } = await almaClient(fees);
        // A client posts its parts in order; any part that it has posted, it may post again.
        const posted = parts.flatMap((_, n) => [n, ...early.filter((again) => again <= n)]);
        for (const n of [...posted, ...late]) {
          expect((await post(`dverma/fees/${parts[n]}`)).status).toBe(200);
        }
        const { payments, ...rest } = await account();
        expect(payments.map(({ amount }) => amount)).toEqual([500, 500, 125]);
        expect(balancesInMinorUnits({ payments, ...rest }).payable).toBe(125);
      }),
      tried(60),
    );
  });

  it('is recorded with a rest that equals or exceeds the earlier parts, and only once if it is sent again', async () => {
    for (const amount of ['5.00', '7.50']) {
      const { post, account } = await almaClient(fees);
      for (const call of [`f1?${query('5.00')}`, `all?${query(amount)}`, `all?${query(amount)}`])
        expect((await post(`dverma/fees/${call}`)).status).toBe(200);
      const { payments } = await account();
      expect(payments.map((payment) => [payment.amount, payment.part])).toEqual([
        [500, null],
        [Number(amount) * 100, 'rest'],
      ]);
    }
  });

  it('is recorded once if both calls come at the same time', async () => {
    const { post, account } = await almaClient(fees);
    const calls = Array.from({ length: 6 }, (_, n) => post(`dverma/fees/f${1 + (n % 2)}?${query('5.00')}`));
    for (const { status } of await Promise.all(calls)) expect(status).toBe(200);
    expect((await account()).payments).toHaveLength(2);
  });
});

describe('POST to a fee, or to all', () => {
  it('returns what is still active after a payment of all', async () => {
    const { post } = await almaClient(charges(['f1', '5.00'], ['f2', '2.50']));
    const { json } = await post('dverma/fees/all?op=pay&amount=6&method=CREDIT_CARD');
    expect([json.fee.map(({ id }: { id: string }) => id), json.total_sum]).toEqual([['f2'], 1.5]);
    const rest = await post('dverma/fees/all?op=pay&amount=ALL&method=CREDIT_CARD');
    expect(rest.json).toMatchObject({ total_record_count: 0, total_sum: 0, currency: 'USD' });
  });

  it('disputes and restores', async () => {
    const { post, get } = await almaClient(charges(['f1', '5.00']));
    expect((await post('dverma/fees/f1?op=dispute&comment=no')).json.status.value).toBe('INDISPUTE');
    expect((await get('dverma/fees')).json.total_record_count).toBe(0);
    expect(codesOf(await post('dverma/fees/f1?op=pay&amount=5.00&method=CASH'))).toEqual(['401666']);
    expect((await post('dverma/fees/f1?op=restore')).json.status.value).toBe('ACTIVE');
  });

  it('waives in part and whole', async () => {
    const { post } = await almaClient(charges(['f1', '5.00']));
    expect((await post('dverma/fees/f1?op=waive&amount=2.00&reason=OTHER')).json.balance).toBe(3);
    expect((await post('dverma/fees/f1?op=waive&reason=OTHER')).json.status.value).toBe('CLOSED');
  });

  it('refuses more than is owed, or credits it if so configured', async () => {
    const pay = 'dverma/fees/f1?op=pay&amount=7.00&method=ONLINE&external_transaction_id=X1';
    const strict = await almaClient(charges(['f1', '5.00']));
    const answer = await strict.post(pay);
    expect(codesOf(answer)).toEqual(['401666']);
    expect(answer.json.errorList.error[0].errorMessage).toContain('7.00 is more than the 5.00 that is owed.');
    expect(balancesInMinorUnits(await strict.account()).payable).toBe(500);
    const kind = await almaClient(charges(['f1', '5.00']), { overpayment: 'credit' });
    expect((await kind.post(pay)).json.balance).toBe(0);
    expect((await kind.get('dverma/fees')).json.total_sum).toBe(-2);
  });

  it('pays imported fees, whose ids have slashes, for clients that encode the slashes or not', async () => {
    const { get, post } = await almaClient(charges(['koha/70', '5.00'], ['evergreen/7/overdue', '2.50']));
    const { json } = await get('dverma/fees');
    const [first, second] = json.fee.map(({ id }: { id: string }) => id);
    const pay = 'op=pay&method=ONLINE&external_transaction_id=X9&amount=';
    expect((await post(`dverma/fees/${first}?${pay}5.00`)).json).toMatchObject({ id: 'koha/70', balance: 0 });
    expect((await post(`dverma/fees/${encodeURIComponent(second)}?${pay}2.50`)).json.balance).toBe(0);
    expect((await get('dverma/fees')).json.total_record_count).toBe(0);
  });

  it('does not find a credit as a fee', async () => {
    const { post } = await almaClient(ofEveryStatus);
    expect(codesOf(await post('dverma/fees/c1?op=pay&amount=1&method=CASH'))).toEqual(['401665']);
  });
});

describe('the hooks', () => {
  it('decide which API keys may read and write, before the user is looked up', async () => {
    const asked: string[] = [];
    const client = await almaClient(charges(['f1', '5.00']), {
      authorize: ({ apiKey, isWrite }) => apiKey === 'rw' || (apiKey === 'ro' && !isWrite),
      patron: ({ userId }) => {
        asked.push(userId);
        return { patronId: 'p1' };
      },
    });
    const pay = 'dverma/fees/f1?op=pay&amount=5.00&method=CASH';
    const key = (value: string) => ({ headers: { authorization: `apikey ${value}` } });
    for (const answer of [await client.get('dverma/fees'), await client.post(pay, key('ro'))]) {
      expect([answer.status, codesOf(answer)]).toEqual([400, ['UNAUTHORIZED']]);
    }
    expect(asked).toEqual([]);
    expect((await client.get('dverma/fees', key('ro'))).status).toBe(200);
    expect((await client.post(pay, key('rw'))).status).toBe(200);
    expect((await client.get('dverma/fees?apikey=ro')).status).toBe(200);
  });

  it('allow a request only if they return true', async () => {
    const { get } = await almaClient([], { authorize: () => 'no' as unknown as boolean });
    expect(codesOf(await get('dverma/fees'))).toEqual(['UNAUTHORIZED']);
  });

  it('say who acts', async () => {
    const seen: AlmaAccess[] = [];
    const { post, account } = await almaClient(charges(['f1', '5.00']), {
      actor: (access) => {
        seen.push(access);
        return { channel: 'desk', userId: 'lin', desk: 'CIRC' };
      },
    });
    await post('dverma/fees/f1?op=pay&amount=5.00&method=CASH&user_id_type=BARCODE');
    expect((await account()).payments[0]?.by).toEqual({ channel: 'desk', userId: 'lin', desk: 'CIRC' });
    expect(seen).toEqual([{ apiKey: undefined, isWrite: true, userId: 'dverma', userIdType: 'BARCODE' }]);
  });

  it('may fail, as the store may: the client gets a general error without details, and may try again', async () => {
    const { store, ...client } = await almaClient(charges(['f1', '5.00']));
    await store.close();
    const answer = await client.get('dverma/fees');
    expect([answer.status, answer.json.errorList.error[0]]).toEqual([
      500,
      { errorCode: '402119', errorMessage: 'General error.', trackingId: 'unknown' },
    ]);
    expect(client.errors).toMatchObject([{ code: 'STORE_CLOSED' }]);
  });

  it.each([
    ['institution', { institution: 'SOUTH', patronId: 'p1' }],
    ['patron', { institution: 'NORTH', patronId: 'p2' }],
  ])('cannot reach another %s', async (_name, other) => {
    const { store, get, post } = await almaClient([]);
    await execute(store, policy, other, charges(['f1', '5.00']));
    expect((await get('dverma/fees')).json.total_record_count).toBe(0);
    expect(codesOf(await get('dverma/fees/f1'))).toEqual(['401665']);
    expect(codesOf(await get('p2/fees'))).toEqual(['401861']);
    for (const parameters of ['op=pay&amount=5.00&method=CASH', 'op=waive&reason=OTHER', 'op=dispute']) {
      expect(codesOf(await post(`dverma/fees/f1?${parameters}`))).toEqual(['401665']);
    }
    expect((await store.read(other)).version).toBe(1);
  });
});

describe('almaFeesHandler', () => {
  it('answers any request, pays nothing twice or beyond what is owed, and reveals no other account', async () => {
    const names = ['dverma', 'nobody', 'p2', 'fees', 'f1', 'f2', 'all', '', '%', '%00', '..', 'x'];
    const part = fc.constantFrom(...names);
    const hidden = { ...charges(['f2', '70.77'])[0], item: { title: 'Of another account' } } as Command;
    const others = [
      { institution: 'NORTH', patronId: 'p2' },
      { institution: 'SOUTH', patronId: 'p1' },
    ];
    const parameter = fc.tuple(
      fc.constantFrom(
        'op',
        'amount',
        'method',
        'reason',
        'status',
        'external_transaction_id',
        'format',
        'comment',
      ),
      fc.oneof(
        fc.constantFrom('pay', 'waive', 'ONLINE', 'ALL', '1.00', 'X1', 'json', 'OTHER'),
        fc.string({ unit: 'binary' }),
      ),
    );
    const feeNames = ['f1', 'f2', 'all'];
    const known = fc.constantFrom(...feeNames.map((fee) => ['dverma', 'fees', fee]), ['dverma', 'fees']);
    const request = fc.record({
      path: fc.oneof(known, fc.array(part, { maxLength: 4 })),
      query: fc.array(parameter, { maxLength: 6 }),
      method: fc.constantFrom('GET', 'POST', 'PUT'),
      body: fc.oneof(
        fc.constant(JSON.stringify(FEE)),
        fc.json(),
        fc.string({ unit: 'binary', maxLength: 200 }),
      ),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(request, { maxLength: 6 }), async (requests) => {
        const { handler, store, account, errors } = await almaClient(charges(['f1', '5.00']));
        for (const other of others) await execute(store, policy, other, hidden);
        for (const { path, query, method, body } of requests) {
          const address = new URL(`https://alma.example/almaws/v1/users/${path.join('/')}`);
          for (const [name, value] of query) address.searchParams.append(name, value);
          const response = await handler(
            new Request(address, { method, ...(method === 'GET' ? {} : { body }) }),
          );
          expect([200, 400, 404, 405, 413, 414]).toContain(response.status);
          expect(await response.text()).not.toMatch(/Of another account|70\.77/);
        }
        for (const other of others) expect((await store.read(other)).version).toBe(1);
        const { payments, fees } = await account();
        const charged = fees.reduce((sum, { original }) => sum + original, 0);
        expect(payments.reduce((sum, { amount }) => sum + amount, 0)).toBeLessThanOrEqual(charged);
        const ids = payments.flatMap(({ externalTransactionId, feesNamed, method }) =>
          externalTransactionId === null ? [] : `${method} ${externalTransactionId} ${feesNamed}`,
        );
        expect(new Set(ids).size).toBe(ids.length);
        expect(errors).toEqual([]);
      }),
      tried(200),
    );
  });
});

it('mounts in Hono, beside routes of its own', async () => {
  const { handler, account } = await almaClient(charges(['f1', '5.00']));
  const app = new Hono();
  app.get('/health', (context) => context.text('ok'));
  app.all('/almaws/v1/users/*', (context) => handler(context.req.raw));
  expect(await (await app.request('/health')).text()).toBe('ok');
  const query = 'op=pay&amount=5.00&method=ONLINE&external_transaction_id=X9';
  const paid = await app.request(`/almaws/v1/users/dverma/fees/f1?${query}`, { method: 'POST' });
  expect(paid.status).toBe(200);
  expect((await account()).payments).toHaveLength(1);
});

const json = (value: unknown) => readFeeBody(JSON.stringify(value), 'application/json', 2);

describe('readFeeBody', () => {
  const fee = {
    type: 'OTHER',
    amount: '20.00',
    owner: 'A100',
    comment: undefined,
    barcode: undefined,
    title: undefined,
  };

  it('reads what the wrapper of SLSP posts, and ignores what Alma ignores', async () => {
    const posted = {
      type: { value: 'OTHER' },
      status: { value: 'ACTIVE' },
      balance: 20,
      original_amount: 20,
      owner: { value: 'A100' },
      transaction: [],
    };
    expect(await json(posted)).toEqual(fee);
    expect(
      await json({
        link: '',
        ...posted,
        original_amount: '20',
        comment: ' Old system ',
        barcode: { value: '1' },
      }),
    ).toEqual({
      ...fee,
      comment: 'Old system',
      barcode: '1',
    });
  });

  it('reads codes that are plain text, and XML', async () => {
    expect(
      await json({ type: 'OTHER', original_amount: 20, owner: 'A100', barcode: null, title: '' }),
    ).toEqual(fee);
    const xml =
      '<fee><type>OTHER</type><original_amount>20.0</original_amount><owner>A100</owner><comment/></fee>';
    expect(await readFeeBody(xml, 'application/xml', 2)).toEqual(fee);
    expect(await readFeeBody(xml, '', 2)).toEqual(fee);
    expect(await readFeeBody(' {"type":"OTHER","original_amount":20,"owner":"A100"}', '', 2)).toEqual(fee);
  });

  it('distinguishes a missing amount from an invalid one', async () => {
    for (const original_amount of [undefined, null, '', ' '])
      expect(await json({ original_amount })).toMatchObject({ amount: undefined });
    for (const original_amount of [0, -5, 1.005, 'x', {}, [], true])
      expect(await json({ original_amount })).toMatchObject({ amount: null });
  });

  it.each([
    ['', 'application/json'],
    ['{', 'application/json'],
    ['[]', 'application/json'],
    ['7', 'application/json'],
    ['<fee>', 'application/xml'],
    ['', ''],
  ])('refuses the body "%s"', async (text, type) => {
    expect(await readFeeBody(text, type, 2)).toMatchObject({ errorCode: '401666' });
  });

  it('returns a fee or an error for any body', async () => {
    const text = fc.oneof(fc.json(), fc.string({ unit: 'binary' }));
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.constantFrom('application/json', 'application/xml', ''),
        async (body, type) => {
          const read = await readFeeBody(body, type, 2);
          expect('errorCode' in read || 'type' in read).toBe(true);
        },
      ),
      tried(300),
    );
  });
});

describe('almaOptions', () => {
  describe('the options of almaFeesHandler', () => {
    it.each([
      ['no patron hook', { patron: undefined }],
      ['no store', { store: {} }],
      ['an unknown option', { port: 8080 }],
      ['a library that is no code', { libraries: [''] }],
    ])('throws for %s', async (_name, wrong) => {
      const options = wrong as unknown as Partial<AlmaFeesHandlerOptions>;
      await expect(almaClient([], options)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
      expect(() => almaFeesHandler(undefined as unknown as AlmaFeesHandlerOptions)).toThrow(
        'INVALID_ARGUMENT',
      );
    });

    it.each(['fees.example', 'ftp://fees.example', 'https://fees.example/?a=1', '', 7])(
      'refuse %s as the address for links',
      async (baseUrl) => {
        const wrong = { baseUrl: baseUrl as string };
        await expect(almaClient([], wrong)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
      },
    );
  });

  const address = 'https://alma.example/almaws/v1/users/dverma/fees';
  const policy = definePolicy({ currency: 'USD' });
  const member = (patronId: string, account: PatronAccount) => {
    return { institution: 'NORTH', patronId, account, version: account.eventCount };
  };

  it('lists the rows of all accounts under different ids, with one primary id and one sum', () => {
    const { withStatus, withId } = almaRows(
      [
        member('kept', accountAfter([assess('f1', '0.10')])),
        member('old', accountAfter([assess('f1', '0.20'), assess('f2', '22.23')])),
      ],
      { policy, userPrimaryId: 'dverma', libraries: { MAIN: 'Main Library' }, address },
    );
    const { fee, ...totals } = withStatus('ACTIVE');
    expect(fee.map(({ id, balance, user_primary_id }) => [id, balance, user_primary_id?.value])).toEqual([
      ['f1', 0.1, 'dverma'],
      ['f1@old', 0.2, 'dverma'],
      ['f2', 22.23, 'dverma'],
    ]);
    expect(fee.map(({ link }) => link)).toEqual([`${address}/f1`, `${address}/f1%40old`, `${address}/f2`]);
    expect(fee[0]?.owner).toEqual({ value: 'MAIN', desc: 'Main Library' });
    expect(totals).toEqual({ total_record_count: 3, total_sum: 22.53, currency: 'USD', link: address });
    expect(withStatus('CLOSED')).toEqual({
      fee: [],
      total_record_count: 0,
      total_sum: 0,
      currency: 'USD',
      link: address,
    });
    expect([withId('f1@old')?.balance, withId('f9')]).toEqual([0.2, undefined]);
  });
});
