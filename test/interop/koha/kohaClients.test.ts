import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { balancesInMinorUnits } from '../../../src/index.js';
import { tried } from '../../support/seeded.js';
import { charges, kohaClient } from './kohaClient.js';

// What clients of Koha send, and read of the answers.

describe('VuFind', () => {
  it('shows fines with type, description and day, and converts amounts to cents', async () => {
    const { get } = await kohaClient(charges(['f1', '2.55']));
    const [entry] = (await get()).json.outstanding_debits.lines;
    // Not rounded by VuFind: it shows 254.99999999999997 for any exact 2.55.
    expect(Math.round(entry.amount_outstanding * 100)).toBe(255);
    expect([entry.debit_type.trim(), entry.description.trim(), entry.date]).toEqual([
      'OVERDUEFINE',
      'Overdue fine',
      '2026-03-02',
    ]);
  });

  it('renews its token after 401 and sends the request again', async () => {
    const { handler } = await kohaClient(charges(['f1', '2.55']), {
      authorize: ({ credentials }) =>
        credentials !== undefined && 'token' in credentials && credentials.token === 'new',
    });
    const ask = async (token: string) =>
      (
        await handler(
          new Request('https://koha.example/api/v1/patrons/51/account', {
            headers: { authorization: `Bearer ${token}` },
          }),
        )
      ).status;
    expect([await ask('old'), await ask('new')]).toEqual([401, 200]);
  });
});

describe('Finna', () => {
  const payment = (minor: number, transaction: string, lines?: readonly number[]) => ({
    credit_type: 'PAYMENT',
    amount: minor / 100,
    note: `Online transaction ${transaction}`,
    // As the form gives them.
    ...(lines === undefined ? {} : { account_lines_ids: lines.map(String) }),
  });

  it('pays chosen fees; what its monitor repeats after a lost answer is recorded once', async () => {
    const { credit, numbers, account } = await kohaClient(
      charges(['f1', '10.00'], ['f2', '2.55'], ['f3', '1.00']),
    );
    const chosen = (await numbers()).slice(0, 2);
    const body = payment(1255, 'T17', chosen);
    const first = await credit(body);
    const again = await credit(body);
    expect([first.status, again.status, again.json]).toEqual([201, 201, first.json]);
    expect((await account()).payments.map(({ externalTransactionId }) => externalTransactionId)).toEqual([
      'T17',
    ]);
    expect(balancesInMinorUnits(await account()).payable).toBe(100);
  });

  it('pays fees that were paid at the desk in the meantime: this is refused, or becomes a credit', async () => {
    const cash = { amount: 10, payment_type: 'CASH' };
    for (const [overpayment, status, left] of [
      ['refuse', 400, 0],
      ['credit', 201, -10],
    ] as const) {
      const { credit, numbers, get } = await kohaClient(charges(['f1', '10.00']), { overpayment });
      const chosen = await numbers();
      await credit(cash);
      expect((await credit(payment(1000, 'T18', chosen))).status).toBe(status);
      expect((await get()).json.balance).toBe(left);
    }
  });

  it('pays every amount that it can compute, once (property)', async () => {
    const cents = fc.integer({ min: 1, max: 99_999 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(cents, { minLength: 1, maxLength: 6 }),
        fc.boolean(),
        async (amounts, names) => {
          const fees = amounts.map((minor, n) => [`f${n}`, (minor / 100).toFixed(2)] as const);
          const { credit, numbers, account } = await kohaClient(charges(...fees));
          const total = amounts.reduce((sum, minor) => sum + minor, 0);
          const body = payment(total, 'T', names ? await numbers() : undefined);
          for (let n = 0; n < 2; n++) expect((await credit(body)).status).toBe(201);
          const { payments } = await account();
          expect([payments.length, balancesInMinorUnits(await account()).payable]).toEqual([1, 0]);
        },
      ),
      tried(100),
    );
  });
});

describe('Aspen', () => {
  it('pays whole lines in one payment, then each part, with amounts from float subtraction', async () => {
    const { credit, numbers, account } = await kohaClient(
      charges(['f1', '0.60'], ['f2', '0.10'], ['f3', '5.00']),
    );
    const [one, two, three] = await numbers();
    const note = {
      credit_type: 'PAYMENT',
      payment_type: 'ONLINE',
      description: 'Paid Online via Aspen Discovery',
      note: 'ONLINE',
    };
    // 0.7000000000000001
    const whole = await credit({ ...note, amount: 0.9 - 0.1 - 0.1, account_lines_ids: [one, two] });
    // Aspen takes only 200 for a success of whole lines; Koha and this server answer 201.
    expect(whole.status).toBe(201);
    expect((await credit({ ...note, amount: 0.1 + 0.2, account_lines_ids: [three] })).status).toBe(201);
    expect(balancesInMinorUnits(await account()).payable).toBe(470);
  });
});

describe('the delivery app', () => {
  it.each([
    ['2.50', 201],
    ['2.5', 201],
    ['2,50', 400],
    ['2.505', 400],
    ['1e1', 400],
  ])('charges the amount %j as text: %i', async (amount, status) => {
    const { debit, get } = await kohaClient([]);
    const { status: answered } = await debit({
      amount,
      description: 'Delivery',
      type: 'OTHER',
      library_id: 'CPL',
    });
    expect([answered, (await get()).json.balance]).toEqual([status, status === 201 ? 2.5 : 0]);
  });
});

describe('programs that clean up', () => {
  it('read the debits of patrons page by page, and forgive old ones', async () => {
    const { get, credit, account } = await kohaClient(charges(['f1', '10.00'], ['f2', '2.55']), {
      patrons: () => [{ patron_id: 51 }],
    });
    const [{ patron_id: id }] = (await get('patrons?_page=1&_per_page=100')).json;
    const { json } = await get(`patrons/${id}/account/debits`);
    const [old] = json.filter(
      ({ amount_outstanding }: { amount_outstanding: number }) => amount_outstanding > 5,
    );
    expect([typeof old.date, old.account_line_id > 0]).toEqual(['string', true]);
    const body = { credit_type: 'FORGIVEN', amount: old.amount_outstanding };
    expect((await credit({ ...body, account_lines_ids: [old.account_line_id] })).status).toBe(201);
    expect(balancesInMinorUnits(await account()).payable).toBe(255);
  });
});

describe('programs without an identity of the payment', () => {
  it('record a repeated payment twice, as in Koha, until nothing is owed', async () => {
    const { credit, account } = await kohaClient(charges(['f1', '10.00']));
    for (const status of [201, 201, 400])
      expect((await credit({ amount: 5, credit_type: 'PAYMENT' })).status).toBe(status);
    expect((await account()).payments).toHaveLength(2);
  });

  it('that pay the sum of `amount` would pay partly paid fees twice: refused', async () => {
    const { credit, get } = await kohaClient(charges(['f1', '10.00']));
    await credit({ amount: 4, payment_type: 'CASH' });
    const { lines } = (await get()).json.outstanding_debits;
    const sum = lines.reduce((total: number, { amount }: { amount: number }) => total + amount, 0);
    expect((await credit({ amount: sum, library_id: 'CPL' })).status).toBe(400);
  });
});
