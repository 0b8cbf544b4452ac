import { describe, expect, it } from 'vitest';
import { executeRemittance, type RemittanceCommand, runBursarBalances } from '../../src/bursar/index.js';
import { execute, memoryEventStore } from '../../src/history/index.js';
import { journalText } from '../../src/jobs/reports/index.js';
import { officeEvents } from '../../src/office/index.js';
import { received, undone } from '../office/remittances/remittances.js';
import { ask, assess } from '../support/account.js';
import { randomAccounts } from '../support/randomAccounts.js';
import { tickingStore } from '../support/stores.js';
import { expecting } from './bursarLibrary.js';

const form = { institution: 'north', timeZone: 'UTC', asOf: '2026-03-31' };
const cents = (amount: string) => Math.round(Number(amount) * 100);

describe('the balances of external systems', () => {
  it('have a finding for a remittance of 100,000.00 where 160.00 is due', async () => {
    const now = () => '2026-03-02T09:00:00Z';
    const accounts = memoryEventStore({ now });
    const office = memoryEventStore({ now, codec: officeEvents });
    await execute(accounts, expecting, { institution: 'north', patronId: 'u1' }, [
      assess('f1', '160.00'),
      ask('TransferFees', 'A', { fees: [{ feeId: 'f1' }], destination: 'BANNER' }),
      ask('SettleTransfer', 's1', { transferId: 'A', amount: '160.00' }),
    ]);
    const findingsAfter = async (...commands: readonly RemittanceCommand[]) => {
      for (const command of commands) {
        const about = { ...command, destination: 'BANNER' };
        await executeRemittance(office, expecting, { institution: 'north' }, about);
      }
      const told: unknown[] = [];
      const options = { onFinding: (finding: unknown) => void told.push(finding) };
      const { findings } = await runBursarBalances({ accounts, office }, expecting, form, options);
      expect(told).toEqual(findings.first);
      return findings.first;
    };
    const wrong = {
      code: 'REMITTED_ABOVE_DUE',
      institution: 'north',
      destination: 'BANNER',
      settled: '160.00',
      remitted: '100000.00',
      message: 'BANNER handed over 100000.00, and had 160.00',
    };
    expect(await findingsAfter(received('r1', '150', { commission: '10' }))).toEqual([]);
    expect(await findingsAfter(undone('u1', 'r1'), received('r2', '100000'))).toEqual([wrong]);
    // The transfers of some batches do not say what is due.
    const ofBatch = { ...form, batches: ['B'] };
    expect((await runBursarBalances({ accounts, office }, expecting, ofBatch)).findings.count).toBe(0);
    expect(await findingsAfter(undone('u2', 'r2'))).toEqual([]);
    const paid = { ...received('r3', '5'), direction: 'paid' } as const;
    expect(await findingsAfter(paid)).toMatchObject([{ remitted: '-5.00' }]);
  });

  it('are grouped by batch, with the money handed over by system', async () => {
    const now = () => '2026-03-02T09:00:00Z';
    const accounts = memoryEventStore({ now });
    const office = memoryEventStore({ now, codec: officeEvents });
    for (const patronId of ['u1', 'u2']) {
      await execute(accounts, expecting, { institution: 'north', patronId }, [
        assess('f1', '30.00'),
        ask('TransferFees', 'A', {
          fees: [{ feeId: 'f1' }],
          destination: 'BANNER',
          at: '2026-03-02T09:00:00Z',
        }),
        assess('f2', '7.00'),
        ask('TransferFees', 'B', {
          fees: [{ feeId: 'f2' }],
          destination: 'BANNER',
          at: '2026-03-05T09:00:00Z',
        }),
      ]);
    }
    await execute(accounts, expecting, { institution: 'north', patronId: 'u1' }, [
      ask('SettleTransfer', 's1', { transferId: 'A', amount: '32.00' }),
    ]);
    const banner = { destination: 'BANNER' };
    const bursar = [
      received('r1', '20', { ...banner, commission: '5', surplus: '2' }),
      received('r2', '1', banner),
      { ...undone('u', 'r2'), ...banner },
    ];
    for (const command of bursar) {
      const { decision } = await executeRemittance(office, expecting, { institution: 'north' }, command);
      expect(decision.accepted).toBe(true);
    }
    const report = await runBursarBalances({ accounts, office }, expecting, form);
    expect(report).toMatchObject({ institution: 'north', asOf: '2026-03-31', currency: 'USD' });
    expect(report.batches).toEqual([
      {
        destination: 'BANNER',
        batchId: 'A',
        transfers: 2,
        amount: '60.00',
        settled: '30.00',
        reversed: '0.00',
        surplus: '2.00',
        recalled: '0.00',
        pending: '30.00',
        pendingTransfers: 1,
        pendingSince: '2026-03-02T09:00:00Z',
      },
      expect.objectContaining({ batchId: 'B', amount: '14.00', pending: '14.00', pendingTransfers: 2 }),
    ]);
    expect(report.systems).toEqual([
      expect.objectContaining({
        transfers: 4,
        pending: '44.00',
        remitted: '20.00',
        commission: '5.00',
        due: '7.00',
      }),
    ]);
    const before = { ...form, asOf: '2026-03-01' };
    expect(await runBursarBalances({ accounts, office }, expecting, before)).toMatchObject({
      batches: [],
      systems: [],
    });
  });

  it('has a system that handed over money without transfers', async () => {
    const now = () => '2026-03-02T09:00:00Z';
    const stores = {
      accounts: memoryEventStore({ now }),
      office: memoryEventStore({ now, codec: officeEvents }),
    };
    const money = received('r1', '20', { destination: 'BANNER' });
    await executeRemittance(stores.office, expecting, { institution: 'north' }, money);
    expect((await runBursarBalances(stores, expecting, form)).systems).toMatchObject([
      { destination: 'BANNER', transfers: 0, remitted: '20.00', due: '-20.00' },
    ]);
    const { destination: _, ...unnamed } = received('r1', '5', {});
    await executeRemittance(stores.office, expecting, { institution: 'north' }, unnamed);
    expect((await runBursarBalances(stores, expecting, form)).systems).toMatchObject([
      { destination: null, transfers: 0, remitted: '5.00', due: '-5.00' },
      { destination: 'BANNER', remitted: '20.00' },
    ]);
    const only = { ...form, destinations: ['BANNER'] };
    expect((await runBursarBalances(stores, expecting, only)).systems).toHaveLength(1);
  });

  it.each([
    ['fixed', 1],
    ['random', undefined],
  ])('are those of the journal, for %s accounts', async (which, seed) => {
    const accounts = tickingStore();
    for (const { patronId, events } of randomAccounts(150, seed)) {
      await accounts.append({ institution: 'north', patronId }, events, { expectedVersion: 0 });
    }
    const report = await runBursarBalances({ accounts }, expecting, { ...form, asOf: '2099-01-01' });
    const pieces = journalText(accounts, expecting, { institution: 'north', timeZone: 'UTC', format: 'csv' });
    let end = await pieces.next();
    while (end.done !== true) end = await pieces.next();
    const inJournal = (...kinds: string[]) =>
      end.done === true &&
      end.value.balances
        .filter(({ account, currency }) => currency === 'USD' && kinds.includes(account[0]))
        .reduce((sum, { amount }) => sum + cents(amount), 0);
    const sum = (field: 'pending' | 'due' | 'settled' | 'surplus') =>
      report.systems.reduce((total, system) => total + cents(system[field]), 0);
    expect(sum('pending')).toBe(inJournal('transferred'));
    expect(sum('settled')).toBe(inJournal('settled'));
    expect(sum('surplus')).toBe(inJournal('settlementSurplus'));
    expect(sum('due')).toBe(inJournal('settled', 'settlementSurplus'));
    if (which === 'fixed') expect(sum('settled')).not.toBe(0);
    for (const field of ['amount', 'settled', 'recalled', 'pending'] as const) {
      const ofBatches = report.batches.reduce((total, batch) => total + cents(batch[field]), 0);
      expect(ofBatches).toBe(report.systems.reduce((total, system) => total + cents(system[field]), 0));
    }
  });
});
