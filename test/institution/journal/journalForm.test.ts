import { describe, expect, it } from 'vitest';
import { checkedJournalForm, type JournalForm } from '../../../src/institution/journal/journalForm.js';
import { errorOf } from '../../support/events.js';

const form: JournalForm = { institution: 'north', format: 'hledger', timeZone: 'Europe/Vienna' };

describe('the form of an exported journal', () => {
  it('checks balances by default', () => {
    expect(checkedJournalForm(form)).toEqual({ ...form, assertBalances: true });
    expect(checkedJournalForm({ ...form, assertBalances: false }).assertBalances).toBe(false);
  });

  it('is refused with every fault and its path', () => {
    const bad = { institution: '', format: 'ledger', timeZone: 'Mars/Olympus', assertBalances: 1, extra: 1 };
    const { code, details } = errorOf(() => checkedJournalForm(bad as unknown as JournalForm));
    expect(code).toBe('INVALID_ARGUMENT');
    expect((details.faults as { path: string }[]).map(({ path }) => path).sort()).toEqual([
      'form.assertBalances',
      'form.extra',
      'form.format',
      'form.institution',
      'form.timeZone',
    ]);
  });

  it('is refused if it is not a form', () => {
    for (const bad of [undefined, null, 'hledger', 1, [], () => form]) {
      expect(errorOf(() => checkedJournalForm(bad as unknown as JournalForm)).code).toBe('INVALID_ARGUMENT');
    }
  });
});
