import { describe, expect, it } from 'vitest';
import { charges, kohaClient } from './kohaClient.js';
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
