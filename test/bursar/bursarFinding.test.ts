import { describe, expect, it } from 'vitest';
import { type BursarFinding, findingText, type SettlementFinding } from '../../src/bursar/index.js';
import { findingAt } from '../../src/bursar/settlementRow.js';

const misread = { expected: 'an amount', found: '"x"' };
const finding = (code: SettlementFinding['code'], more: Partial<SettlementFinding> = {}) =>
  findingAt({ row: 2, line: 3 }, code, misread, { reference: 't1@ann', patronId: 'ann', ...more });
const account = { institution: 'north', patronId: 'ann', message: 'event 3: no such fee' };
const notPending = { type: 'TransferNotPending', kind: 'conflict', transferId: 't1' } as never;
const unknown = { type: 'FeeUnknown', kind: 'notFound', feeId: 'f1' } as never;

describe('a finding of an import', () => {
  it.each([
    [finding('BROKEN_ROW'), 'Row 2 (line 3) cannot be read: it has "x", and needs an amount.'],
    [finding('AMOUNT_NOT_USABLE'), 'Row 2 (line 3) cannot be booked: it has "x", and needs an amount.'],
    [finding('OTHER_CURRENCY'), 'Row 2 (line 3) is in another currency: it has "x", and needs an amount.'],
    [finding('UNKNOWN_REFERENCE'), 'Row 2 (line 3): nothing was exported under the reference “t1@ann”.'],
    [
      finding('REPEATED', { bookedBy: 'march/5/17' }),
      'Row 2 (line 3): this payment was booked before from march/5, row 17, and is not booked again.',
    ],
    [
      finding('REPEATED', { bookedBy: 'march' }),
      'Row 2 (line 3): this payment was booked before from march, and is not booked again.',
    ],
    [finding('REPEATED'), 'Row 2 (line 3): this payment was booked before, and is not booked again.'],
    [
      finding('OTHER_AMOUNT', { bookedBy: 'march/17' }),
      'Row 2 (line 3): this payment was booked before from march, row 17 with another amount. Ask the external system which is right.',
    ],
    [
      finding('REVERSED_SINCE'),
      'Row 2 (line 3): this payment was booked before, and was undone since. It is not booked again.',
    ],
    [
      finding('REFUSED', { rejection: notPending }),
      'Row 2 (line 3) is not booked. All of this transfer was paid or recalled before.',
    ],
    [finding('REFUSED'), 'Row 2 (line 3) is not booked. The account refuses it.'],
    [
      finding('CORRUPT_HISTORY'),
      'Row 2 (line 3) is not booked. The account is damaged. An administrator must repair it first.',
    ],
    [
      finding('ACCOUNT_BUSY'),
      'Row 2 (line 3) is not booked. Others changed the account at the same time: run the job again.',
    ],
    [
      finding('FILE_ALREADY_IMPORTED'),
      'The same payments were imported before, so none of them is booked again.',
    ],
    [
      findingAt({ row: null, line: 9 }, 'BROKEN_FILE', misread),
      'The file cannot be read, so none of it is booked: it has "x", and needs an amount.',
    ],
  ])('%o is a sentence', (one, text) => {
    expect(findingText(one)).toBe(text);
  });

  it.each(['missing', 'a string of 0 characters'])('of what is %s says that it has nothing', (found) => {
    const one = findingAt({ row: 1, line: null }, 'BROKEN_ROW', { expected: 'a reference', found });
    expect(findingText(one)).toBe('Row 1 cannot be read: it has nothing, and needs a reference.');
  });

  it('says jobs and refusals in the words of the caller, and lets no reference turn the text around', () => {
    const jobName = (jobId: string) => `the file of ${jobId}`;
    expect(findingText(finding('REPEATED', { bookedBy: 'march/17' }), { jobName })).toContain(
      'from the file of march, row 17,',
    );
    const refusal = ({ type }: { readonly type: string }) => `${type}!`;
    expect(findingText(finding('REFUSED', { rejection: unknown }), { refusal })).toBe(
      'Row 2 (line 3) is not booked. FeeUnknown!',
    );
    expect(findingText(finding('UNKNOWN_REFERENCE', { reference: 'a\u202Eb\nc' }))).toContain('“ab c”');
  });
});

describe('a finding of an export', () => {
  it.each<[BursarFinding, string]>([
    [{ ...account, code: 'OTHER_CURRENCY' }, 'The account is in another currency.'],
    [{ ...account, code: 'INVALID_EVENT' }, 'The account is damaged. An administrator must repair it first.'],
    [
      { ...account, code: 'PATRON_NOT_IN_DIRECTORY', transferred: false, message: 'ann is not there' },
      'Ann is not there.',
    ],
  ])('%o is a sentence', (one, text) => {
    expect(findingText(one)).toBe(text);
  });

  it('that is refused has the reason', () => {
    const one = { ...account, code: 'REFUSED', rejection: unknown } as const;
    expect(findingText(one, { refusal: () => 'Not today.' })).toBe('Nothing new was exported. Not today.');
    expect(findingText(one)).toMatch(/^Nothing new was exported\. \S/);
  });
});
