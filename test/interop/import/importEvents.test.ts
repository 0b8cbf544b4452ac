import { describe, expect, it } from 'vitest';
import { memoryEventStore } from '../../../src/history/memoryEventStore.js';
import { definePolicy } from '../../../src/index.js';
import { type EvergreenTables, evergreenAccounts } from '../../../src/interop/evergreen/evergreenAccounts.js';
import { checkedReadOptions, importEvents, isImported } from '../../../src/interop/import/importEvents.js';
import { openingBalances } from '../../../src/interop/import/openingBalances.js';
import { runImport } from '../../../src/interop/import/runImport.js';
import { policy } from '../evergreen/evergreenImport.js';
import { billable_xact, billing, payment } from '../evergreen/evergreenSamples.js';
import { account, balance, change, charge, imported } from './foreign.js';
import { listOf } from './importLaws.js';

describe('importEvents', () => {
  describe('the events of an import', () => {
    it('are in the order of their times, and never before the charge they are about', () => {
      const paid = [{ feeId: 'x/f1', amount: 100 }];
      const changes = [
        change(0, { kind: 'payment', paymentId: 'x/p', method: 'CASH', paid }),
        change(9, { kind: 'waiver', id: 'x/w', waived: paid }),
        charge(5, 1_000),
      ];
      expect(imported(account(changes, [balance(800)])).events).toEqual([
        'FeeAssessed 10.00',
        'PaymentReceived 1.00',
        'FeeWaived 1.00',
      ]);
    });

    it('leave out what earlier imports recorded, and keep what was done here', () => {
      const first = imported(account([charge(0, 1_000)], [balance(1_000)]));
      const here = {
        type: 'FeeWaived',
        data: { waiverId: 'w1', feeId: 'x/f1', amount: '4.00', currency: 'USD', at: '2026-04-01T09:00:00Z' },
      } as const;
      const paid = [{ feeId: 'x/f1', amount: 100 }];
      const later = change(9, { kind: 'payment', paymentId: 'x/p', method: 'CASH', paid });
      const second = imported(account([charge(0, 1_000), later], [balance(900)]), [...first.all, here]);
      expect(second).toMatchObject({ events: ['PaymentReceived 1.00'], findings: [], owed: { 'x/f1': 500 } });
    });

    it('are recognised by the channel and the ids of the system', () => {
      const [event] = importEvents(account([charge(0, 1_000)], [balance(1_000)]), {
        institution: 'north',
      }).events;
      expect(event?.data.by).toEqual({ channel: 'import', institution: 'north' });
      expect(event !== undefined && isImported(event, 'x')).toBe(true);
      expect(event !== undefined && isImported(event, 'y')).toBe(false);
      const data = { feeId: 'x/f1', disputeId: 'x/d', at: '2026-03-02T09:00:00Z' };
      expect(isImported({ type: 'FeeDisputed', data }, 'x')).toBe(false);
    });
  });

  const policy = definePolicy({ currency: 'JPY' });

  describe('the options of an import', () => {
    it('name codes, and know the currency and the lost-item types', () => {
      const options = checkedReadOptions({
        policy,
        feeTypes: { LOST: 'LOSTITEMREPLACEMENTFEE' },
        owner: 'MAIN',
      });
      expect(options).toMatchObject({ currency: 'JPY', digits: 0, owner: 'MAIN' });
      expect(options.named('feeTypes', 'LOST')).toBe('LOSTITEMREPLACEMENTFEE');
      expect(options.named('feeTypes', 'constructor')).toBe('constructor');
      expect(options.named('methods', 'CASH')).toBe('CASH');
      expect(['LOSTITEMREPLACEMENTFEE', 'OTHER', '__proto__'].map(options.isLostItem)).toEqual([
        true,
        false,
        false,
      ]);
      expect(options.time('2026-03-02 10:15:00')?.at).toBe('2026-03-02T10:15:00.000Z');
    });

    it('have orders of dates and marks of amounts', () => {
      const options = checkedReadOptions({ policy, dayOrder: 'DD.MM.YYYY', decimalMark: ',' });
      expect([options.timeExpected, options.amountExpected]).toEqual([
        'a date and time, as DD.MM.YYYY or ISO 8601',
        'an amount of at most 12 digits with "," before its decimals',
      ]);
      expect(options.time('02.03.2026')?.at).toBe('2026-03-02T00:00:00.000Z');
      expect(options.amount('1.250', 'halfUp')?.minor).toBe(1250);
    });

    it('refuse unknown fields', () => {
      const refused = (options: object) => () => checkedReadOptions({ policy, ...options });
      expect(refused({ timeZone: 'Mars' })).toThrow(
        'options.timeZone: expected a time zone that this runtime knows',
      );
      expect(refused({ dayOrder: 'DD.MM.YY' })).toThrow('options.dayOrder: expected one of');
      expect(refused({ decimalMark: ';' })).toThrow(
        'options.decimalMark: expected a point or a comma, found ";"',
      );
      expect(refused({ feeTypse: {} })).toThrow('options.feeTypse');
      expect(() => checkedReadOptions({} as never)).toThrow('options.policy: missing (expected a policy)');
      expect(() => checkedReadOptions({ policy: {} as never })).toThrow('INVALID_POLICY');
    });
  });
});

