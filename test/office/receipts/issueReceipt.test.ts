import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { execute } from '../../../src/history/index.js';
import {
  foldReceiptSeries,
  issueReceipt,
  type OfficeStore,
  reprintReceipt,
} from '../../../src/office/index.js';
import { payHousehold } from '../../../src/patron/index.js';
import { ask, assess, pay, policyWith } from '../../support/account.js';
import { LAW_TIMEOUT_MS, seeded } from '../../support/seeded.js';
import { at, by } from '../till/tills.js';
import {
  coversEachOnce,
  dyingStore,
  issue,
  patronOf,
  policy,
  retried,
  seriesOf,
  storesWith,
} from './receiptDesk.js';

describe('a receipt', () => {
  it('gets the next number of its series, once for each payment', async () => {
    const stores = await storesWith(4);
    const first = await issue(stores, 0);
    expect([first.number, first.isCopy, first.amount, first.patronId]).toEqual([1, false, '5.00', 'u0']);
    expect((await issue(stores, 1)).number).toBe(2);
    expect(await issue(stores, 0)).toEqual({ ...first, isCopy: true });
    expect(await issue(stores, 0, '2027')).toEqual({ ...first, isCopy: true });
    expect((await issue(stores, 2, '2027')).number).toBe(1);
    expect((await issue(stores, 3)).number).toBe(3);
  });

  it('is issued by a user with roles, which are not recorded', async () => {
    const stores = await storesWith(1);
    const subject = {
      institution: 'north',
      patronId: patronOf(0),
      kind: 'payment',
      subjectId: 'p0',
    } as const;
    const form = { ...subject, series: '2026', at, by: { ...by, roles: ['CHIEF'] } };
    expect((await issueReceipt(stores, policy, form)).by).toEqual(by);
    const recorded = (await stores.office.readAll()).events.map(({ event }) => event.data);
    expect(JSON.stringify(recorded)).not.toContain('CHIEF');
  });

  it('continues the numbers of another system', async () => {
    const stores = await storesWith(2);
    const form = {
      institution: 'north',
      series: 'old',
      kind: 'payment',
      at,
      by,
      firstNumber: 4_711,
    } as const;
    await issueReceipt(stores, policy, { ...form, patronId: 'u0', subjectId: 'p0' });
    const next = await issueReceipt(stores, policy, {
      ...form,
      patronId: 'u1',
      subjectId: 'p1',
      firstNumber: 1,
    });
    expect(next.number).toBe(4_712);
  });

  it('is reprinted unchanged, and says that it was reversed since', async () => {
    const stores = await storesWith(0);
    const patron = { institution: 'north', patronId: 'u1' };
    await execute(stores.accounts, policy, patron, [assess('f1', '8.00'), pay('p1', '5.00')]);
    const payment = { ...patron, kind: 'payment', subjectId: 'p1' } as const;
    const printed = await issueReceipt(stores, policy, { ...payment, series: '2026', at, by });
    await execute(stores.accounts, policy, patron, [
      assess('f2', '100.00'),
      ask('ReversePayment', 'r', { paymentId: 'p1' }),
    ]);
    const copy = await reprintReceipt(stores, policy, payment);
    const reversal = { patronId: 'u1', id: 'r', at: '2026-03-02T09:00:00Z', amount: '5.00', receipt: null };
    expect(printed).toMatchObject({ reversed: '0.00', reversals: [] });
    expect(copy).toEqual({ ...printed, isCopy: true, reversed: '5.00', reversals: [reversal] });
    const form = { ...patron, kind: 'reversal', subjectId: 'r', series: '2026', at, by } as const;
    const undoing = await issueReceipt(stores, policy, form);
    expect(undoing).toMatchObject({
      number: 2,
      amount: '5.00',
      original: { kind: 'payment', subjectId: 'p1', receipt: { series: '2026', number: 1 } },
    });
    expect((await reprintReceipt(stores, policy, payment)).reversals).toEqual([
      { ...reversal, receipt: { series: '2026', number: 2 } },
    ]);
    expect([copy.remainingPayable, copy.lines[0]?.remaining, copy.accountVersion]).toEqual([
      '3.00',
      '3.00',
      2,
    ]);
  });

  it('is refused for what the account does not have, and cannot be reprinted before it is issued', async () => {
    const stores = await storesWith(1);
    const payment = { institution: 'north', patronId: 'u0', kind: 'payment', subjectId: 'p0' } as const;
    await expect(issue(stores, 9)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringMatching(/: there is no payment p9$/),
    });
    await expect(reprintReceipt(stores, policy, payment)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: 'NOT_FOUND: north/u0: no receipt was issued for payment p0',
    });
    expect((await stores.office.readAll()).events).toEqual([]);
    await expect(
      issueReceipt(stores, policy, { ...payment, series: 's'.repeat(191), at, by }),
    ).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', details: { faults: [{ path: 'form.series' }] } });
    expect((await stores.office.readAll()).events).toEqual([]);
    await issueReceipt(stores, policy, { ...payment, series: 's'.repeat(190), at, by });
    const nobody = { channel: 'desk' } as never;
    await expect(
      issueReceipt(stores, policy, { ...payment, series: '1', at, by: nobody }),
    ).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', details: { faults: [{ path: 'form.by.userId' }] } });
  });

  it('gives up after the attempts it was given', async () => {
    const stores = await storesWith(2);
    const office: OfficeStore = {
      ...stores.office,
      append: async (stream, events, options) => {
        if (stream.stream.startsWith('receipts:')) await issue(stores, 1);
        return stores.office.append(stream, events, options);
      },
    };
    await expect(issue({ ...stores, office }, 0, '2026', { attempts: 1 })).rejects.toMatchObject({
      code: 'VERSION_CONFLICT',
    });
  });
});

