import { describe, expect, it } from 'vitest';
import { execute } from '../../../src/history/index.js';
import { balancesInMinorUnits } from '../../../src/index.js';
import { mergeAccounts } from '../../../src/patron/index.js';
import { at, charges, kohaClient, policy } from './kohaClient.js';
import { isError, isLine } from './kohaSchemas.js';

const twoFees = charges(['f1', '10.00'], ['f2', '2.55']);

describe('POST credits', () => {
  it('pays the named lines, given as numbers or as texts', async () => {
    const { credit, numbers, get } = await kohaClient(twoFees);
    const [first, second] = await numbers();
    const { status, json } = await credit({
      credit_type: 'PAYMENT',
      amount: 2.55,
      account_lines_ids: [`${second}`],
    });
    expect([status, isLine(json)]).toEqual([201, true]);
    expect(json).toMatchObject({
      amount: -2.55,
      amount_outstanding: 0,
      credit_type: 'PAYMENT',
      payment_type: 'ONLINE',
    });
    expect(await numbers()).toEqual([first]);
    expect((await get('patrons/51/account/credits')).json).toEqual([json]);
  });

  it('pays named lines first, then others, and keeps a credit, if the excess becomes one', async () => {
    const { credit, numbers, get } = await kohaClient(twoFees, { overpayment: 'credit' });
    const [, second] = await numbers();
    await credit({ amount: 5, account_lines_ids: [second] });
    expect((await get()).json.outstanding_debits).toMatchObject({
      total: 7.55,
      lines: [{ amount_outstanding: 7.55 }],
    });
    const { json } = await credit({ amount: '10.00', account_lines_ids: await numbers() });
    expect(json.amount_outstanding).toBe(-2.45);
    expect((await get()).json).toMatchObject({ balance: -2.45, outstanding_credits: { total: -2.45 } });
  });

  it('refuses more than the named lines owe, if the excess becomes no credit', async () => {
    const { credit, numbers, account } = await kohaClient(twoFees);
    const [, second] = await numbers();
    const { status, json } = await credit({ amount: 5, account_lines_ids: [second] });
    expect([status, isError(json), json.error]).toEqual([
      400,
      true,
      '5.00 is more than the 2.55 that is owed.',
    ]);
    expect((await account()).payments).toEqual([]);
  });

  it('records a transaction once for the same lines, and another part for other lines', async () => {
    const { credit, numbers, account } = await kohaClient(charges(['f1', '5.00'], ['f2', '5.00']));
    const [one, two] = await numbers();
    const note = 'Online transaction T1';
    for (const lines of [[one], [one], [two], [two]])
      expect((await credit({ amount: 5, note, account_lines_ids: lines })).status).toBe(201);
    expect((await account()).payments.map(({ amount }) => amount)).toEqual([500, 500]);
    expect((await credit({ amount: 4, note, account_lines_ids: [one] })).status).toBe(400);
  });

  describe('of a transaction that is told again', () => {
    type Ways = readonly ('one' | 'both' | 'reversed' | 'none')[];
    const linesOf = ([one, two]: readonly number[]) => ({
      one: { account_lines_ids: [one] },
      both: { account_lines_ids: [one, two] },
      reversed: { account_lines_ids: [two, one] },
      none: {},
    });
    const twice = (ways: Ways) => ways.flatMap((one) => ways.map((two) => [one, two] as const));
    const orders = (ways: Ways) => [
      ...twice(ways),
      ...ways.flatMap((one) => twice(ways).map((told) => [one, ...told] as const)),
    ];
    const stories = [
      ...orders(['one', 'none']).flatMap((told) => [
        { amount: 5, told },
        { amount: 10, told },
      ]),
      ...orders(['both', 'reversed', 'none']).map((told) => ({ amount: 12.55, told })),
      ...orders(['one', 'both', 'none']).map((told) => ({ amount: 5, told })),
    ];
    const note = 'Online transaction T1';

    it.each(['refuse', 'credit'] as const)(
      'records it once, in whatever order it names lines (overpayment: %s)',
      async (overpayment) => {
        for (const { amount, told } of stories) {
          const { credit, numbers, account } = await kohaClient(twoFees, { overpayment });
          const lines = linesOf(await numbers());
          const answers = [];
          for (const way of told) answers.push(await credit({ amount, note, ...lines[way] }));
          const story = `${amount}: ${told.join(', ')}`;
          const { payments } = await account();
          expect(
            [story, payments.length, balancesInMinorUnits(await account()).payable],
            answers.map(({ text }) => text).join(),
          ).toEqual([story, 1, 1255 - Math.round(amount * 100)]);
          for (const { status, json } of answers)
            expect([story, status, json]).toEqual([story, 201, answers[0]?.json]);
        }
      },
    );

    it('records it once in merged accounts', async () => {
      for (const told of orders(['both', 'reversed', 'none'])) {
        const client = await kohaClient(charges(['f1', '10.00']));
        const old = { ...client.stream, patronId: 'old' };
        await execute(client.store, policy, old, charges(['f2', '2.55']));
        await mergeAccounts(client.store, policy, { from: old, into: client.stream, id: 'm', at });
        const lines = linesOf(await client.numbers());
        for (const way of told)
          expect((await client.credit({ amount: 12.55, note, ...lines[way] })).status).toBe(201);
        expect((await client.get()).json.balance).toBe(0);
      }
    });

    it('records it once if it is told at the same time with and without lines', async () => {
      for (const told of [
        ['one', 'none'],
        ['none', 'one'],
        ['one', 'none', 'one', 'none'],
      ] as const) {
        const { credit, numbers, account } = await kohaClient(twoFees);
        const lines = linesOf(await numbers());
        const answers = await Promise.all(told.map((way) => credit({ amount: 5, note, ...lines[way] })));
        expect(answers.map(({ status }) => status)).toEqual(told.map(() => 201));
        expect((await account()).payments.map(({ amount }) => amount)).toEqual([500]);
      }
    });

    it('repeats a part, and the sum of its parts, of which each names another line', async () => {
      const { credit, numbers, account } = await kohaClient(twoFees);
      const [one, two] = await numbers();
      for (const [amount, lines] of [
        [5, [one]],
        [2.55, [two]],
        [5, []],
        [2.55, []],
        [7.55, []],
        [7.55, [two, one]],
        [5, [one, two]],
      ] as const)
        expect((await credit({ amount, note, account_lines_ids: lines })).status).toBe(201);
      expect((await account()).payments.map(({ amount }) => amount)).toEqual([500, 255]);
    });

    it('refuses another amount without lines, or for a line that it paid: it is no rest', async () => {
      const { credit, numbers, account } = await kohaClient(twoFees);
      const [one, two] = await numbers();
      await credit({ amount: 5, note, account_lines_ids: [one] });
      for (const [amount, lines] of [
        [2.55, []],
        [7.55, []],
        [4, [one]],
        [2.55, [two, one]],
      ] as const)
        expect((await credit({ amount, note, account_lines_ids: lines })).status).toBe(400);
      expect((await account()).payments.map(({ amount }) => amount)).toEqual([500]);
    });

    it('refuses what was reversed, so that a clerk sees it', async () => {
      const { credit, numbers, account, store, stream } = await kohaClient(twoFees);
      const [one] = await numbers();
      await credit({ amount: 5, note, account_lines_ids: [one] });
      const paymentId = (await account()).payments[0]?.paymentId ?? '';
      await execute(store, policy, stream, { type: 'ReversePayment', id: 'r', paymentId, at });
      for (const more of [{}, { account_lines_ids: [one] }]) {
        const { status, json } = await credit({ amount: 5, note, ...more });
        expect([status, json.error]).toEqual([400, expect.stringContaining('already recorded')]);
      }
    });

    it('records what the known total leaves, whatever the parts name', async () => {
      const { credit, numbers, account } = await kohaClient(twoFees, { transactionTotal: () => '12.55' });
      const [one] = await numbers();
      await credit({ amount: 10, note, account_lines_ids: [one] });
      for (const amount of [10, 12.55, 12.55]) expect((await credit({ amount, note })).status).toBe(201);
      expect((await account()).payments.map(({ amount }) => amount)).toEqual([1000, 255]);
    });
  });

  it('waives for the named lines first, and answers one line', async () => {
    const { credit, numbers, get } = await kohaClient(twoFees);
    const [, second] = await numbers();
    const { status, json } = await credit({
      credit_type: 'WRITEOFF',
      amount: 3,
      account_lines_ids: [second],
    });
    expect([status, json.credit_type, json.amount]).toEqual([201, 'WRITEOFF', -3]);
    expect((await get()).json.balance).toBe(9.55);
    const refused = await credit({ credit_type: 'FORGIVEN', amount: 20 });
    expect([refused.status, refused.json.error]).toEqual([400, '20.00 is more than the 9.55 that is owed.']);
  });

  it('gives a discount, which is a waiver with its reason', async () => {
    const { credit, get, account } = await kohaClient(twoFees, { reasons: { DISCOUNT: 'OTHER' } });
    const { status, json } = await credit({ credit_type: 'DISCOUNT', amount: 4 });
    expect([status, isLine(json), json.credit_type, json.amount]).toEqual([201, true, 'DISCOUNT', -4]);
    expect((await get()).json.balance).toBe(8.55);
    expect((await account()).fees.map(({ waived }) => waived)).toEqual([400, 0]);
  });

  it('gives a credit, and uses it at once', async () => {
    const { credit, get } = await kohaClient(twoFees);
    const { json } = await credit({ credit_type: 'CREDIT', amount: 20, description: 'Sorry' });
    expect(json).toMatchObject({
      amount: -20,
      amount_outstanding: -7.45,
      description: 'Sorry',
      type: 'CREDIT',
    });
    expect((await get()).json).toMatchObject({ balance: -7.45, outstanding_debits: { total: 0 } });
    expect((await credit({ credit_type: 'CREDIT', amount: 1 })).json.amount_outstanding).toBe(-1);
  });

  it.each([
    ['no amount', {}, 'amount: '],
    ['zero', { amount: 0 }, 'amount: '],
    ['below zero', { amount: -1 }, 'amount: '],
    ['a part of a cent', { amount: 0.001 }, 'amount: '],
    ['an unknown type', { amount: 1, credit_type: 'swish' }, 'credit_type: expected one of'],
    ['a type without a reason', { amount: 1, credit_type: 'DISCOUNT' }, 'credit_type: DISCOUNT is not'],
    ['an unknown method', { amount: 1, payment_type: 'SHELLS' }, 'SHELLS'],
    ['an unknown field', { amount: 1, lines: [7] }, 'Properties not allowed: lines.'],
    ['an unknown line', { amount: 1, account_lines_ids: [7] }, '7 is no debit of this patron'],
    ['a line that is no number', { amount: 1, account_lines_ids: [{}] }, 'is no debit'],
    ['lines that are no list', { amount: 1, account_lines_ids: 7 }, 'expected a list'],
    ['a transaction that names nothing', { amount: 1, note: 'Online transaction undefined' }, 'note: '],
    ['a library that is the institution', { amount: 1, library_id: 'NORTH' }, 'library_id: '],
  ])('refuses %s', async (_name, body, message) => {
    const { credit, account } = await kohaClient(twoFees);
    const { status, json } = await credit(body);
    expect([status, isError(json), json.error]).toEqual([400, true, expect.stringContaining(message)]);
    expect((await account()).eventCount).toBe(2);
  });

  it("refuses another patron's line, and one that comes twice", async () => {
    const other = await kohaClient(twoFees, { patron: () => ({ patronId: 'p1' }) });
    const [line] = await other.numbers();
    const { credit } = await kohaClient(charges(['g1', '10.00']));
    expect((await credit({ amount: 1, account_lines_ids: [line] })).status).toBe(400);
    expect((await other.credit({ amount: 1, account_lines_ids: [line, line] })).json.error).toContain(
      'comes twice',
    );
  });
});
