import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { executeRemittance } from '../../../src/bursar/index.js';
import { execute, memoryEventStore } from '../../../src/history/index.js';
import { type AccountEvent, definePolicy } from '../../../src/index.js';
import type { UnreadableRow } from '../../../src/interop/import/index.js';
import { runJournalExport } from '../../../src/jobs/reports/index.js';
import {
  type BankEntry,
  type BankFinding,
  type BankItem,
  type BankReconciliationForm,
  decideBank,
  executeBank,
  executeTill,
  noBankAccount,
  officeEvents,
  readCamt053,
  runBankReconciliation,
} from '../../../src/office/index.js';
import { reconcilePayouts, reportOnlinePayment, startOnlinePayment } from '../../../src/online/index.js';
import { beanCheck, hledger, hledgerBalances } from '../../support/ledgerPrograms.js';
import { itWith } from '../../support/programs.js';
import { booked, camt053, details } from './camt053.js';

const policy = definePolicy({ currency: 'EUR', destinations: { AGENCY: 'Collections' } });
const institution = 'north';
const giro = { institution, bank: 'GIRO' };
const patron = { institution, patronId: 'dverma' };
const by = { channel: 'desk', userId: 'fin', desk: 'CIRC' } as const;
const day = (date: string) => `2026-03-${date}T10:00:00Z`;
const form: BankReconciliationForm = {
  ...{ ...giro, timeZone: 'UTC', from: '2026-03-01', through: '2026-03-31', returnedMethods: ['CHECK'] },
  ...{ jobId: 'march', at: day('31'), by },
};

/** A library that took 12.50 in cash and a cheque of 20.00, dropped 30.00 to the safe, and got 400.00 from an agency. */
async function library() {
  const now = () => day('31');
  const stores = {
    accounts: memoryEventStore({ now }),
    office: memoryEventStore({ now, codec: officeEvents }),
  };
  const till = { institution, till: 'CIRC' };
  const tillCommand = (command: Parameters<typeof executeTill>[3]) =>
    executeTill(stores.office, policy, till, command);
  const atTill = { ...by, tillSession: 's1' };
  const fee = { type: 'AssessFee', feeType: 'OTHER', owner: 'MAIN', at: day('02') } as const;
  await tillCommand({ type: 'OpenTill', id: 's1', float: '50', at: day('02'), by });
  await execute(stores.accounts, policy, patron, [
    { ...fee, id: 'f1', amount: '12.50' },
    { ...fee, id: 'f2', amount: '20' },
    {
      type: 'ReceivePayment',
      id: 'p1',
      amount: '12.50',
      method: 'CASH',
      feeIds: ['f1'],
      at: day('02'),
      by: atTill,
    },
    {
      ...{ type: 'ReceivePayment', id: 'p2', amount: '20', method: 'CHECK', feeIds: ['f2'], at: day('02') },
      ...{ reference: '4711', by: atTill },
    } as const,
  ]);
  await tillCommand({
    type: 'MoveTillMoney',
    id: 'm1',
    sessionId: 's1',
    direction: 'out',
    amount: '30',
    at: day('02'),
    by,
  });
  await tillCommand({
    ...{
      type: 'CloseTill',
      id: 's1/close',
      sessionId: 's1',
      depositReference: 'slip 118',
      at: day('02'),
      by,
    },
    takings: [
      { method: 'CASH', amount: '12.50' },
      { method: 'CHECK', amount: '20' },
    ],
    counts: [
      { method: 'CASH', amount: '32.50' },
      { method: 'CHECK', amount: '20' },
    ],
    deposits: [
      { method: 'CASH', amount: '12.50' },
      { method: 'CHECK', amount: '20' },
    ],
  } as const);
  await executeBank(stores.office, policy, giro, {
    ...{ type: 'DepositFromSafe', id: 'd1', amount: '40', reference: 'slip 119', at: day('03'), by },
  } as const);
  await execute(stores.accounts, policy, patron, [
    { type: 'ReversePayment', id: 'b1', paymentId: 'p2', at: day('09'), by },
  ]);
  await executeRemittance(stores.office, policy, { institution }, {
    ...{ type: 'RecordRemittance', id: 'r1', destination: 'AGENCY', direction: 'received', amount: '400' },
    ...{ reference: 'Wire 4711', at: day('10'), by },
  } as const);
  return stores;
}

const entries = (...list: readonly string[]) => readCamt053([camt053(list.join(''))]);
const text = (words: string) => `<NtryDtls>${details(`<RmtInf><Ustrd>${words}</Ustrd></RmtInf>`)}</NtryDtls>`;
const march = [
  booked('32.50', '2026-03-03', 'B1', text('DEPOSIT SLIP 118')),
  booked('40.00', '2026-03-04', 'B2', text('SLIP 119')),
  booked('-20.00', '2026-03-09', 'B3', text('CHEQUE 4711 RETURNED')),
  booked('400.00', '2026-03-12', 'B4', text('WIRE 4711 AGENCY LTD')),
];

