import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BursarChange,
  type BursarChangesForm,
  bursarChangesCsv,
  runBursarChanges,
  runOpenItems,
} from '../../src/bursar/index.js';
import { execute, memoryEventStore } from '../../src/history/index.js';
import type { Command } from '../../src/index.js';
import { ask, assess, assessLost } from '../support/account.js';
import { LAW_TIMEOUT_MS, seeded } from '../support/seeded.js';
import { expecting } from './bursarLibrary.js';

const day = (n: number) => new Date(Date.UTC(2026, 2, n, 9)).toISOString();
const transfer = (id: string, feeId: string) =>
  ask('TransferFees', id, { fees: [{ feeId }], destination: 'BANNER' });

function library() {
  const clock = { day: 1 };
  const store = memoryEventStore({ now: () => day(clock.day) });
  const run = async (when: number, ...commands: Command[]) => {
    clock.day = when;
    const { decision } = await execute(store, expecting, { institution: 'north', patronId: 'u1' }, commands);
    return decision.accepted;
  };
  const changes = async (from: number, to: number, more: Partial<BursarChangesForm> = {}, options = {}) => {
    const form = { institution: 'north', destination: 'BANNER', from: day(from), before: day(to), ...more };
    const lines: BursarChange[] = [];
    for await (const line of runBursarChanges(store, expecting, form, options)) lines.push(line);
    return lines;
  };
  return { store, run, changes };
}

const brief = ({ reference, before, settled, change, after, paidHere, waivedHere }: BursarChange) =>
  [reference, before, settled, change, after, paidHere, waivedHere].join(' ');

const atDesk = (id: string, transferId: string, feeId: string, amount: string) => [
  ask('RecallTransfer', `${id}/recall`, { transferId, amount }),
  ask('ReceivePayment', id, { amount, method: 'CASH', feeIds: [feeId] }),
];

