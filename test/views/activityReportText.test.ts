import { describe, expect, it } from 'vitest';
import { fold } from '../../src/account/fold.js';
import { emptyAccount } from '../../src/account/patronAccount.js';
import { definePolicy } from '../../src/policy/feePolicy.js';
import { activityReport } from '../../src/views/activityReport.js';
import { activityReportText } from '../../src/views/activityReportText.js';
import { assessed, at, credited, transferred } from './story.js';

const policy = definePolicy({ currency: 'USD' });
const options = { locale: 'en-US', timeZone: 'UTC' };

/** Replaces every kind of space by a plain one, because they differ between versions of the locale data. */
const spaced = (text: string) => text.replace(/[^\S\n]/g, ' ');

describe('activityReportText', () => {
  it('lists loans, fees by library and totals', () => {
    const account = fold([
      assessed('f1', '1025.00', { item: { title: 'On Numbers', barcode: '17' }, comment: 'Returned late' }),
      transferred('t1', 'f1', '7.00'),
      assessed('f2', '4.00', { owner: 'LAW', item: {} }),
      credited('c1', '2.00'),
    ]);
    const report = activityReport(account, policy, {
      at,
      patron: { name: 'Ada Lovelace', barcode: 'P-1' },
      loans: [
        { title: 'On Engines', barcode: '18', library: 'MAIN', dueAt: '2026-03-01T20:00:00Z' },
        { title: 'On Looms' },
      ],
    });
    expect(spaced(activityReportText(report, options))).toBe(`Activity report: Ada Lovelace
Barcode: P-1
Date: Mar 2, 2026, 9:00 AM

Loans
- On Engines; Barcode: 18; MAIN; Due Mar 1, 2026, 8:00 PM; Overdue
- On Looms

Fees

MAIN
- Overdue fine; On Numbers; Barcode: 17; Mar 2, 2026, 9:00 AM, Active; Transferred $7.00; Comment: Returned late; Amount $1,025.00; Remaining $1,018.00

Active balance: $1,018.00
Disputed balance: $0.00
Transferred balance: $7.00

LAW
- Overdue fine; Mar 2, 2026, 9:00 AM, Active; Amount $4.00; Remaining $4.00

Active balance: $4.00
Disputed balance: $0.00
Transferred balance: $0.00

No library in particular
- Credit; Mar 2, 2026, 9:00 AM, Active; Amount -$2.00; Remaining -$2.00

Active balance: -$2.00
Disputed balance: $0.00
Transferred balance: $0.00

Total
Active balance: $1,020.00
Disputed balance: $0.00
Transferred balance: $7.00
To pay now: $1,022.00
`);
  });

  it('uses the given word for a credit', () => {
    const account = fold([credited('c1', '2.00'), assessed('f1', '1.00')]);
    const report = activityReport(account, policy, { at, patron: { name: 'Ada' }, loans: [] });
    const text = activityReportText(report, { ...options, words: { credit: 'In your favour' } });
    expect(text).toContain('\n- In your favour; ');
    expect(text).toContain('\n- Overdue fine; ');
    expect(text).not.toContain('- Credit');
  });

  it('shows that a patron has no loans and no fees', () => {
    const report = activityReport(emptyAccount(), policy, { at, patron: { name: 'Ada' }, loans: [] });
    expect(spaced(activityReportText(report, options))).toMatch(
      /^Activity report: Ada\nDate: .*\n\nLoans\nNo loans.\n\nFees\nNo open fees.\n\nTotal\n/,
    );
  });

  it('keeps free text on its line and in its direction', () => {
    const evil = 'x\nTo pay now: $0.00\r\u2028y\u202E';
    const account = fold([
      assessed('f1', '1.00', {
        owner: evil,
        comment: evil,
        feeType: evil,
        at: evil,
        item: { title: evil, barcode: evil },
      }),
    ]);
    const loans = [{ title: evil, barcode: evil, library: evil }];
    const report = activityReport(account, policy, { at, patron: { name: evil, barcode: evil }, loans });
    const lines = activityReportText(report, options).split('\n');
    expect(lines.filter((line) => line.startsWith('To pay now'))).toEqual(['To pay now: $1.00']);
    expect(lines.join('')).not.toMatch(/[\r\u2028\u202E]/);
  });

  it('isolates right-to-left names', () => {
    const report = activityReport(emptyAccount(), policy, { at, patron: { name: 'עדה' }, loans: [] });
    expect(activityReportText(report, options)).toContain('Activity report: \u2068עדה\u2069\n');
  });

  it('requires a locale and a time zone', () => {
    const report = activityReport(emptyAccount(), policy, { at, patron: { name: 'Ada' }, loans: [] });
    expect(() => activityReportText(report, {} as typeof options)).toThrow('INVALID_ARGUMENT');
  });

  it('returns the same for a report parsed from JSON', () => {
    const report = activityReport(fold([assessed('f1', '1.00')]), policy, {
      at,
      patron: { name: 'Ada' },
      loans: [],
    });
    const copy = JSON.parse(JSON.stringify(report)) as typeof report;
    expect(activityReportText(copy, options)).toBe(activityReportText(report, options));
  });
});
