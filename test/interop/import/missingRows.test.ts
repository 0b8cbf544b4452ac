import { describe, expect, it } from 'vitest';
import { memoryEventStore } from '../../../src/history/memoryEventStore.js';
import { type EvergreenTables, evergreenAccounts } from '../../../src/interop/evergreen/evergreenAccounts.js';
import { importEvents } from '../../../src/interop/import/importEvents.js';
import { openingBalances } from '../../../src/interop/import/openingBalances.js';
import { runImport } from '../../../src/interop/import/runImport.js';
import { policy } from '../evergreen/evergreenImport.js';
import { billable_xact, billing, payment } from '../evergreen/evergreenSamples.js';
import { listOf } from './importLaws.js';

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
