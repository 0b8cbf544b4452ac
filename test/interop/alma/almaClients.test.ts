import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EventStore, execute } from '../../../src/history/index.js';
import { balancesInMinorUnits, type Command, definePolicy } from '../../../src/index.js';
import { assertVaried, tried } from '../../support/seeded.js';
import { almaClient, at, charges, codesOf, policy } from './almaClient.js';

const credit = (amount: string): Command => {
  return { type: 'IssueCredit', id: 'c1', amount, cause: 'manual', reason: 'API', at };
};

const dollars = (minor: number) => `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, '0')}`;

describe("a payment page that posts to each fee's link (Ex Libris' payment connector)", () => {
  it('finds the link on every fee and on the list, in JSON and XML', async () => {
    const { get, handler } = await almaClient(charges(['f1', '5.00'], ['koha/70', '2.50']));
    const { json } = await get('dverma/fees');
    const address = 'https://alma.example/almaws/v1/users/dverma/fees';
    expect([json.link, json.fee.map(({ link }: { link: string }) => link)]).toEqual([
      address,
      [`${address}/f1`, `${address}/koha%2F70`],
    ]);
    expect((await get('dverma/fees/f1')).json.link).toBe(`${address}/f1`);
    const xml = await (await handler(new Request(address))).text();
    expect(xml).toContain(` link="${address}"><fee link="${address}/f1"><id>f1</id>`);
  });

  it('pays by appending its parameters to the link', async () => {
    const { get, handler, account } = await almaClient(charges(['f1', '5.00'], ['koha/70', '2.50']));
    for (const { link, balance } of (await get('dverma/fees')).json.fee) {
      const query = `op=pay&amount=${balance}&method=ONLINE&external_transaction_id=X9`;
      expect((await handler(new Request(`${link}?${query}`, { method: 'POST' }))).status).toBe(200);
    }
    expect(balancesInMinorUnits(await account()).payable).toBe(0);
  });

  it('gets links that work from outside although a proxy changes the address', async () => {
    const options = { baseUrl: 'https://fees.example/api/', basePath: '/internal' };
    const { handler } = await almaClient(charges(['f1', '5.00']), options);
    const headers = { accept: 'application/json' };
    const response = await handler(
      new Request('http://10.0.0.7:8080/internal/users/dverma/fees', { headers }),
    );
    const { fee, link } = (await response.json()) as { fee: [{ link: string }]; link: string };
    expect(link).toBe('https://fees.example/api/users/dverma/fees');
    expect(fee[0].link).toBe('https://fees.example/api/users/dverma/fees/f1');
  });

  it('gets links with the primary id, or with the id that it asked for', async () => {
    const asked = 'a b/c';
    const { get } = await almaClient(charges(['f1', '5.00']), { patron: () => ({ patronId: 'p1' }) });
    const { json } = await get(`${encodeURIComponent(asked)}/fees?user_id_type=BARCODE`);
    expect(json.link).toBe('https://alma.example/almaws/v1/users/a%20b%2Fc/fees');
  });

  it('pays amounts of float arithmetic to the cent', async () => {
    const { post, account } = await almaClient(charges(['f1', '0.10'], ['f2', '0.20']));
    let left = 0.1 + 0.2;
    for (const [id, balance] of [
      ['f1', 0.1],
      ['f2', 0.2],
    ] as const) {
      const amount = Math.min(balance, left);
      expect((await post(`dverma/fees/${id}?op=pay&amount=${amount}&method=ONLINE`)).status).toBe(200);
      left -= amount;
    }
    expect(balancesInMinorUnits(await account()).payable).toBe(0);
  });

  it('leaves no cent unpaid, whatever it adds and subtracts (property)', async () => {
    const cents = fc.integer({ min: 1, max: 99_999 });
    await fc.assert(
      fc.asyncProperty(fc.array(cents, { minLength: 1, maxLength: 5 }), async (amounts) => {
        const fees = amounts.map((amount, n) => [`f${n}`, dollars(amount)] as const);
        const { get, post, account } = await almaClient(charges(...fees));
        const { fee } = (await get('dverma/fees')).json;
        let left = fee.reduce((sum: number, { balance }: { balance: number }) => sum + balance, 0);
        for (const { id, balance } of fee) {
          const amount = Math.min(balance, left);
          expect((await post(`dverma/fees/${id}?op=pay&amount=${amount}&method=CASH`)).status).toBe(200);
          left -= amount;
        }
        expect(balancesInMinorUnits(await account()).payable).toBe(0);
      }),
      tried(100),
    );
  });

  it.each(['0.1999', '0.199999', '0.2000001', '1.005', '1e-1', '0.2.0', '0.000000000001'])(
    'is refused the amount %s, which is no sum of cents',
    async (amount) => {
      const { post } = await almaClient(charges(['f1', '5.00']));
      expect(codesOf(await post(`dverma/fees/f1?op=pay&amount=${amount}&method=CASH`))).toEqual(['401666']);
    },
  );
});

