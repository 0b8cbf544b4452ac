import { describe, expect, it } from 'vitest';
import { bursarExportOfAccount } from '../../src/bursar/index.js';
import { type AccountEvent, type Command, decide, emptyAccount, fold } from '../../src/index.js';
import { toAlmaFees } from '../../src/interop/alma/index.js';
import { bulkWaiveOfAccount } from '../../src/jobs/bulkWaive/bulkWaiveOfAccount.js';
import { accountStatement, agedDebt, journal, journalViolations } from '../../src/jobs/reports/index.js';
import { acceptedEvents, accountAfter, ask, at, pay, policy, waive } from '../support/account.js';
import { formWith, patron } from '../support/bulkWaiveForms.js';
import { recorded } from '../support/institutionHistories.js';

const accrue = (id: string, total: string, more: object = {}) =>
  ask('AccrueFine', id, {
    feeId: 'a',
    feeType: 'OVERDUEFINE',
    owner: 'MAIN',
    loanId: 'loan',
    total,
    ...more,
  });
const steps = [
  accrue('n1', '100'),
  accrue('n2', '160'),
  pay('p1', '40'),
  accrue('n3', '50'),
  accrue('n4', '30'),
  accrue('n5', '33'),
];
const growing = accountAfter(steps);
const end = accrue('n6', '33', { ends: 'returned', at: '2026-05-01T09:00:00Z' });
const ended = accountAfter([end], policy, growing);

/** The events of commands, each decided on the state after those before. */
function eventsOf(commands: readonly (Command | readonly Command[])[]): readonly AccountEvent[] {
  let account = emptyAccount();
  return commands.flatMap((command) => {
    const events = acceptedEvents(decide(command, account, policy));
    account = fold(events, account);
    return events;
  });
}

describe('a growing fine across accounts', () => {
  it('is revenue as it grows, and less revenue as it decreases', () => {
    const events = eventsOf([...steps, end]);
    expect(journalViolations(events)).toEqual([]);
    const revenue = [...journal(events)]
      .flatMap(({ postings }) => postings)
      .filter(({ account }) => account[0] === 'revenue')
      .reduce((sum, { amountMinor }) => sum + amountMinor, 0);
    expect(revenue).toBe(-3_300);
  });

  it('is increased and reduced in a statement, which reconciles', () => {
    const events = recorded(eventsOf([...steps, end]));
    const { lines } = accountStatement(events, policy, { patron: { name: 'Ada' } });
    expect(lines.map(({ kind, amount }) => [kind, amount])).toEqual([
      ['assessed', '100.00'],
      ['increased', '60.00'],
      ['payment', '-40.00'],
      ['decreased', '-110.00'],
      ['decreased', '-10.00'],
      ['creditIssued', '-10.00'],
      ['increased', '3.00'],
    ]);
    expect(lines.map(({ balance }) => balance).slice(-2)).toEqual(['-10.00', '-7.00']);
  });

  it('is aged debt of age zero while it grows, then ages from the end', () => {
    const form = { asOf: '2026-06-05T12:00:00Z', timeZone: 'UTC', bandEndDays: [30, 60] };
    const byBand = (account: typeof growing) =>
      agedDebt([{ institution: 'north', patronId: 'u1', account }], policy, form).total.byBand;
    expect(byBand(growing)).toEqual(['3.00', '0.00', '0.00']);
    expect(byBand(ended)).toEqual(['0.00', '3.00', '0.00']);
  });

  it('is not exported to the bursar before it has ended', () => {
    const form = { jobId: 'export', institution: 'north', at: '2026-06-05T12:00:00Z', fees: {} };
    const sent = (account: typeof growing) =>
      bursarExportOfAccount(account, { institution: 'north', patronId: 'u1' }, form, policy).transfers.map(
        ({ amount }) => amount,
      );
    expect([sent(growing), sent(ended)]).toEqual([[], ['3.00']]);
  });

  it('is waived in bulk at its current amount, and charges only later increases', () => {
    const { entry, events } = bulkWaiveOfAccount(growing, patron('u1'), formWith(), policy);
    expect(entry.waived).toBe('3.00');
    const waived = fold(events, growing);
    const later = accountAfter([accrue('n7', '35', { at: '2026-07-01T09:00:00Z' })], policy, waived);
    expect(later.fees[0]).toMatchObject({ waived: 300, accrual: { accrued: 3_500 } });
    expect(
      agedDebt([{ institution: 'north', patronId: 'u1', account: later }], policy, {
        asOf: at,
        timeZone: 'UTC',
      }).total.owed,
    ).toBe('2.00');
  });

  it('is exported to Alma as an overdue fine with its final amount', () => {
    const { fee, total_sum } = toAlmaFees(
      accountAfter([accrue('n1', '9'), waive('w1', 'a', '2'), accrue('n2', '8')]),
    );
    expect(fee).toMatchObject([{ id: 'a', original_amount: 8, balance: 6, status: { value: 'ACTIVE' } }]);
    expect(total_sum).toBe(6);
  });
});