describe('the time of a receipt, with backdating', () => {
  const prompt = policyWith({ overpayment: 'credit', backdating: { days: 7 } });
  const form = { institution: 'north', patronId: patronOf(0), kind: 'payment', subjectId: 'p0' } as const;

  it('must be near the present time at a desk, unless the receipt is a copy', async () => {
    const stores = await storesWith(1);
    const give = (time: string, channel: 'desk' | 'job' = 'desk') =>
      issueReceipt(
        stores,
        prompt,
        { ...form, series: '2026', at: time, by: { ...by, channel } },
        { now: '2026-03-02T14:00:00Z' },
      );
    await expect(give('1970-01-01T00:00:00Z')).rejects.toThrow(
      'form.at: expected a time from 2026-02-23T14:00:00Z on, found 1970-01-01T00:00:00Z',
    );
    await expect(give('2062-01-01T00:00:00Z')).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      details: { faults: [{ path: 'form.at', expected: 'a time until 2026-03-02T14:15:00Z' }] },
    });
    const fresh = { ...form, series: '2026', at, by };
    await expect(issueReceipt(stores, prompt, fresh)).rejects.toThrow('options.now');
    expect(await give(at)).toMatchObject({ number: 1, isCopy: false });
    expect(await give('2062-01-01T00:00:00Z')).toMatchObject({ number: 1, isCopy: true, at });
  });

  it('may be any time if a job issues the receipt', async () => {
    const stores = await storesWith(1);
    const job = {
      ...form,
      series: '2026',
      at: '2026-01-01T00:00:00Z',
      by: { channel: 'job', userId: 'x' },
    } as const;
    expect(await issueReceipt(stores, prompt, job)).toMatchObject({ number: 1 });
  });
});

describe('the numbers of a series', () => {
  it(
    'have no gaps, and each payment has one, with 16 writers that are killed at any moment',
    async () => {
      const plan = fc.record({
        deaths: fc.uniqueArray(fc.integer({ min: 1, max: 120 }), { maxLength: 25 }),
        pauses: fc.array(fc.nat(6), { minLength: 1, maxLength: 20 }),
        orders: fc.array(fc.array(fc.nat(11), { maxLength: 4 }), { minLength: 16, maxLength: 16 }),
        series: fc.array(fc.constantFrom('2026', '2027'), { minLength: 1, maxLength: 5 }),
      });
      await fc.assert(
        fc.asyncProperty(plan, async ({ deaths, pauses, orders, series }) => {
          const stores = await storesWith(12, dyingStore(deaths, pauses));
          const seriesAt = (n: number) => series[n % series.length] as string;
          const retry = { attempts: 200, maxPauseMs: 0 };
          const writer = async (payments: readonly number[], index: number) => {
            for (const [turn, n] of payments.entries()) await issue(stores, n, seriesAt(index + turn), retry);
          };
          await Promise.allSettled(orders.map(writer));
          const printed = await Promise.all(
            Array.from({ length: 12 }, (_, n) => retried(() => issue(stores, n, seriesAt(n), retry))),
          );
          let receipts = 0;
          for (const name of ['2026', '2027']) {
            receipts += foldReceiptSeries(await seriesOf(stores.office, name)).receipts;
          }
          expect(receipts).toBe(12);
          for (const [n, { series: name, number }] of printed.entries()) {
            const copy = await retried(() =>
              reprintReceipt(stores, policy, {
                institution: 'north',
                patronId: patronOf(n),
                kind: 'payment',
                subjectId: `p${n}`,
              }),
            );
            expect([copy.series, copy.number]).toEqual([name, number]);
          }
        }),
        seeded('receipt numbers'),
      );
    },
    LAW_TIMEOUT_MS,
  );
});