describe('a program that sends parameters that an operation does not have (almapiwrapper)', () => {
  it('disputes and restores with amount=None', async () => {
    const { post } = await almaClient(charges(['f1', '5.00']));
    const rest = 'amount=None&method=None&reason=None&comment=None&external_transaction_id=None';
    expect((await post(`dverma/fees/f1?op=dispute&${rest}`)).json.status.value).toBe('INDISPUTE');
    expect((await post(`dverma/fees/f1?op=restore&${rest}`)).json.status.value).toBe('ACTIVE');
  });

  it('does not pay or waive with amount=None', async () => {
    const { post } = await almaClient(charges(['f1', '5.00']));
    for (const query of ['op=pay&method=CASH', 'op=waive&reason=OTHER'])
      expect(codesOf(await post(`dverma/fees/f1?${query}&amount=None`))).toEqual(['401666']);
  });
});

describe('a portal that takes total_sum and posts ALL, where the patron has a credit (alma_rb)', () => {
  const pay = 'dverma/fees/all?op=pay&amount=ALL&method=ONLINE&external_transaction_id=X9';

  it('records what it took, and nothing is left', async () => {
    const { get, post, account, store, stream } = await almaClient([
      ...charges(['f1', '12.50']),
      credit('5.00'),
    ]);
    expect((await get('dverma/fees')).json.total_sum).toBe(7.5);
    const { version } = await store.read(stream);
    for (let time = 0; time < 2; time++) {
      expect((await post(pay)).json).toMatchObject({ total_record_count: 0, total_sum: 0 });
    }
    const { payments, ...rest } = await account();
    expect(payments.map(({ amount }) => amount)).toEqual([750]);
    expect(balancesInMinorUnits({ payments, ...rest })).toMatchObject({ active: 0, payable: 0 });
    // The use of the credit and the payment, in one append, and nothing more by the second call.
    const stored = await store.read(stream, { after: version });
    expect(stored.events.map(({ event }) => event.type)).toEqual(['CreditApplied', 'PaymentReceived']);
    expect(new Set(stored.events.map(({ recordedAt }) => recordedAt)).size).toBe(1);
  });

  it('gets the error that nothing is owed if credits cover everything, and nothing changes', async () => {
    const { post, store, stream } = await almaClient([...charges(['f1', '4.00']), credit('5.00')]);
    const { version } = await store.read(stream);
    const answer = await post(pay);
    expect(answer.json.errorList.error[0].errorMessage).toContain('Nothing is owed.');
    expect((await store.read(stream)).version).toBe(version);
  });

  it('uses no more credit than is owed after a waiver', async () => {
    const { post, account } = await almaClient([
      ...charges(['f1', '6.00']),
      credit('2.00'),
      { ...credit('3.00'), id: 'c2' } as Command,
    ]);
    await post(pay);
    const { credits, payments } = await account();
    expect([payments[0]?.amount, credits.map(({ applied }) => applied)]).toEqual([100, [200, 300]]);
  });

  it.each([
    ['may not use credits', { permissions: { ApplyCredit: { manager: {} } } }],
    ['needs an approval for that', { approvals: { ApplyCredit: { above: '4.00', roles: ['manager'] } } }],
  ])('records what it took even if its actor %s', async (_, rules) => {
    const strict = definePolicy({ currency: 'USD', creditReasons: { API: 'By the API' }, ...rules });
    const { post, account } = await almaClient([...charges(['f1', '12.50']), credit('5.00')], {
      policy: strict,
    });
    expect((await post(pay)).json.total_sum).toBe(0);
    const { payments, credits } = await account();
    expect([payments[0]?.amount, credits[0]?.applied]).toEqual([750, 0]);
  });

  it('always records total_sum, whatever fees, credits, disputes and lost items there are (property)', async () => {
    const cents = fc.integer({ min: 1, max: 2_000 });
    const row = fc.record({
      kind: fc.constantFrom('fee', 'disputed', 'credit', 'lost', 'refundable'),
      cents,
    });
    let recorded = 0;
    await assertVaried(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 6 }), async (rows) => {
        const commands = rows.flatMap(({ kind, cents: minor }, n): Command[] => {
          const amount = dollars(minor);
          const fee = {
            type: 'AssessFee',
            id: `f${n}`,
            feeType: 'OTHER',
            amount,
            owner: 'MAIN',
            at,
          } as const;
          if (kind === 'credit') return [{ ...credit(amount), id: `c${n}` } as Command];
          if (kind === 'refundable')
            return [{ type: 'IssueCredit', id: `c${n}`, amount, cause: 'imported', at }];
          if (kind === 'lost') {
            const fees = [{ feeId: `f${n}`, amount: '0.01' }];
            const waive = { type: 'WaiveFees', id: `w${n}`, fees, reason: 'OTHER', at } as const;
            return [{ ...fee, feeType: 'LOSTITEMREPLACEMENTFEE' }, waive];
          }
          return kind === 'fee' ? [fee] : [fee, { type: 'DisputeFee', id: `d${n}`, feeId: `f${n}`, at }];
        });
        const { get, post, account } = await almaClient(commands);
        const { total_sum } = (await get('dverma/fees')).json;
        const { status } = await post(pay);
        expect(status).toBe(total_sum > 0 ? 200 : 400);
        const paid = (await account()).payments.reduce((sum, { amount }) => sum + amount, 0);
        expect(paid).toBe(Math.max(0, Math.round(total_sum * 100)));
        if (total_sum <= 0) return;
        recorded += 1;
        expect((await get('dverma/fees')).json.total_sum).toBe(0);
        expect(balancesInMinorUnits(await account()).payable).toBe(0);
      }),
      tried(100),
      20,
      () => expect(recorded).toBeGreaterThan(10),
    );
  });
});

