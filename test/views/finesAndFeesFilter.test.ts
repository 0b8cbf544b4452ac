import { describe, expect, it } from 'vitest';
import { fold } from '../../src/account/fold.js';
import { type FinesAndFeesFilter, rowTest } from '../../src/views/finesAndFeesFilter.js';
import { rowSources } from '../../src/views/finesAndFeesRow.js';
import { assessed, credited, disputed, paid, transferred } from './story.js';

const account = fold([
  assessed('active', '1.00', { at: '2026-03-01T00:00:00Z', item: { id: 'i1', barcode: '17' } }),
  assessed('disputed', '2.00', { at: '2026-03-02T00:00:00+01:00', owner: 'LAW', feeType: 'OTHER' }),
  disputed('d1', 'disputed'),
  assessed('transferred', '4.00', {
    at: '2026-03-02T00:00:00Z',
    owner: '__proto__',
    item: { barcode: '__proto__' },
  }),
  transferred('t1', 'transferred', '4.00'),
  assessed('closed', '8.00', { at: 'long ago', feeType: 'constructor' }),
  paid('p1', 'closed', '8.00', { amount: '9.00', overpayment: { creditId: 'credit', amount: '1.00' } }),
  credited('lawCredit', '1.00', { owner: 'LAW', item: { id: 'i1' }, at: '2026-03-03T00:00:00Z' }),
]);

/** The ids of the rows that match a filter. */
function passing(filter: FinesAndFeesFilter): string[] {
  const test = rowTest(filter);
  return Array.from(rowSources(account))
    .filter(test)
    .map(({ subject }) => (subject.kind === 'fee' ? subject.fee.feeId : subject.credit.creditId));
}

describe('rowTest', () => {
  it('matches active rows by default', () => {
    expect(passing({})).toEqual(['active', 'credit', 'lawCredit']);
    expect(passing({ status: undefined })).toEqual(passing({ status: 'active' }));
  });

  it('matches one status, several, or all', () => {
    expect(passing({ status: 'transferred' })).toEqual(['transferred']);
    expect(passing({ status: ['disputed', 'closed'] })).toEqual(['disputed', 'closed']);
    expect(passing({ status: 'all' })).toHaveLength(6);
    expect(passing({ status: [] })).toEqual([]);
  });

  it('matches one type or several, credits as CREDIT', () => {
    expect(passing({ status: 'all', type: 'constructor' })).toEqual(['closed']);
    expect(passing({ status: 'all', type: ['OTHER', 'CREDIT'] })).toEqual([
      'disputed',
      'credit',
      'lawCredit',
    ]);
  });

  it('matches one owner or several, never a row without owner', () => {
    expect(passing({ status: 'all', owner: 'LAW' })).toEqual(['disputed', 'lawCredit']);
    expect(passing({ status: 'all', owner: ['__proto__', 'LAW'] })).toEqual([
      'disputed',
      'transferred',
      'lawCredit',
    ]);
  });

  it('matches an item by id or barcode', () => {
    expect(passing({ status: 'all', item: 'i1' })).toEqual(['active', 'lawCredit']);
    expect(passing({ status: 'all', item: '17' })).toEqual(['active']);
    expect(passing({ status: 'all', item: '__proto__' })).toEqual(['transferred']);
  });

  it('matches a period that includes its first instant and excludes its last, in any zone', () => {
    const march2 = '2026-03-02T00:00:00Z';
    expect(passing({ status: 'all', before: march2 })).toEqual(['active', 'disputed']);
    expect(passing({ status: 'all', from: march2, before: '2026-03-02T00:00:00.001Z' })).toEqual([
      'transferred',
    ]);
    expect(passing({ from: '2026-03-03T01:00:00+01:00' })).toEqual(['lawCredit']);
  });

  it('matches no period if the instant is invalid', () => {
    const ever = { from: '0001-01-01T00:00:00Z', before: '9999-12-31T00:00:00Z' };
    expect(passing({ status: 'all', type: 'constructor', ...ever })).toEqual([]);
  });

  it('requires all conditions', () => {
    expect(passing({ status: 'all', owner: 'LAW', type: 'CREDIT', item: 'i1' })).toEqual(['lawCredit']);
  });

  it.each<[object, string, string]>([
    [{ status: 'open' }, 'filter.status', 'a status, a list of them, or all'],
    [{ type: 7 }, 'filter.type', 'a code or a list of codes'],
    [{ page: { offset: -1 } }, 'filter.page.offset', 'a number of rows, 0 or more'],
    [{ page: { limit: 1.5 } }, 'filter.page.limit', 'a whole number'],
    [
      { sort: { by: 'constructor' } },
      'filter.sort.by',
      'one of at, type, status, owner, title, original, remaining',
    ],
  ])('refuses %j', (filter, path, expected) => {
    expect(() => rowTest(filter)).toThrow(
      expect.objectContaining({ details: { faults: [expect.objectContaining({ path, expected })] } }),
    );
  });

  it('reports the path of every fault of an invalid filter', () => {
    const garbage: [unknown, string][] = [
      [null, 'filter'],
      ['active', 'filter'],
      [{ stauts: 'all' }, 'filter.stauts'],
      [{ status: 'open' }, 'filter.status'],
      [{ status: ['active', 7] }, 'filter.status\\[1\\]'],
      [{ status: ['active', 'dispute'] }, 'filter.status\\[1\\]'],
      [{ type: 7 }, 'filter.type'],
      [{ owner: [null] }, 'filter.owner\\[0\\]'],
      [{ item: {} }, 'filter.item'],
      [{ from: '2026-03-02' }, 'filter.from'],
      [{ before: 'March 2, 2026' }, 'filter.before'],
      [{ sort: 'at' }, 'filter.sort'],
      [{ sort: { by: 'constructor' } }, 'filter.sort.by'],
      [{ sort: { by: 'at', descending: 'yes' } }, 'filter.sort.descending'],
      [{ page: { offset: -1 } }, 'filter.page.offset'],
      [{ page: { limit: 1.5 } }, 'filter.page.limit'],
      [{ page: { limit: Number.POSITIVE_INFINITY } }, 'filter.page.limit'],
      [{ page: { limit: '10' } }, 'filter.page.limit'],
    ];
    for (const [filter, path] of garbage) {
      const faults = [expect.objectContaining({ path: expect.stringMatching(`^${path}`) })];
      expect(() => rowTest(filter as FinesAndFeesFilter), path).toThrow(
        expect.objectContaining({ code: 'INVALID_ARGUMENT', details: { faults } }),
      );
    }
  });
});
