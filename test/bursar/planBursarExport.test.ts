import { join } from 'node:path';
import fc from 'fast-check';
import { planBursarExport, runBursarExport } from 'patron-fees/bursar';
import { describe, expect, it } from 'vitest';
import { ask, assess, at } from '../support/account.js';
import { madeOf } from '../support/madeOf.js';
import { tried } from '../support/seeded.js';
import { temporaryFolder } from '../support/temporaryFolder.js';
import { expecting, institution, rowsOf, storeOf } from './bursarLibrary.js';

describe('a planned export', () => {
  it('has the rows and the report of the run, and transfers nothing (property)', async () => {
    const patron = fc.record({
      amounts: fc.array(fc.constantFrom('0.50', '2.50', '30.00'), { maxLength: 3 }),
      credit: fc.boolean(),
    });
    const criteria = fc.record({
      minimumAmount: fc.constantFrom('0.01', '2.00'),
      credits: fc.boolean(),
      whole: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(patron, { maxLength: 4 }),
        criteria,
        async (patrons, { minimumAmount, ...more }) => {
          const commands = patrons.map(({ amounts, credit }) => [
            ...amounts.map((amount, n) => assess(`f${n}`, amount)),
            ...(credit ? [ask('IssueCredit', 'c1', { amount: '5.00', cause: 'imported' })] : []),
          ]);
          const store = await storeOf(Object.fromEntries(commands.map((each, n) => [`p${n}`, each])));
          const before = (await store.readAll({ limit: 1_000 })).events.length;
          const form = {
            ...{ jobId: 'job', at, institution },
            fees: more.whole ? {} : { minimumAmount },
            ...(more.credits && !more.whole && { credits: { minimumAmount } }),
            ...(more.whole && { wholeAccounts: { owedAbove: '5.00', minimumAgeDays: 0 } }),
          };
          const { lines, report } = await madeOf(planBursarExport(store, expecting, form));
          expect((await store.readAll({ limit: 1_000 })).events).toHaveLength(before);
          const file = join(temporaryFolder(), 'file.csv');
          expect(await runBursarExport(store, expecting, form, { file, format: 'csv' })).toEqual(report);
          expect(rowsOf(file).map(({ reference, kind }) => [reference, kind])).toEqual(
            lines.map(({ reference, kind }) => [reference, kind]),
          );
        },
      ),
      tried(60),
    );
  });
});
