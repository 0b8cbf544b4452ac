import { describe, expect, it } from 'vitest';
import { readBillings, readPayments, readXacts } from '../../../src/interop/evergreen/evergreenRows.js';
import { checkedReadOptions } from '../../../src/interop/import/readOptions.js';
import { newIntake } from '../../../src/interop/import/refusedRows.js';
import { billing, payment, policy, voidedAt, xact } from './evergreenImport.js';

const options = checkedReadOptions({ policy, owners: { BR1: 'Branch' } });

describe('rows of Evergreen', () => {
  it('are transactions, open or stopped', () => {
    const finished = { ...xact, id: 6, xact_finish: '2026-03-09 12:00:00Z', stop_fines: 'MAXFINES' };
    expect(readXacts([xact, finished], '79', options, newIntake())).toMatchObject([
      { rowId: '5', owner: 'Branch', stopped: null },
      { rowId: '6', stopped: { cause: 'other', time: { at: '2026-03-09T12:00:00.000Z' } } },
    ]);
  });

  it('are billings, with the time and the person of a void', () => {
    const rows = [billing(2, 1, '0.10', { btype: 1, ...voidedAt(3) }), billing(1, 1, '5.00')];
    expect(readBillings(rows, '79', options, newIntake())).toMatchObject([
      { id: 'evergreen/billing/1', isOverdue: false, amount: 500, voided: null },
      { isOverdue: true, amount: 10, voided: { userId: '7', time: { at: '2026-03-02T09:03:00.000Z' } } },
    ]);
  });

  it('are payments, with what their tables have', () => {
    const rows = [
      payment(1, 1, '5.00', 'check', { check_number: 12345, accepting_usr: 3, cash_drawer: 51, note: 'n' }),
    ];
    expect(readPayments(rows, '79', options, newIntake())).toMatchObject([
      { amount: 500, reference: '12345', by: { userId: '3', desk: '51', staffNote: 'n' }, isVoid: false },
    ]);
  });

  it('are findings if required fields are missing', () => {
    const intake = newIntake();
    const { findings } = intake;
    readXacts([{ id: 1 }], '79', options, intake);
    readBillings([billing(1, 1, '5.00', { billing_type: null, btype: null })], '79', options, intake);
    readPayments([payment(1, 1, 'x', 'cash')], '79', options, intake);
    expect(findings.map(({ table, field }) => `${table} ${field}`)).toEqual([
      'billable_xact xact_start',
      'billing billing_type',
      'payment amount',
    ]);
  });
});
