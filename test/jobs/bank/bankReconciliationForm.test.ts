import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { bankReconciliationFormSchema, entriesField } from '../../../src/jobs/bank/bankReconciliationForm.js';

const form = {
  ...{ institution: 'north', bank: 'GIRO', timeZone: 'UTC', from: '2026-03-01', through: '2026-03-31' },
  ...{ at: '2026-03-31T10:00:00Z', by: { channel: 'desk', userId: 'fin' } },
};
const isValid = (more: object) => v.is(bankReconciliationFormSchema, { ...form, ...more });

describe('the form of a bank reconciliation', () => {
  it('has defaults', () => {
    expect(v.parse(bankReconciliationFormSchema, form)).toEqual({
      ...form,
      ...{ withinDays: 7, returnedMethods: [], otherEntries: 'report', record: true },
    });
  });

  it('needs a bank, a user, a time, and a period', () => {
    for (const more of [
      { bank: '' },
      { account: '' },
      { by: { channel: 'job' } },
      { at: undefined },
      { through: '2026-02-28' },
      { withinDays: -1 },
      { otherEntries: 'drop' },
      { banks: 'GIRO' },
    ]) {
      expect(isValid(more)).toBe(false);
    }
    expect(isValid({ withinDays: 0 })).toBe(true);
  });

  it('takes entries that can be iterated', () => {
    expect([[], new Map().values(), null, 'x', {}].map((given) => v.is(entriesField, given))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});
