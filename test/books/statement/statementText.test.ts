import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { statementText } from '../../../src/jobs/reports/index.js';
import { tried } from '../../support/seeded.js';
import { empty, place, statementOf } from './statementOf.js';

/** Replaces every kind of space with a plain one: the kind depends on the locale data of the runtime. */
const spaced = (text: string) => text.replace(/[^\S\n]/g, ' ');

describe('a statement as text', () => {
  it('shows the opening balance, the movements and the closing balance', () => {
    expect(spaced(statementText(statementOf('On Numbers'), place))).toBe(`Statement of account: On Numbers
Barcode: On Numbers
From: The first entry
To: Apr 1, 2026, 12:00 AM

A negative amount lowers what is owed; a negative balance is in your favour.

Opening balance
Balance: $0.00
Disputed part of it: $0.00
Owed to an external billing system: $0.00

Movements
- Fee assessed, Other: On Numbers, On Numbers; Mar 2, 2026, 9:00 AM; Comment: On Numbers; Amount $1,025.00; Balance $1,025.00
- Payment, Other: On Numbers, Cash; Mar 2, 2026, 9:00 AM; Recorded: Mar 4, 2026, 10:00 AM; Reference: On Numbers; Comment: On Numbers; Amount -$30.00; Balance $995.00

Closing balance
Balance: $995.00
Disputed part of it: $995.00
Owed to an external billing system: $0.00
`);
  });

  it('has a note if nothing moved', () => {
    expect(statementText(empty, place)).toContain('\n\nMovements\nNo movements.\n\n');
  });

  it('has the same lines for any texts', () => {
    const lines = statementText(statementOf('x'), place).split('\n').length;
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }).filter(isName), (text) => {
        const written = statementText(statementOf(text), place);
        expect(written.split(/\r|\n|\u2028|\u2029/)).toHaveLength(lines);
        expect(written).not.toMatch(/[\u202A-\u202E]/);
      }),
      tried(200),
    );
    expect(statementText(statementOf('a\nBalance: 0\u202E'), place)).toContain('a Balance: 0');
  });
});

/** An owner must be a name; titles and comments may be any text. */
function isName(text: string): boolean {
  return !/[\0\p{Surrogate}]/u.test(text);
}
