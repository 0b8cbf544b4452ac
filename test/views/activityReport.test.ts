import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../../src/account/fold.js';
import { balancesInMinorUnits, emptyAccount, type PatronAccount } from '../../src/account/patronAccount.js';
import { definePolicy, type FeePolicy } from '../../src/policy/feePolicy.js';
import { type ActivityReportInput, activityReport } from '../../src/views/activityReport.js';
import { tried } from '../support/seeded.js';
import { histories } from './histories.js';
import { applied, assessed, at, credited, disputed, lost, paid, transferred, waivedLost } from './story.js';

const policy = definePolicy({ currency: 'USD' });
const input: ActivityReportInput = { at, patron: { name: 'Ada Lovelace', barcode: '17' }, loans: [] };

describe('activityReport', () => {
  it('shows what is open at each owning library, with its balances', () => {
    const account = fold([
      assessed('f1', '25.00'),
      assessed('f2', '10.00', { owner: 'LAW' }),
      disputed('d1', 'f2'),
      assessed('f3', '3.00'),
      paid('p1', 'f3', '3.00'),
      lost('f4', '40.00', { owner: 'LAW' }),
      waivedLost('c1', 'f4', '5.00'),
      transferred('t1', 'f1', '7.00'),
      credited('c2', '2.00'),
    ]);
    const report = activityReport(account, policy, { ...input, libraryNames: { LAW: 'Law Library' } });
    expect(
      report.libraries.map(({ library, name, rows, balances: sums }) => [
        library,
        name,
        rows.map(({ id }) => id),
        sums,
      ]),
    ).toEqual([
      ['MAIN', 'MAIN', ['f1'], { active: '18.00', disputed: '0.00', transferred: '7.00' }],
      ['LAW', 'Law Library', ['f2', 'f4', 'c1'], { active: '35.00', disputed: '10.00', transferred: '0.00' }],
      [null, null, ['c2'], { active: '-2.00', disputed: '0.00', transferred: '0.00' }],
    ]);
    expect(report.balances).toEqual({
      active: '51.00',
      disputed: '10.00',
      transferred: '7.00',
      payable: '53.00',
    });
  });

  it('includes fees that were transferred in full and not settled', () => {
    const account = fold([assessed('f1', '25.00'), transferred('t1', 'f1', '25.00')]);
    const [library] = activityReport(account, policy, input).libraries;
    expect(library?.rows).toMatchObject([{ status: 'transferred', transferPending: '25.00' }]);
    expect(library?.balances.transferred).toBe('25.00');
  });

  it('does not name rows without owner after a library called "null"', () => {
    const names = { libraryNames: { null: 'Nowhere' } };
    const [library] = activityReport(fold([credited('c1', '2.00')]), policy, {
      ...input,
      ...names,
    }).libraries;
    expect(library).toMatchObject({ library: null, name: null });
  });

  it('excludes closed fees and used credits', () => {
    const account = fold([assessed('f1', '2.00'), credited('c1', '2.00'), applied('a1', 'c1', 'f1', '2.00')]);
    expect(activityReport(account, policy, input).libraries).toEqual([]);
  });

  it('marks loans overdue at the time of the report', () => {
    const loans = [
      { title: 'Late', dueAt: '2026-03-02T09:59:59+01:00', barcode: '1', library: 'MAIN' },
      { title: 'Due now', dueAt: '2026-03-02T10:00:00+01:00' },
      { title: 'No date' },
    ];
    expect(activityReport(emptyAccount(), policy, { ...input, loans }).loans).toStrictEqual([
      { ...loans[0], overdue: true },
      { ...loans[1], overdue: false },
      { ...loans[2], overdue: false },
    ]);
  });

  it('copies only documented fields of its input', () => {
    const loans = [{ title: 'On Numbers', renewable: true }];
    const patron = { name: 'Ada', pin: '1234' };
    const report = activityReport(emptyAccount(), policy, { at, loans, patron });
    expect(report).toStrictEqual({
      at,
      patron: { name: 'Ada' },
      currency: 'USD',
      loans: [{ title: 'On Numbers', overdue: false }],
      libraries: [],
      paymentPlans: [],
      balances: { active: '0.00', disputed: '0.00', transferred: '0.00', payable: '0.00' },
    });
  });

  it('throws INVALID_ARGUMENT with every fault of its input', () => {
    const broken = {
      at: 'today',
      patron: { name: 7 },
      loans: [{ title: 'On Numbers', dueAt: 'soon' }, {}],
      libraryNames: { MAIN: null },
    };
    const paths = [
      'input.at',
      'input.patron.name',
      'input.loans[0].dueAt',
      'input.loans[1].title',
      'input.libraryNames.MAIN',
    ];
    expect(() => activityReport(emptyAccount(), policy, broken as unknown as ActivityReportInput)).toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        details: { faults: paths.map((path) => expect.objectContaining({ path })) },
      }),
    );
    expect(() => activityReport(emptyAccount(), policy, null as unknown as ActivityReportInput)).toThrow(
      'INVALID_ARGUMENT',
    );
    expect(() => activityReport({} as PatronAccount, policy, input)).toThrow('INVALID_ACCOUNT');
    expect(() => activityReport(emptyAccount(), {} as FeePolicy, input)).toThrow('INVALID_POLICY');
  });

  it('has library balances that add up to those of the account, and is plain JSON without staff notes', () => {
    const minor = (amount: string) => Math.round(Number(amount) * 100);
    fc.assert(
      fc.property(histories, (events) => {
        const account = fold(events);
        const before = structuredClone(account);
        const report = activityReport(account, policy, input);
        const sums = balancesInMinorUnits(account);
        for (const figure of ['active', 'disputed', 'transferred'] as const) {
          const sum = report.libraries.reduce((total, library) => total + minor(library.balances[figure]), 0);
          expect(sum).toBe(sums[figure]);
          expect(minor(report.balances[figure])).toBe(sums[figure]);
        }
        const json = JSON.stringify(report);
        expect(JSON.parse(json)).toStrictEqual(report);
        expect(json).not.toContain('SECRET');
        expect(structuredClone(account)).toEqual(before);
      }),
      tried(1_000),
    );
  });
});
