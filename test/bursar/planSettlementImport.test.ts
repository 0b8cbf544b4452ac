import fc from 'fast-check';
import { planSettlementImport, runSettlementImport } from 'patron-fees/bursar';
import { describe, expect, it } from 'vitest';
import { ask, assess, at, transfer } from '../support/account.js';
import { count, filled, imports, policy, refusedBy, settlementFile } from '../support/importedFiles.js';
import { madeOf } from '../support/madeOf.js';
import { tried } from '../support/seeded.js';
import { expecting, institution, storeOf } from './bursarLibrary.js';

describe('a planned import of an answer', () => {
  it('yields what each row would do, and records nothing, not even the file', async () => {
    const stores = await filled();
    const before = await count(stores);
    const source = settlementFile('reference,amount\r\nu17@sent,50.00\r\nu18@sent,1.00\r\n');
    const form = { jobId: 'answer', at, institution, source };
    const { lines, report } = await madeOf(planSettlementImport(stores, policy, form));
    const row = { reference: 'u17@sent', patronId: 'u17', kind: 'fee', settled: '40.00', overpaid: '10.00' };
    expect(lines).toEqual([
      { row: 1, ...row, reversed: '0.00', finding: null },
      expect.objectContaining({
        row: 2,
        kind: null,
        settled: '0.00',
        finding: expect.objectContaining({ code: 'UNKNOWN_REFERENCE' }),
      }),
    ]);
    expect([await count(stores), await imports(stores)]).toEqual([before, []]);
    const { recordedBefore, ...done } = await runSettlementImport(stores, policy, form);
    expect(report).toEqual({ ...done, recordedBefore: expect.any(String) });
    expect(recordedBefore).toEqual(report.recordedBefore);
    expect(await madeOf(planSettlementImport(stores, policy, { ...form, jobId: 'b' }))).toMatchObject({
      lines: [],
      report: refusedBy('answer'),
    });
  });

  it('reports what the run does, for any rows (property)', async () => {
    const row = fc.record({
      reference: fc.constantFrom('a@job', 'a@job#1', 'b@job', 'b@job#1', 'c@job', 'x@job', 'a'),
      amount: fc.constantFrom('1.00', '100.00', '-1.00', '-5.00', '300.00', 'x'),
      paymentReference: fc.constantFrom('', 'B-1', 'B-2'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 12 }), async (rows) => {
        const store = await storeOf({
          a: [
            assess('f1', '123.45'),
            assess('f2', '0.82'),
            ask('TransferFees', 'job', { eligible: { fees: {} } }),
          ],
          b: [
            assess('f1', '300.00'),
            ask('IssueCredit', 'c1', { amount: '5.00', cause: 'imported' }),
            ask('TransferFees', 'job', { eligible: { fees: {}, credits: {} } }),
          ],
          c: [assess('f1', '1.45'), transfer('job', 'f1')],
        });
        const form = { jobId: 'answer', at, institution, source: { rows } };
        const { lines, report } = await madeOf(planSettlementImport(store, expecting, form));
        expect(lines).toHaveLength(rows.length);
        expect(await runSettlementImport(store, expecting, form)).toEqual(report);
      }),
      tried(100),
    );
  });
});
