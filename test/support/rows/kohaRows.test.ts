import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kohaRows } from './kohaRows.js';

const samples = fc.sample(kohaRows(fc), { numRuns: 200, seed: 1 });

describe('rows of Koha', () => {
  it('have lines and offsets of every type', () => {
    const lines = samples.flatMap(({ tables }) => tables.accountlines ?? []);
    const types = new Set(lines.flatMap((line) => line.debit_type_code ?? line.credit_type_code));
    expect([...types].sort()).toEqual([
      'CANCELLATION',
      'CREDIT',
      'LOST',
      'MANUAL',
      'NEW_CARD',
      'OVERDUE',
      'OVERPAYMENT',
      'PAYMENT',
      'PAYOUT',
      'RENT',
      'VOID',
      'WRITEOFF',
    ]);
    const offsets = samples.flatMap(({ tables }) => tables.account_offsets ?? []);
    expect(new Set(offsets.map(({ type }) => type))).toEqual(
      new Set(['CREATE', 'APPLY', 'VOID', 'OVERDUE_INCREASE', 'OVERDUE_DECREASE']),
    );
  });

  it('give a figure for each line, and begin with the earlier rows', () => {
    for (const { tables, earlier, figures } of samples) {
      expect(figures).toHaveLength(tables.accountlines?.length ?? 0);
      expect(earlier.accountlines?.length ?? 0).toBeLessThanOrEqual(figures.length);
    }
    expect(samples.some(({ figures }) => figures.some(({ credit }) => credit > 0))).toBe(true);
  });
});