describe('a transaction id such as `null`, which programs write if they have none', () => {
  it.each(['undefined', 'null', 'NaN', 'None', '0', '000', '[object Object]', 'nil', 'NULL', ' undefined '])(
    'is refused %s, with a message that says so',
    async (id) => {
      const { post, account } = await almaClient(charges(['f1', '4.00'], ['f2', '4.00']));
      const query = `op=pay&amount=4.00&method=ONLINE&external_transaction_id=${encodeURIComponent(id)}`;
      for (const path of [`f1?${query}`, `all?${query}`]) {
        const answer = await post(`dverma/fees/${path}`);
        expect(codesOf(answer)).toEqual(['401666']);
        expect(answer.json.errorList.error[0].errorMessage).toContain(
          `external_transaction_id: expected the payment provider's id; "${id}" is what programs write if they have none.`,
        );
      }
      expect((await account()).payments).toEqual([]);
    },
  );

  it.each(['X0', '10', 'nullable', 'none-7', '0x', 'object'])(
    'accepts %s, which only resembles it',
    async (id) => {
      const { post } = await almaClient(charges(['f1', '4.00']));
      const query = `op=pay&amount=4.00&method=ONLINE&external_transaction_id=${id}`;
      expect((await post(`dverma/fees/f1?${query}`)).status).toBe(200);
    },
  );
});

describe("a patron's page that shows owner.desc (mlibrary/account)", () => {
  const libraries = { MAIN: 'Main Library', MUS: 'Music Library' };

  it('shows the name of the library for fees and for the places of payments', async () => {
    const { post, get } = await almaClient(charges(['f1', '5.00']), {
      libraries,
      actor: () => ({ channel: 'desk', desk: 'CIRC', library: 'MUS' }),
    });
    const { json } = await post('dverma/fees/f1?op=pay&amount=1.00&method=CASH');
    expect(json.owner).toEqual({ value: 'MAIN', desc: 'Main Library' });
    expect(json.transaction[0].received_by).toEqual({ value: 'CIRC', desc: 'Music Library' });
    expect((await get('dverma/fees')).json.fee[0].owner.desc).toBe('Main Library');
  });

  it('shows the code of a library without a name, and lets only libraries with a name own new fees', async () => {
    const { get, create } = await almaClient(charges(['f1', '5.00']), {
      libraries: { MUS: 'Music Library' },
    });
    expect((await get('dverma/fees/f1')).json.owner).toEqual({ value: 'MAIN', desc: 'MAIN' });
    const fee = { type: { value: 'OTHER' }, original_amount: 1 };
    expect((await create({ ...fee, owner: { value: 'MUS' } })).status).toBe(200);
    expect(codesOf(await create({ ...fee, owner: { value: 'constructor' } }))).toEqual(['4019997']);
  });
});

describe('each operation', () => {
  it.each([
    'f1?op=pay&amount=1.00&method=CASH',
    'f1?op=pay&method=CASH',
    'f1?op=pay&amount=1.00&method=CASH&external_transaction_id=X9',
    'all?op=pay&amount=2.00&method=CASH',
    'all?op=pay&amount=ALL&method=CASH',
    'f1?op=waive&reason=OTHER',
    'f1?op=dispute',
  ])('%s reads its stream once', async (path) => {
    let reads = 0;
    const counting = (store: EventStore): EventStore => ({
      ...store,
      read: (...args) => {
        reads += 1;
        return store.read(...args);
      },
    });
    const { store, stream } = await almaClient(charges(['f1', '5.00']));
    const { post } = await almaClient([], { store: counting(store), newId: () => 'once' });
    expect((await post(`dverma/fees/${path}`)).status).toBe(200);
    expect(reads).toBe(1);
    expect((await store.read(stream)).version).toBe(2);
  });

  it('includes what another program does between its read and its append', async () => {
    const { store, stream, account } = await almaClient(charges(['f1', '5.00']));
    let isFirst = true;
    const racing: EventStore = {
      ...store,
      append: async (...args) => {
        if (isFirst) {
          isFirst = false;
          await execute(store, policy, stream, {
            type: 'WaiveFees',
            id: 'w1',
            fees: [{ feeId: 'f1' }],
            reason: 'OTHER',
            at,
          });
        }
        return store.append(...args);
      },
    };
    const { post } = await almaClient([], { store: racing });
    expect(codesOf(await post('dverma/fees/f1?op=pay&amount=5.00&method=CASH'))).toEqual(['401666']);
    expect((await account()).payments).toEqual([]);
  });
});
