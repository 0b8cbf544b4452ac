import { describe, expect, it } from 'vitest';
import type { AccountEvent } from '../../../src/index.js';
import { eventTable, refusalLine } from '../../../src/testing/scenario/eventTable.js';
import { at } from '../../support/account.js';

const disputed = (feeId: string): AccountEvent => ({
  type: 'FeeDisputed',
  data: { disputeId: `d-${feeId}`, feeId, at },
});

describe('a table of events', () => {
  it('is empty if nothing differs', () => {
    expect(eventTable([], [])).toBeUndefined();
    expect(eventTable([disputed('f1')], [disputed('f1')])).toBeUndefined();
  });

  it('shows every event, and marks only the first difference', () => {
    const table = eventTable(['f1', 'f2', 'f3'].map(disputed), ['f1', 'f3'].map(disputed));
    expect(table?.split('\n').slice(0, 6)).toEqual([
      'The events differ, first in event 2.',
      '',
      '     expected             actual',
      '  1  FeeDisputed d-f1 f1  FeeDisputed d-f1 f1',
      '> 2  FeeDisputed d-f2 f2  FeeDisputed d-f3 f3',
      '  3  FeeDisputed d-f3 f3  (nothing)',
    ]);
  });

  it('cuts lines that are too long to show side by side', () => {
    const table = eventTable([], [disputed('x'.repeat(200))]) as string;
    expect(Math.max(...table.split('\n').map((line) => line.length))).toBeLessThan(80);
  });
});

describe('a refusal in one line', () => {
  it('has its fields and its place in a list', () => {
    const rejection = { type: 'FeeNotFound', kind: 'notFound', feeId: 'f9' } as const;
    expect(refusalLine({ accepted: false, events: [], rejection })).toBe('FeeNotFound (feeId "f9")');
    expect(refusalLine({ accepted: false, events: [], rejection, commandIndex: 1 })).toBe(
      'FeeNotFound (feeId "f9"), command 2 of the list',
    );
  });
});
