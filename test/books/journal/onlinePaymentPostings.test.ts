import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type OnlinePaymentEvent,
  type OnlinePaymentStarted,
  type PayoutRow,
  reconcilePayouts,
} from 'patron-fees/online';
import { type JournalTotals, journalText, onlinePaymentPostings } from 'patron-fees/reports';
import { afterAll, describe, expect, it } from 'vitest';
import { changed, history } from '../../office/onlinePayments/onlinePayments.js';
import { at, back, begun, institution, policyOf, type Shop, taken } from '../../online/shop.js';
import { beanCheck, hledger } from '../../support/ledgerPrograms.js';
import { itWith } from '../../support/programs.js';

const folder = mkdtempSync(join(tmpdir(), 'online-journal-'));
afterAll(() => rmSync(folder, { recursive: true }));

const linesOf = (events: Parameters<typeof onlinePaymentPostings>[0]) =>
  onlinePaymentPostings(events).map((postings) =>
    postings.map(({ account, amountMinor }) => `${account.join()} ${amountMinor}`),
  );

/** A shop in which a payment was taken, given back in part, credited and paid out, less the provider's fees. */
async function traded(): Promise<Shop> {
  const shop = await begun();
  shop.policy = policyOf({ serviceFee: { amount: '0.50', vatPercent: 20 } });
  await shop.report('o1', taken('ch_1', '22.50'));
  await shop.report('o1', back('re_1', 'ch_1', '5.00'));
  const payout = {
    payoutCurrency: 'USD',
    payoutId: 'po_1',
    paidOn: '2026-03-04',
    currency: 'USD',
    reference: 'o1',
  };
  const rows: PayoutRow[] = [
    {
      rowId: 'a',
      transaction: 'ch_1',
      type: 'capture',
      amount: '22.50',
      gross: '22.50',
      fee: '0.90',
      net: '21.60',
      ...payout,
    },
    {
      rowId: 'b',
      transaction: 're_1',
      of: 'ch_1',
      type: 'refund',
      amount: '-5.00',
      gross: '-5.00',
      fee: '0.00',
      net: '-5.00',
      ...payout,
    },
  ];
  const report = await reconcilePayouts(shop.stores, shop.policy, { institution, at }, { rows });
  expect(report).toMatchObject({ recorded: 2, findings: { count: 0 } });
  return shop;
}

async function written({ stores, policy }: Shop, format: 'hledger' | 'beancount') {
  const pieces = journalText(stores, policy, { institution, format, timeZone: 'UTC', postedBy: 'at' });
  let text = '';
  for (;;) {
    const { done, value } = await pieces.next();
    if (done === true) return { text, balances: balancesOf(value) };
    text += value;
  }
}

function balancesOf({ balances }: JournalTotals): Readonly<Record<string, string>> {
  return Object.fromEntries(balances.map(({ name, amount }) => [name, amount]));
}

describe('onlinePaymentPostings', () => {
  it('posts the service fee with its tax, its return, and the payout', () => {
    expect(linesOf(history)).toEqual([
      [],
      ['cash,ONLINE 50', 'serviceFees,ONLINE -42', 'vat,20 -8'],
      [],
      [],
      ['cash,ONLINE -10', 'serviceFees,ONLINE 9', 'vat,20 1'],
      [],
      [],
      ['paidOut,ONLINE 1040', 'providerFees,ONLINE -40', 'cash,ONLINE -1000'],
    ]);
  });

  it('posts no tax without a rate, and a payout in another currency with the charged amount', () => {
    const [started, captured] = history as readonly [OnlinePaymentStarted, OnlinePaymentEvent];
    const { serviceFeeVatPercent: _, ...data } = started.data;
    const untaxed = [{ ...started, data }, captured];
    expect(linesOf(untaxed)[1]).toEqual(['cash,ONLINE 50', 'serviceFees,ONLINE -50']);
    const yen = { payoutCurrency: 'JPY', gross: '1500', fee: '60' };
    const [capture, back2] = [
      changed(7, yen),
      changed(7, {
        ...yen,
        rowId: 'row2',
        kind: 'return',
        externalTransactionId: 're_1',
        amount: '0.60',
        gross: '-90',
      }),
    ];
    expect(linesOf([...history.slice(0, 5), capture, back2]).slice(-2)).toEqual([
      ['paidOut,ONLINE 1000', 'cash,ONLINE -1000'],
      ['paidOut,ONLINE -60', 'cash,ONLINE 60'],
    ]);
  });

  it('empties the clearing account of the method once all is paid out', async () => {
    const { balances } = await written(await traded(), 'hledger');
    expect(balances).toMatchObject({
      'Assets:Cash:ONLINE': '0.00',
      'Assets:PaidOut:ONLINE': '16.60',
      'Expenses:ProviderFees:ONLINE': '0.90',
      'Income:ServiceFees:ONLINE': '-0.50',
    });
  });

  for (const [format, program, check] of [
    ['hledger', 'hledger', (path: string) => hledger(path, 'check', '--strict')],
    ['beancount', 'bean-check', beanCheck],
  ] as const) {
    itWith([program], `passes the checks of ${program}`, async () => {
      const { text } = await written(await traded(), format);
      const path = join(folder, `journal.${format}`);
      writeFileSync(path, text);
      expect(check(path)).toMatchObject({ ok: true });
      expect(text).toContain('Income:ServiceFees:ONLINE');
    });
  }

  it('names accounts by a chart, by method', async () => {
    const shop = await traded();
    const chart = [
      { kind: 'serviceFees', method: 'ONLINE', account: 'Income:4711' },
      { kind: 'paidOut', account: 'Assets:Bank' },
    ] as const;
    const form = { institution, format: 'hledger', timeZone: 'UTC', chart } as const;
    let text = '';
    for await (const piece of journalText(shop.stores, shop.policy, form)) text += piece;
    expect(text).toContain('Income:4711');
    expect(text).toContain('Assets:Bank');
    const desk = [{ kind: 'providerFees', desk: 'CIRC', account: 'Expenses:Bank' }] as const;
    expect(() => journalText(shop.stores, shop.policy, { ...form, chart: desk })).toThrow(
      'only conditions that',
    );
  });
});