describe('the receipt of one payment for several patrons', () => {
  const institution = 'north';
  const patronIds = ['mother', 'child', 'baby'];
  const payment = { institution, patronIds, id: 'p1', amount: '12', method: 'CASH', at };
  const whole = {
    institution,
    patronId: 'mother',
    others: ['child', 'baby'],
    kind: 'payment',
    subjectId: 'p1',
    series: '2026',
    at,
    by,
  } as const;
  const { others: _, ...single } = whole;

  async function paid(office?: OfficeStore) {
    const stores = await storesWith(0, office);
    for (const patronId of patronIds)
      await execute(stores.accounts, policy, { institution, patronId }, [assess('f1', '5.00')]);
    await payHousehold(stores.accounts, policy, payment);
    return stores;
  }

  it('has the parts of all accounts under one number', async () => {
    const stores = await paid();
    const receipt = await issueReceipt(stores, policy, whole);
    expect(receipt).toMatchObject({
      number: 1,
      patronId: 'mother',
      amount: '12.00',
      remainingPayable: '3.00',
    });
    expect(receipt.lines.map(({ patronId, feeId, amount }) => [patronId, feeId, amount])).toEqual([
      ['mother', 'f1', '5.00'],
      ['child', 'f1', '5.00'],
      ['baby', 'f1', '2.00'],
    ]);
    for (const patronId of patronIds) {
      const copy = { ...receipt, isCopy: true };
      expect(await issueReceipt(stores, policy, { ...single, patronId, series: '2027' })).toEqual(copy);
      const subject = { institution, patronId, kind: 'payment', subjectId: 'p1' } as const;
      expect(await reprintReceipt(stores, policy, subject)).toEqual(copy);
    }
    expect(foldReceiptSeries(await seriesOf(stores.office))).toEqual({ first: 1, last: 1, receipts: 1 });
    expect(await seriesOf(stores.office, '2027')).toEqual([]);
  });

  it('says which parts were reversed', async () => {
    const stores = await paid();
    await issueReceipt(stores, policy, whole);
    const child = { institution, patronId: 'child' };
    await execute(stores.accounts, policy, child, ask('ReversePayment', 'r', { paymentId: 'p1' }));
    const copy = await issueReceipt(stores, policy, whole);
    expect(copy.reversals).toEqual([
      { patronId: 'child', id: 'r', at: '2026-03-02T09:00:00Z', amount: '5.00', receipt: null },
    ]);
    const undoing = await issueReceipt(stores, policy, {
      ...single,
      patronId: 'child',
      kind: 'reversal',
      subjectId: 'r',
    });
    expect(undoing.original).toEqual({
      kind: 'payment',
      subjectId: 'p1',
      receipt: { series: '2026', number: 1 },
    });
  });

  it('leaves out a part that has a receipt of its own', async () => {
    const stores = await paid();
    expect((await issueReceipt(stores, policy, { ...single, patronId: 'child' })).amount).toBe('5.00');
    expect(await issueReceipt(stores, policy, whole)).toMatchObject({
      number: 2,
      amount: '7.00',
      others: [{ patronId: 'baby', amount: '2.00' }],
    });
  });

  it('is the receipt of the payer alone if that was issued before', async () => {
    const stores = await paid();
    await issueReceipt(stores, policy, single);
    expect(await issueReceipt(stores, policy, whole)).toMatchObject({
      number: 1,
      isCopy: true,
      amount: '5.00',
    });
    expect(await issueReceipt(stores, policy, { ...single, patronId: 'baby' })).toMatchObject({ number: 2 });
  });

  it('is refused for other kinds, a patron named twice, and what is no part of the payment', async () => {
    const stores = await paid();
    const refused = { code: 'INVALID_ARGUMENT' };
    for (const wrong of [{ kind: 'refund' }, { others: ['child', 'child'] }, { others: ['mother'] }] as const)
      await expect(issueReceipt(stores, policy, { ...whole, ...wrong })).rejects.toMatchObject(refused);
    const stranger = { institution, patronId: 'stranger' };
    const others = ['child', 'stranger'];
    await expect(issueReceipt(stores, policy, { ...whole, others })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await execute(stores.accounts, policy, stranger, pay('p1', '5.00', { method: 'CHECK' }));
    await expect(issueReceipt(stores, policy, { ...whole, others })).rejects.toMatchObject(refused);
    expect((await stores.office.readAll()).events).toEqual([]);
  });

  it('ends if two calls name each other as the payer', async () => {
    const stores = await paid();
    const asked = { ...single, accountVersion: 2, amount: '5.00', currency: 'USD' };
    const { institution: _institution, ...data } = asked;
    for (const [patronId, payer] of [
      ['mother', 'child'],
      ['child', 'mother'],
    ] as const)
      await stores.office.append(
        { institution, stream: `patron:${patronId}` },
        [{ type: 'ReceiptRequested', data: { ...data, patronId, payer } }],
        { expectedVersion: 0 },
      );
    const numbers = [];
    for (const patronId of ['mother', 'child'])
      numbers.push((await issueReceipt(stores, policy, { ...single, patronId })).number);
    expect(new Set(numbers).size).toBe(2);
    expect(foldReceiptSeries(await seriesOf(stores.office)).receipts).toBe(2);
  });

  it(
    'covers each part once, whoever issues it for whom, and whenever a writer is killed',
    () =>
      coversEachOnce('household receipts', {
        open: paid,
        issue: (stores, index, isWhole, how) => {
          const patronId = patronIds[index] as string;
          const others = isWhole ? patronIds.filter((id) => id !== patronId) : [];
          return issueReceipt(stores, policy, { ...single, patronId, others, ...how.form }, how.options);
        },
        amount: '12.00',
      }),
    LAW_TIMEOUT_MS,
  );
});