describe('the changes since a placement', () => {
  it('include payments at the desk, but not those that the agency reported', async () => {
    const { run, changes } = library();
    await run(1, assess('f1', '30.00'), assess('f2', '9.00'), transfer('t1', 'f1'), transfer('t2', 'f2'));
    await run(
      5,
      ...atDesk('p1', 't1', 'f1', '10.00'),
      ask('SettleTransfer', 's1', { transferId: 't1', amount: '5.00' }),
    );
    await run(6, ask('SettleTransfer', 's2', { transferId: 't2', amount: '9.00' }));
    expect((await changes(3, 8)).map(brief)).toEqual(['u1@t1 30.00 5.00 -10.00 15.00 10.00 0.00']);
    expect(await changes(8, 20)).toEqual([]);
    expect(await changes(1, 3)).toEqual([]);
    // Transferred within the period: the agency knows the whole amount.
    expect((await changes(1, 8)).map(brief)).toEqual(['u1@t1 30.00 5.00 -10.00 15.00 10.00 0.00']);
  });

  it('include waivers and returns here once: when they happen, not when they are recalled', async () => {
    const { run, changes } = library();
    await run(
      1,
      assess('f1', '30.00'),
      transfer('t1', 'f1'),
      assessLost('l1', '40.00'),
      transfer('t2', 'l1'),
    );
    await run(5, ask('WaiveFees', 'w1', { fees: [{ feeId: 'f1', amount: '12.00' }], reason: 'OTHER' }));
    await run(5, ask('ReturnLostItem', 'r1', { feeIds: ['l1'] }));
    expect((await changes(3, 8)).map(brief)).toEqual([
      'u1@t1 30.00 0.00 -12.00 18.00 0.00 0.00',
      'u1@t2 40.00 0.00 -40.00 0.00 0.00 0.00',
    ]);
    await run(9, ask('RecallTransfer', 'b2', { transferId: 't2' }));
    expect(await changes(8, 20)).toEqual([]);
    await run(10, ask('RecallTransfer', 'b1', { transferId: 't1' }));
    expect((await changes(8, 20)).map(brief)).toEqual(['u1@t1 18.00 0.00 -18.00 0.00 0.00 0.00']);
  });

  it('name the patron by the directory, and only transfers to the system', async () => {
    const { run, changes } = library();
    await run(1, assess('f1', '30.00'), transfer('t1', 'f1'));
    await run(5, ...atDesk('p1', 't1', 'f1', '10.00'));
    const patrons = [{ patronId: 'u1', name: 'Ada', identifier: '0012' }];
    expect(await changes(3, 8, {}, { patrons })).toMatchObject([
      { name: 'Ada', identifier: '0012', feeType: 'OVERDUEFINE' },
    ]);
    expect(await changes(3, 8, { destination: 'OTHER' })).toEqual([]);
    await expect(changes(8, 3)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    const lines: string[] = [];
    for await (const line of bursarChangesCsv(await changes(3, 8))) lines.push(line);
    expect(lines[1]).toBe(
      'u1@t1,north,u1,u1,,t1,f1,OVERDUEFINE,30.00,30.00,0.00,-10.00,20.00,10.00,0.00,USD\r\n',
    );
  });

  it(
    'placed, settled and changed amounts add up to the amount to collect, for any division into periods',
    async () => {
      const amount = fc.integer({ min: 1, max: 1_500 }).map((minor) => (minor / 100).toFixed(2));
      const step = fc.record({
        kind: fc.constantFrom('place', 'settle', 'desk', 'recall', 'waive', 'bounce'),
        fee: fc.nat(2),
        amount,
        days: fc.nat(3),
      });
      const cuts = fc.uniqueArray(fc.integer({ min: 2, max: 40 }), { maxLength: 4 });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), cuts, async (steps, between) => {
          const { store, run, changes } = library();
          await run(1, assess('f0', '30.00'), assess('f1', '20.00'), assess('f2', '9.00'));
          let [when, n] = [1, 0];
          for (const { kind, fee, amount: money, days } of steps) {
            when += days;
            n += 1;
            const [feeId, transferId] = [`f${fee}`, `t${fee}`];
            const commands: Record<typeof kind, readonly Command[]> = {
              place: [transfer(transferId, feeId)],
              settle: [ask('SettleTransfer', `s${n}`, { transferId, amount: money })],
              desk: atDesk(`p${n}`, transferId, feeId, money),
              recall: [ask('RecallTransfer', `b${n}`, { transferId, amount: money })],
              waive: [ask('WaiveFees', `w${n}`, { fees: [{ feeId, amount: money }], reason: 'OTHER' })],
              bounce: [ask('ReverseSettlement', `u${n}`, { settlementId: `s${n - 1}` })],
            };
            await run(when, ...commands[kind]);
          }
          const ends = [0, ...between.sort((a, b) => a - b), 60];
          const collected = new Map<string, { change: number; settled: number; after: number }>();
          const minor = (text: string) => Math.round(Number(text) * 100);
          for (const [index, to] of ends.slice(1).entries()) {
            for (const line of await changes(ends[index] as number, to)) {
              const known = collected.get(line.reference);
              expect(minor(line.after)).toBe(minor(line.before) - minor(line.settled) + minor(line.change));
              collected.set(line.reference, {
                change: (known?.change ?? 0) + minor(line.change),
                settled: 0,
                after: minor(line.after),
              });
            }
          }
          const form = { institution: 'north', timeZone: 'UTC', asOf: '2026-12-31', which: 'all' } as const;
          for await (const item of runOpenItems(store, expecting, form)) {
            const [whole] = (await changes(0, 60)).filter(({ reference }) => reference === item.reference);
            // All periods together have the change of the whole.
            expect(collected.get(item.reference)?.change ?? 0).toBe(
              whole === undefined ? 0 : minor(whole.change),
            );
            const toCollect =
              minor(item.amount) - minor(item.settled) + (collected.get(item.reference)?.change ?? 0);
            expect(toCollect).toBeGreaterThanOrEqual(0);
            expect(toCollect).toBeLessThanOrEqual(minor(item.pending));
          }
        }),
        seeded('changes since a placement'),
      );
    },
    LAW_TIMEOUT_MS,
  );
});