const tables = { billable_xact, billing, payment };
const form = { jobId: 'move', institution: 'north' };
const moved = (
  store: ReturnType<typeof memoryEventStore>,
  others: Partial<EvergreenTables>,
  withdrawn = false,
) =>
  runImport(
    store,
    policy,
    { ...form, withdrawn },
    {
      accounts: evergreenAccounts({ ...tables, ...others }, { policy }),
    },
  );

describe('rows of earlier imports that are missing', () => {
  it('are findings, and nothing is corrected', async () => {
    const store = memoryEventStore({ now: () => '2026-04-01T00:00:00Z' });
    const first = await moved(store, {});
    expect(first.total).toMatchObject({ owed: '492.80', difference: '0.00' });
    const paid = billable_xact.filter(({ id }) => payment.some(({ xact }) => xact === id));
    const patrons = new Set(paid.map(({ usr }) => usr)).size;
    for (const lacking of [{ payment: [] }, { billing: [] }]) {
      const report = await moved(store, lacking);
      expect([report.events, report.findings.byCode]).toEqual([0, { ROWS_MISSING: patrons }]);
    }
    expect((await moved(store, {})).total).toMatchObject({ owed: '492.80', difference: '0.00' });
    const [finding] = (await moved(store, { payment: payment.slice(1) })).findings.first;
    expect(finding).toMatchObject({ code: 'ROWS_MISSING', patronId: '5' });
    expect(finding?.message).toBe(
      'rows: expected the rows of earlier imports, found none of evergreen/payment/1',
    );
  });

  it('are corrected if they were withdrawn there', async () => {
    const store = memoryEventStore({ now: () => '2026-04-01T00:00:00Z' });
    await moved(store, {});
    const report = await moved(store, { payment: [] }, true);
    expect(report.total).toMatchObject({ difference: '0.00' });
    expect(report.findings.byCode).toHaveProperty('BalanceDiffers');
    expect(report.findings.byCode).not.toHaveProperty('ROWS_MISSING');
  });

  it('of opening balances change nothing: the other rows are imported', async () => {
    const fee = { patronId: 'u17', feeType: 'OTHER', owner: 'MAIN', at: '2026-03-02', amount: '5.00' };
    const read = async (ids: readonly string[]) => {
      const rows = ids.map((id) => ({ ...fee, id }));
      const [account] = await listOf(openingBalances(rows, { policy }));
      if (account === undefined) throw new Error('no account');
      return account;
    };
    const { events } = importEvents(await read(['F-1', 'F-2', 'F-2']));
    const later = importEvents(await read(['F-2', 'F-3']), { history: events });
    expect(later.events.map(({ data }) => 'feeId' in data && data.feeId)).toEqual(['import/F-3']);
    expect(later.findings).toMatchObject([{ code: 'ROWS_MISSING', row: { missing: ['import/F-1'] } }]);
    const six = importEvents(await read(['F-1', 'F-2', 'F-3', 'F-4', 'F-5', 'F-6', 'F-7']));
    const [finding] = importEvents(await read(['F-7']), { history: six.events }).findings;
    expect(finding?.message).toMatch(/import\/F-5 and 1 more$/);
  });
});