const folder = mkdtempSync(join(tmpdir(), 'bank-'));
afterAll(() => rmSync(folder, { recursive: true }));

type Stores = Awaited<ReturnType<typeof library>>;

async function books(stores: Stores) {
  const file = join(folder, 'fees.csv');
  const { balances } = await runJournalExport(
    stores,
    policy,
    { institution, format: 'csv', timeZone: 'UTC' },
    { file },
  );
  return Object.fromEntries(
    balances.filter(({ amount }) => /[1-9]/.test(amount)).map(({ name, amount }) => [name, amount]),
  );
}

describe('a statement of the bank', () => {
  it('confirms deposits of tills and of the safe, returned cheques and remittances, and the journal posts them', async () => {
    const stores = await library();
    const before = await books(stores);
    expect(before).toMatchObject({
      'Assets:Deposited:CASH': '52.50',
      'Assets:Deposited:CHECK': '20.00',
      'Assets:Cash:CHECK': '-20.00',
      'Assets:Remitted:AGENCY': '400.00',
    });
    const report = await runBankReconciliation(stores, policy, form, { entries: entries(...march) });
    expect(report).toMatchObject({
      job: { jobId: 'march', institution, at: day('31'), by, currency: 'EUR' },
      entries: 4,
      known: 0,
      confirmed: {
        deposit: { count: 2, amount: '32.50' },
        safeDeposit: { count: 1, amount: '40.00' },
        returned: { count: 1, amount: '-20.00' },
        remittance: { count: 1, amount: '400.00' },
      },
      pending: { count: 0, amount: '0.00' },
      missing: { count: 0, amount: '0.00' },
      findings: { count: 0 },
    });
    // All money is at the bank, but for the 10.00 that the float of 50.00 and 40.00 from the safe have left of it.
    const { 'Assets:Bank:GIRO': atBank, ...others } = await books(stores);
    expect(atBank).toBe('452.50');
    expect(Object.keys(others).filter((name) => /Cash|Deposited|Remitted/.test(name))).toEqual([]);
  });

  it('records nothing twice: the same statement again, overlapping ones, or two jobs at a time', async () => {
    const stores = await library();
    const run = (...list: readonly string[]) =>
      runBankReconciliation(stores, policy, form, { entries: entries(...list) });
    await run(...march.slice(0, 2));
    expect(await run(...march)).toMatchObject({ known: 2, findings: { count: 0 } });
    expect(await run(...march)).toMatchObject({ entries: 4, known: 4, findings: { count: 0 } });
    const other = await library();
    const both = await Promise.all(
      [1, 2].map(() => runBankReconciliation(other, policy, form, { entries: entries(...march) })),
    );
    expect(both.map(({ findings }) => findings.count)).toEqual([0, 0]);
    expect(await books(other)).toEqual(await books(stores));
  });

  it('confirms two equal entries with one reference of the bank, each for a deposit of its own, once', async () => {
    const stores = await library();
    for (const slip of ['120', '121'])
      await executeBank(stores.office, policy, giro, {
        ...{
          type: 'DepositFromSafe',
          id: `d${slip}`,
          amount: '15',
          reference: `slip ${slip}`,
          at: day('04'),
          by,
        },
      } as const);
    const list = ['120', '121'].map((slip) => booked('15.00', '2026-03-05', 'B9', text(`SLIP ${slip}`)));
    const run = () => runBankReconciliation(stores, policy, form, { entries: entries(...list) });
    expect(await run()).toMatchObject({
      entries: 2,
      known: 0,
      confirmed: { safeDeposit: { count: 2, amount: '30.00' } },
    });
    expect(await run()).toMatchObject({ entries: 2, known: 2, confirmed: { safeDeposit: { count: 0 } } });
    const { events } = await stores.office.read({ institution, stream: 'bank:GIRO' });
    const ids = events.flatMap(({ event }) =>
      event.type === 'BankEntryConfirmed' ? [event.data.entryId] : [],
    );
    expect(ids).toEqual(['2026-03-05/15.00/B9', '2026-03-05/15.00/B9~2']);
  });

  it('recognises an entry that an earlier release confirmed, beside an equal one that is new', async () => {
    const stores = await library();
    for (const slip of ['120', '121'])
      await executeBank(stores.office, policy, giro, {
        ...{ type: 'DepositFromSafe', id: `d${slip}`, amount: '15', reference: `slip ${slip}` },
        ...{ at: day('04'), by },
      } as const);
    // As it was stored before events said how an entry was matched, and equal entries were told apart.
    const entryId = '2026-03-05/15.00/B9';
    const item = { kind: 'safeDeposit', depositId: 'd120', method: 'CASH', amount: '15.00' } as const;
    const about = {
      confirmationId: entryId,
      entryId,
      bookedOn: '2026-03-05',
      currency: 'EUR',
      amount: '15.00',
    };
    const event = {
      type: 'BankEntryConfirmed',
      data: { ...about, items: [item], at: day('06'), by },
      metadata: { commandId: entryId, commandDigest: 'of an earlier release' },
    } as const;
    const stream = { institution, stream: 'bank:GIRO' };
    const { version } = await stores.office.read(stream);
    await stores.office.append(stream, [event], { expectedVersion: version });
    const list = ['120', '121'].map((slip) => booked('15.00', '2026-03-05', 'B9', text(`SLIP ${slip}`)));
    expect(await runBankReconciliation(stores, policy, form, { entries: entries(...list) })).toMatchObject({
      ...{ entries: 2, known: 1, confirmed: { safeDeposit: { count: 1, amount: '15.00' } } },
    });
  });

  it('only compares, if the form says that nothing is recorded', async () => {
    const stores = await library();
    const before = await books(stores);
    const dry = await runBankReconciliation(
      stores,
      policy,
      { ...form, record: false },
      { entries: entries(...march) },
    );
    expect(dry.confirmed.deposit.count).toBe(2);
    expect(await books(stores)).toEqual(before);
  });

  it('confirms the payout of a payment provider, and the journal account of payouts is then zero', async () => {
    const stores = await library();
    const online = definePolicy({
      ...policy,
      onlinePayments: { method: 'ONLINE', shortfallFee: { feeType: 'OTHER', owner: 'MAIN' } },
    });
    const payment = { institution, onlinePaymentId: 'o1', at: day('11') };
    await startOnlinePayment(stores, online, { ...payment, parts: [{ patronId: 'dverma' }] });
    const captures = [{ externalTransactionId: 'pi_1', amount: '20.00', currency: 'EUR' }];
    await reportOnlinePayment(stores, online, { ...payment, captures });
    const money = {
      amount: '20.00',
      currency: 'EUR',
      gross: '20.00',
      fee: '0.68',
      net: '19.32',
      payoutCurrency: 'EUR',
    };
    const about = { rowId: 'txn_1', reference: 'o1', transaction: 'pi_1', type: 'capture' } as const;
    const rows = [{ ...about, ...money, payoutId: 'po_1', paidOn: '2026-03-13' }];
    await reconcilePayouts(stores, online, { institution, at: day('14') }, { rows });
    expect(await books(stores)).toMatchObject({ 'Assets:PaidOut:ONLINE': '19.32' });
    const report = await runBankReconciliation(stores, online, form, {
      entries: entries(...march, booked('19.32', '2026-03-14', 'B5', text('STRIPE PO_1'))),
    });
    expect(report).toMatchObject({
      confirmed: { payout: { count: 1, amount: '19.32' } },
      findings: { count: 0 },
    });
    const { 'Assets:PaidOut:ONLINE': left, 'Assets:Bank:GIRO': atBank } = await books(stores);
    expect([left, atBank]).toEqual([undefined, '471.82']);
  });

  it('has findings for everything that differs', async () => {
    const stores = await library();
    const heard: BankFinding[] = [];
    const report = await runBankReconciliation(stores, policy, form, {
      entries: entries(
        booked('32.00', '2026-03-03', 'B1', text('DEPOSIT SLIP 118')),
        booked('7.77', '2026-03-20', 'B5'),
        booked('1', '2026-03-20', 'B6').replace('"EUR"', '"CHF"'),
        booked('1,5', '2026-03-20', 'B7'),
      ),
      onFinding: (finding) => void heard.push(finding),
    });
    expect(heard.map(({ code }) => code)).toEqual([
      'AMOUNT_DIFFERS',
      'ENTRY_UNKNOWN',
      'OTHER_CURRENCY',
      'ENTRY_UNREADABLE',
      ...['NOT_AT_BANK', 'NOT_AT_BANK', 'NOT_AT_BANK', 'NOT_AT_BANK', 'NOT_AT_BANK'],
    ]);
    expect(heard[0]).toMatchObject({
      message: 'the bank has 32.00, the books have 32.50',
      entry: { amount: '32.00' },
    });
    expect(report).toMatchObject({ missing: { count: 5, amount: '452.50' }, pending: { count: 0 } });
    // By hand: the bank counted 0.50 less.
    const [differs] = heard as [BankFinding & { entry: BankEntry; items: [] }];
    const { entryId, bookedOn, amount } = differs.entry;
    const { decision } = await executeBank(stores.office, policy, giro, {
      ...{ type: 'ConfirmBankEntry', id: 'by hand', entryId, bookedOn, amount, items: differs.items },
      ...{ difference: { kind: 'overShort', amount: '-0.50' }, at: day('31'), by },
    } as const);
    expect(decision.accepted).toBe(true);
    expect(await books(stores)).toMatchObject({
      'Assets:Bank:GIRO': '32.00',
      'Expenses:OverShort:CASH': '0.50',
    });
  });

  it('leaves parts of a deposit to a person, who confirms and ends them; the journal then equals the statement', async () => {
    const stores = await library();
    const reasons = definePolicy({ ...policy, bankReasons: { FALSE: 'Counterfeit note' } });
    const safe = { kind: 'safeDeposit', depositId: 'd2', method: 'CASH' } as const;
    await executeBank(stores.office, policy, giro, {
      ...{ type: 'DepositFromSafe', id: 'd2', amount: '62', reference: 'slip 120', at: day('03'), by },
    } as const);
    // A deposit of 62.00 arrives as 40.00 and 22.00, and the bank takes a false note of 5.00 back.
    const list = [
      booked('40.00', '2026-03-04', 'B1', text('SLIP 120')),
      booked('22.00', '2026-03-05', 'B2', text('SLIP 120')),
      booked('-5.00', '2026-03-06', 'B3', text('CORRECTION SLIP 120')),
      booked('400.00', '2026-03-12', 'B4', text('WIRE 4711')),
    ];
    const run = async () => {
      const { findings, openItems } = await runBankReconciliation(stores, reasons, form, {
        entries: entries(...list),
      });
      const about = findings.first.flatMap((one) =>
        'items' in one &&
        (one.entry !== null || one.items.some((item) => 'depositId' in item && item.depositId === 'd2'))
          ? [`${one.code} ${one.entry?.amount}`]
          : [],
      );
      return {
        about,
        open: openItems.filter(({ reference }) => reference === 'slip 120').map(({ item }) => item),
      };
    };
    const byHand = async (id: string, amount: string, of: string) => {
      const entry = { entryId: id, bookedOn: '2026-03-04', amount, items: [{ ...safe, amount, of }] };
      const command = { type: 'ConfirmBankEntry', id, ...entry, at: day('31'), by } as const;
      expect(await executeBank(stores.office, reasons, giro, command)).toMatchObject({
        decision: { accepted: true },
      });
    };
    expect(await run()).toEqual({
      about: [
        'AMOUNT_DIFFERS 40.00',
        'AMOUNT_DIFFERS 22.00',
        'AMOUNT_DIFFERS -5.00',
        'NOT_AT_BANK undefined',
      ],
      open: [{ ...safe, amount: '62.00' }],
    });
    await byHand('2026-03-04/40.00/B1', '40.00', '62.00');
    // The rest has the amount of the entry that names it: a person says that it is this.
    expect(await run()).toEqual({
      about: ['AMOUNT_DIFFERS 22.00', 'AMOUNT_DIFFERS -5.00', 'NOT_AT_BANK undefined'],
      open: [{ ...safe, amount: '22.00', of: '62.00' }],
    });
    await byHand('2026-03-05/22.00/B2', '22.00', '62.00');
    expect(await run()).toEqual({ about: ['ENTRY_UNKNOWN -5.00'], open: [] });
    await byHand('2026-03-06/-5.00/B3', '-5.00', '62.00');
    const short = { ...safe, amount: '5.00', of: '62.00' };
    expect(await run()).toEqual({ about: ['NOT_AT_BANK undefined'], open: [short] });
    const end = { type: 'EndBankItem', id: 'e1', item: short, reason: 'FALSE', at: day('31'), by } as const;
    expect((await executeBank(stores.office, reasons, giro, end)).decision.accepted).toBe(true);
    expect(await run()).toEqual({ about: [], open: [] });
    expect(await books(stores)).toMatchObject({
      'Assets:Bank:GIRO': '457.00',
      'Expenses:BankOther:FALSE': '5.00',
    });
    const undo = { type: 'ReverseBankRecord', id: 'u', recordId: 'e1', at: day('31'), by } as const;
    await executeBank(stores.office, reasons, giro, undo);
    expect(await run()).toEqual({ about: ['NOT_AT_BANK undefined'], open: [short] });
  });

  it('confirms one deposit by an entry without a reference of the bank that two overlapping statements have', async () => {
    const stores = await library();
    for (const [id, amount] of [
      ['d2', '15'],
      ['d3', '15'],
    ] as const)
      await executeBank(stores.office, policy, giro, {
        ...{ type: 'DepositFromSafe', id, amount, reference: 'slip 120', at: day('04'), by },
      } as const);
    const entry = (amount: string) => booked(amount, '2026-03-05', '', text('SLIP 120'));
    const run = (id: string, ...list: readonly string[]) =>
      runBankReconciliation(stores, policy, form, { entries: readCamt053([camt053(list.join(''), { id })]) });
    // Two deposits of one slip and amount: which of them the entry is, a person says.
    expect(await run('S1', entry('15.00'))).toMatchObject({ findings: { byCode: { ENTRY_AMBIGUOUS: 1 } } });
    const item = { kind: 'safeDeposit', depositId: 'd2', method: 'CASH', amount: '15.00' } as const;
    await executeBank(stores.office, policy, giro, {
      ...{ type: 'ConfirmBankEntry', id: 'c', entryId: 'S1/1', bookedOn: '2026-03-05', amount: '15' },
      ...{ items: [item], at: day('31'), by },
    } as const);
    // The next statement has it at another place: it confirms nothing more.
    const again = await run('S2', booked('32.50', '2026-03-03', 'B1', text('SLIP 118')), entry('15.00'));
    expect(again).toMatchObject({
      confirmed: { deposit: { count: 2 }, safeDeposit: { count: 0 } },
      findings: { byCode: { ENTRY_AMBIGUOUS: 1 } },
    });
    expect(await books(stores)).toMatchObject({ 'Assets:Bank:GIRO': '47.50' });
  });

  it('names nothing that is open: the entry is unknown, and all open items are listed, the oldest first', async () => {
    const stores = await library();
    const gift = booked('40.00', '2026-03-05', 'B5', text('Spende Meier 40.00'));
    const { findings, openItems, confirmed } = await runBankReconciliation(stores, policy, form, {
      entries: entries(gift),
    });
    expect(confirmed.safeDeposit.count).toBe(0);
    expect(findings.first).toMatchObject([
      {
        code: 'ENTRY_UNKNOWN',
        message: '40.00 of 2026-03-05 (2026-03-05/40.00/B5) names nothing that is open',
      },
    ]);
    expect(openItems.map(({ day: on, reference, item }) => [on, reference, item.amount])).toEqual([
      ['2026-03-02', 'slip 118', '12.50'],
      ['2026-03-02', 'slip 118', '20.00'],
      ['2026-03-03', 'slip 119', '40.00'],
      ['2026-03-09', '4711', '-20.00'],
      ['2026-03-10', 'Wire 4711', '400.00'],
    ]);
  });

  it('leaves out payments of others, items that are not late yet, and items of another period', async () => {
    const stores = await library();
    const early = { ...form, through: '2026-03-09', otherEntries: 'ignore' } as const;
    const report = await runBankReconciliation(stores, policy, early, {
      entries: entries(booked('7.77', '2026-03-09', 'B5'), march[0] as string),
    });
    expect(report).toMatchObject({
      pending: { count: 2, amount: '20.00' },
      missing: { count: 0 },
      findings: { count: 0 },
    });
  });

  it('confirms a batch that names two slips', async () => {
    const stores = await library();
    const part = (amount: string, words: string) =>
      details(
        `<AmtDtls><TxAmt><Amt Ccy="EUR">${amount}</Amt></TxAmt></AmtDtls><RmtInf><Ustrd>${words}</Ustrd></RmtInf>`,
      );
    const batch = booked(
      '440.00',
      '2026-03-11',
      'B9',
      `<NtryDtls>${part('40.00', 'slip 119')}${part('400.00', 'wire 4711')}</NtryDtls>`,
    );
    // Both slips are its sum, so one confirmation has them all.
    const report = await runBankReconciliation(stores, policy, form, { entries: entries(batch) });
    expect(report).toMatchObject({
      entries: 1,
      confirmed: { safeDeposit: { count: 1 }, remittance: { count: 1 } },
    });
    const again = await runBankReconciliation(stores, policy, form, { entries: entries(batch) });
    expect(again).toMatchObject({ entries: 1, known: 1 });
  });

  it('confirms the parts of a batch one by one if some name nothing, or a slip has another amount', async () => {
    const batch = (...parts: readonly (readonly [string, string])[]): BankEntry => ({
      ...{ entryId: 'B9', account: null, bookedOn: '2026-03-11', amount: '441.00', currency: 'EUR' },
      ...{ references: parts.map(([, reference]) => reference) },
      parts: parts.map(([amount, reference]) => ({ amount, references: [reference] })),
    });
    const run = async (stores: Stores, entry: BankEntry) => {
      const { confirmed, known, findings } = await runBankReconciliation(stores, policy, form, {
        entries: [entry],
      });
      const about = findings.first.flatMap((one) =>
        'entry' in one && one.entry !== null ? [`${one.code} ${one.entry.entryId}`] : [],
      );
      return [confirmed.safeDeposit.amount, confirmed.remittance.amount, known, ...about];
    };
    const stores = await library();
    const gift = batch(['40.00', 'SLIP 119'], ['400.00', 'WIRE 4711'], ['1.00', 'a gift']);
    expect(await run(stores, gift)).toEqual(['40.00', '400.00', 0, 'ENTRY_UNKNOWN B9#3']);
    expect(await run(stores, gift)).toEqual(['0.00', '0.00', 2, 'ENTRY_UNKNOWN B9#3']);
    const more = batch(['41.00', 'SLIP 119'], ['400.00', 'WIRE 4711']);
    expect(await run(await library(), more)).toEqual(['0.00', '400.00', 0, 'AMOUNT_DIFFERS B9#1']);
    const strangers = batch(['440.00', 'rent'], ['1.00', 'a gift']);
    expect(await run(await library(), strangers)).toEqual(['0.00', '0.00', 0, 'ENTRY_UNKNOWN B9']);
  });

  it('confirms no item that another account has confirmed, and does not report it as missing', async () => {
    const stores = await library();
    await runBankReconciliation(stores, policy, form, { entries: entries(...march) });
    const deposit = {
      type: 'DepositFromSafe',
      id: 'd1',
      amount: '40',
      reference: 'slip 201',
      at: day('11'),
      by,
    } as const;
    const savings = { ...form, bank: 'SAVINGS', withinDays: 0 };
    await executeBank(stores.office, policy, { institution, bank: 'SAVINGS' }, deposit);
    const report = await runBankReconciliation(stores, policy, savings, {
      entries: entries(
        booked('400.00', '2026-03-12', 'S1', text('WIRE 4711')),
        booked('40.00', '2026-03-11', 'S2', text('SLIP 201')),
      ),
    });
    expect(report).toMatchObject({
      confirmed: { remittance: { count: 0 }, safeDeposit: { count: 1, amount: '40.00' } },
      missing: { count: 0 },
      findings: { count: 1, first: [{ code: 'ENTRY_UNKNOWN', entry: { amount: '400.00' } }] },
    });
    // The bank had it on the other account.
    const recordId = '2026-03-12/400.00/B4';
    await executeBank(stores.office, policy, giro, {
      ...{ type: 'ReverseBankRecord', id: 'u', recordId, at: day('31'), by },
    } as const);
    expect(
      await runBankReconciliation(stores, policy, savings, {
        entries: entries(booked('400.00', '2026-03-10', 'S3', text('WIRE 4711'))),
      }),
    ).toMatchObject({ confirmed: { remittance: { count: 1 } } });
  });

  it('reports an item that two accounts confirmed at the same moment, until one confirmation is undone', async () => {
    const stores = await library();
    const item = { kind: 'remittance', destination: 'AGENCY', remittanceId: 'r1', amount: '400.00' } as const;
    const confirmed = { bookedOn: '2026-03-12', amount: '400', items: [item], at: day('12'), by } as const;
    const command = { type: 'ConfirmBankEntry', id: 'c1', entryId: 'E1', ...confirmed } as const;
    // Both were decided before either was stored.
    const { events } = decideBank(command, noBankAccount, policy);
    await stores.office.append({ institution, stream: 'bank:GIRO' }, events, { expectedVersion: 1 });
    await stores.office.append({ institution, stream: 'bank:SAVINGS' }, events, { expectedVersion: 0 });
    const run = () =>
      runBankReconciliation(stores, policy, { ...form, otherEntries: 'ignore' }, { entries: [] });
    expect(await run()).toMatchObject({
      findings: {
        count: 1,
        first: [
          {
            code: 'CONFIRMED_TWICE',
            items: [item],
            message: 'SAVINGS and another account have confirmed this',
          },
        ],
      },
    });
    const undo = { type: 'ReverseBankRecord', id: 'u', recordId: 'c1', at: day('31'), by } as const;
    await executeBank(stores.office, policy, { institution, bank: 'SAVINGS' }, undo);
    expect(await run()).toMatchObject({ findings: { count: 0 } });
  });

  it('reports confirmations of items that the books no longer have, or have with another amount', async () => {
    const stores = await library();
    await runBankReconciliation(stores, policy, form, { entries: entries(...march) });
    const run = () => runBankReconciliation(stores, policy, form, { entries: [] });
    expect(await run()).toMatchObject({ findings: { count: 0 } });
    // A clerk takes the remittance back, and confirms a count of the till by hand with the amount of the bank.
    const undo = { id: 'u', destination: 'AGENCY', remittanceId: 'r1', at: day('31'), by } as const;
    await executeRemittance(stores.office, policy, { institution }, { type: 'ReverseRemittance', ...undo });
    const item = { kind: 'deposit', till: 'CIRC', sessionId: 's1', method: 'COIN', amount: '1.00' } as const;
    await executeBank(stores.office, policy, giro, {
      ...{ type: 'ConfirmBankEntry', id: 'c', entryId: 'E', bookedOn: '2026-03-20', amount: '1' },
      ...{ items: [item], at: day('31'), by },
    } as const);
    const remittance = { kind: 'remittance', destination: 'AGENCY', remittanceId: 'r1', amount: '400.00' };
    const message = 'the books have no such item of 400.00';
    expect((await run()).findings).toMatchObject({
      count: 2,
      first: [
        { code: 'CONFIRMED_WRONGLY', entry: null, items: [remittance], message },
        { code: 'CONFIRMED_WRONGLY', items: [item] },
      ],
    });
    // Where a till cannot be read, what it has is not known.
    const closed = (await stores.office.read({ institution, stream: 'till:CIRC' })).events.at(-1)?.event;
    const broken = { institution, stream: 'till:BROKEN' };
    await stores.office.append(broken, [closed as never], { expectedVersion: 0 });
    expect((await run()).findings).toMatchObject({ count: 1, first: [{ code: 'CORRUPT_HISTORY' }] });
  });

  it('reports confirmed returns of payments that no account has, but not those of accounts that were purged', async () => {
    const stores = await library();
    const returned = (patronId: string, reversalId: string, amount: string) =>
      ({ kind: 'returned', patronId, reversalId, method: 'CHECK', amount }) as const;
    const confirm = (id: string, amount: string, item: BankItem) =>
      executeBank(stores.office, policy, giro, {
        ...{ type: 'ConfirmBankEntry', id, entryId: id, bookedOn: '2026-03-20', amount, items: [item] },
        ...{ at: day('31'), by },
      } as const);
    const known = returned('dverma', 'b1', '-20.00');
    const nobody = returned('nobody', 'b9', '-900.00');
    const another = returned('dverma', 'b2', '-7.00');
    await confirm('c1', '-20', known);
    await confirm('c2', '-900', nobody);
    await confirm('c3', '-7', another);
    const run = () => runBankReconciliation(stores, policy, form, { entries: [] });
    const wrong = async () =>
      (await run()).findings.first
        .filter(({ code }) => code === 'CONFIRMED_WRONGLY')
        .map((finding) => ('items' in finding ? finding.items[0] : null));
    expect(await wrong()).toEqual([another, nobody]);
    // What is not readable is not accused; nor is what a purge has removed.
    const append = (patronId: string, event: AccountEvent) =>
      stores.accounts.append({ institution, patronId }, [event], { expectedVersion: 0 });
    const lone = (await stores.accounts.read(patron)).events.at(-1)?.event as AccountEvent;
    await append('nobody', lone);
    expect(await wrong()).toEqual([another]);
    await confirm('c4', '-5', returned('gone', 'b8', '-5.00'));
    await append('gone', (await stores.accounts.read(patron)).events[0]?.event as AccountEvent);
    expect(await wrong()).toHaveLength(2);
    const data = { purgeId: 'purge', events: 1, currency: 'EUR', totals: [], at: day('30') };
    await stores.accounts.purge({ institution, patronId: 'gone' }, { type: 'AccountPurged', data });
    expect(await wrong()).toEqual([another]);
  });

  it('leaves out entries of other accounts', async () => {
    const stores = await library();
    const entry = (entryId: string, account: string | null, amount: string, reference = ''): BankEntry => ({
      ...{ entryId, account, bookedOn: '2026-03-12', amount, currency: 'EUR', parts: [] },
      references: [reference],
    });
    const list = [
      entry('B1', 'DE89 3704', '32.50', 'slip 118'),
      entry('B2', 'DE2', '40.00', 'slip 119'),
      { ...entry('B3', 'de 2', '1.00'), currency: 'CHF' },
      entry('B4', null, '7.77'),
    ];
    const dry = { ...form, record: false, withinDays: 20 };
    expect(await runBankReconciliation(stores, policy, dry, { entries: list })).toMatchObject({
      ...{ entries: 2, otherAccounts: 2 },
      confirmed: { deposit: { amount: '32.50' }, safeDeposit: { count: 0 } },
      findings: {
        count: 2,
        first: [
          { code: 'OTHER_ACCOUNT', message: 'expected DE893704, found DE2: name one in form.account' },
          { code: 'ENTRY_UNKNOWN', entry: { entryId: 'B4' } },
        ],
      },
    });
    const ofSecond = { ...dry, account: 'de2' };
    expect(await runBankReconciliation(stores, policy, ofSecond, { entries: list })).toMatchObject({
      ...{ entries: 3, otherAccounts: 1 },
      confirmed: { deposit: { count: 0 }, safeDeposit: { amount: '40.00' } },
      findings: { count: 2, first: [{ code: 'OTHER_CURRENCY' }, { code: 'ENTRY_UNKNOWN' }] },
    });
    // Each other account is reported once.
    const third = [...list, entry('B5', 'DE3', '1.00'), entry('B6', 'DE2', '1.00')];
    expect(await runBankReconciliation(stores, policy, dry, { entries: third })).toMatchObject({
      ...{ otherAccounts: 4, findings: { byCode: { OTHER_ACCOUNT: 2 } } },
    });
  });

  it('confirms an entry again after its confirmation was reversed', async () => {
    const stores = await library();
    const run = () => runBankReconciliation(stores, policy, form, { entries: entries(...march) });
    await run();
    const all = await books(stores);
    const recordId = '2026-03-04/40.00/B2';
    await executeBank(stores.office, policy, giro, {
      type: 'ReverseBankRecord',
      id: 'u',
      recordId,
      at: day('31'),
      by,
    });
    expect(await books(stores)).toMatchObject({ 'Assets:Deposited:CASH': '40.00' });
    expect(await run()).toMatchObject({ known: 3, confirmed: { safeDeposit: { count: 1 } } });
    expect(await books(stores)).toEqual(all);
  });

  it('reports refused entries, and streams of the office that cannot be read', async () => {
    const stores = await library();
    const strict = definePolicy({ ...policy, permissions: { ConfirmBankEntry: { FINANCE: {} } } });
    const report = await runBankReconciliation(stores, strict, form, { entries: entries(...march) });
    expect(report.findings).toMatchObject({ count: 4 });
    expect(report.findings.first[0]).toMatchObject({ code: 'ENTRY_REFUSED' });
    const closed = (await stores.office.read({ institution, stream: 'till:CIRC' })).events.at(-1)?.event;
    await stores.office.append({ institution, stream: 'till:BROKEN' }, [closed as never], {
      expectedVersion: 0,
    });
    const broken = await runBankReconciliation(stores, policy, form, { entries: entries(...march) });
    expect(broken.findings.first).toMatchObject([{ code: 'CORRUPT_HISTORY', stream: 'till:BROKEN' }]);
  });

  it('records entries of long ago, although the policy limits backdating at a desk', async () => {
    const prompt = definePolicy({ ...policy, backdating: { days: 7 } });
    const report = await runBankReconciliation(await library(), prompt, form, { entries: entries(...march) });
    expect(report).toMatchObject({ confirmed: { deposit: { count: 2 } }, findings: { count: 0 } });
  });

  it('can be stopped, and throws the error of its entries', async () => {
    const stores = await library();
    const stop = new AbortController();
    async function* endless(): AsyncGenerator<BankEntry | UnreadableRow> {
      yield* entries(...march);
      stop.abort();
      yield* entries(...march);
    }
    const options = { entries: endless(), signal: stop.signal };
    await expect(runBankReconciliation(stores, policy, form, options)).rejects.toMatchObject({
      code: 'JOB_CANCELLED',
    });
    const none = readCamt053(join(folder, 'missing.xml'));
    await expect(runBankReconciliation(stores, policy, form, { entries: none })).rejects.toThrow('ENOENT');
    await expect(runBankReconciliation(stores, policy, form, {} as never)).rejects.toThrow('options.entries');
  });

  itWith(['hledger', 'bean-check'], 'is posted in books that hledger and beancount accept', async () => {
    const stores = await library();
    await runBankReconciliation(stores, policy, form, { entries: entries(...march) });
    for (const format of ['hledger', 'beancount'] as const) {
      const file = join(folder, `fees.${format}`);
      await runJournalExport(stores, policy, { institution, format, timeZone: 'UTC' }, { file });
      if (format === 'beancount') expect(beanCheck(file)).toEqual({ ok: true, output: '' });
      else {
        expect(hledger(file, 'check', '--strict')).toEqual({ ok: true, output: '' });
        const balances = hledgerBalances(file);
        expect(balances.get('Assets:Bank:GIRO EUR')).toBe('452.50');
        expect(Number(balances.get('Assets:Deposited:CASH EUR'))).toBe(0);
      }
    }
  });
});
