import fc from 'fast-check';
import { execute, memoryEventStore } from 'patron-fees/history';
import { type Notice, planNotices, runNotices } from 'patron-fees/jobs';
import { officeEvents } from 'patron-fees/office';
import { describe, expect, it } from 'vitest';
import { telling } from '../../notices/noticeHistory.js';
import { ask, at } from '../../support/account.js';
import { madeOf } from '../../support/madeOf.js';
import { tried } from '../../support/seeded.js';

const institution = 'north';
const policy = telling();
const form = { institution, at, on: '2026-03-02', jobId: 'night' };

describe('planned notices', () => {
  it('are those that the run sends, before and after a run, and nothing is recorded (property)', async () => {
    const patrons = fc.array(
      fc.record({ fees: fc.integer({ min: 0, max: 3 }), pays: fc.boolean(), known: fc.boolean() }),
      { maxLength: 4 },
    );
    await fc.assert(
      fc.asyncProperty(patrons, fc.boolean(), async (all, more) => {
        const accounts = memoryEventStore({ now: () => at });
        const office = memoryEventStore({ now: () => at, codec: officeEvents });
        const assess = (patronId: string, id: string) =>
          execute(
            accounts,
            policy,
            { institution, patronId },
            ask('AssessFee', id, { feeType: 'FINE', amount: '5', owner: 'MAIN' }),
          );
        for (const [n, { fees, pays }] of all.entries()) {
          for (let f = 0; f < fees; f++) await assess(`u${n}`, `f${f}`);
          if (pays && fees > 0)
            await execute(
              accounts,
              policy,
              { institution, patronId: `u${n}` },
              ask('ReceivePayment', 'p', { amount: '2', method: 'CASH' }),
            );
        }
        const patronOf = ({ patronId }: { readonly patronId: string }) =>
          all[Number(patronId.slice(1))]?.known ? { group: 'STUDENT' } : null;
        for (const round of more ? [1, 2] : [1]) {
          if (round === 2) await assess('u0', 'later');
          const before = (await office.readAll({ limit: 100 })).events.length;
          const { lines, report } = await madeOf(
            planNotices({ accounts, office }, policy, form, { patronOf, concurrency: 1 }),
          );
          expect((await office.readAll({ limit: 100 })).events).toHaveLength(before);
          const sent: Notice[] = [];
          const send = (notice: Notice) => void sent.push(notice);
          const done = await runNotices({ accounts, office }, policy, form, {
            patronOf,
            send,
            concurrency: 1,
          });
          expect(sent).toEqual(lines);
          expect({ ...done, recordedBefore: null }).toEqual({ ...report, recordedBefore: null });
        }
      }),
      tried(60),
    );
  });
});
