import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Status } from '../../src/account/fee.js';
import { fold } from '../../src/account/fold.js';
import { balancesInMinorUnits, emptyAccount } from '../../src/account/patronAccount.js';
import { formatAmount } from '../../src/money/money.js';
import { definePolicy, type FeePolicy } from '../../src/policy/feePolicy.js';
import { finesAndFees } from '../../src/views/finesAndFees.js';
import { type FinesAndFeesFilter, sortColumns } from '../../src/views/finesAndFeesFilter.js';
import type { FinesAndFeesRow } from '../../src/views/finesAndFeesRow.js';
import { tried } from '../support/seeded.js';
import { histories } from './histories.js';
import { applied, assessed, credited, disputed, lost, paid, transferred, waivedLost } from './story.js';

const policy = definePolicy({ currency: 'USD' });

const account = fold([
  assessed('f1', '25.00', { item: { title: 'Zoology' }, at: '2026-03-03T00:00:00Z' }),
  paid('p1', 'f1', '22.23'),
  assessed('f2', '10.00', { owner: 'LAW', feeType: 'OTHER', at: '2026-03-02T00:00:00+23:00' }),
  disputed('d1', 'f2'),
  assessed('f3', '7.00', { item: { title: 'Algebra' }, at: '2026-03-01T02:00:00Z' }),
  transferred('t1', 'f3', '7.00'),
  lost('f4', '25.00', { at: '(some time)' }),
  waivedLost('c1', 'f4', '5.00'),
  credited('c2', '4.00', { at: '2026-03-04T00:00:00Z' }),
  applied('a1', 'c2', 'f1', '1.00'),
]);

/** Ids of rows, in order. */
function idsOf(filter: FinesAndFeesFilter): string[] {
  return finesAndFees(account, policy, filter).rows.map(({ id }) => id);
}

describe('finesAndFees', () => {
  it('shows active rows with the five balances above them', () => {
    const list = finesAndFees(account, policy);
    expect(list.rows.map(({ id, remaining }) => [id, remaining])).toEqual([
      ['f1', '1.77'],
      ['f4', '25.00'],
      ['c1', '-5.00'],
      ['c2', '-3.00'],
    ]);
    expect(list.balances).toEqual({
      active: '18.77',
      disputed: '10.00',
      transferred: '7.00',
      currentlyFiltered: '18.77',
      currentlyFilteredDisputed: '0.00',
    });
    expect(list.currency).toBe('USD');
    expect(list.rowCount).toBe(4);
  });

  it('sums the matching rows, disputed ones separately', () => {
    const { balances: sums } = finesAndFees(account, policy, { status: 'all', owner: ['LAW', 'MAIN'] });
    expect(sums).toMatchObject({ currentlyFiltered: '21.77', currentlyFilteredDisputed: '10.00' });
    expect(finesAndFees(account, policy, { status: 'disputed' }).balances).toMatchObject({
      active: '18.77',
      currentlyFiltered: '0.00',
      currentlyFilteredDisputed: '10.00',
    });
  });

  it('sums the matching rows of all pages', () => {
    const list = finesAndFees(account, policy, { page: { offset: 1, limit: 2 } });
    expect(list.rows.map(({ id }) => id)).toEqual(['f4', 'c1']);
    expect(list.rowCount).toBe(4);
    expect(list.balances.currentlyFiltered).toBe('18.77');
    expect(finesAndFees(account, policy, { page: { limit: 0 } }).rows).toEqual([]);
    expect(finesAndFees(account, policy, { page: { offset: 99 } }).rows).toEqual([]);
  });

  it('sorts by every column; ties keep the order of the account', () => {
    const all = { status: 'all' } as const;
    expect(idsOf(all)).toEqual(['f1', 'f2', 'f3', 'f4', 'c1', 'c2']);
    expect(idsOf({ ...all, sort: { by: 'original' } })).toEqual(['c1', 'c2', 'f3', 'f2', 'f1', 'f4']);
    expect(idsOf({ ...all, sort: { by: 'original', descending: true } })).toEqual([
      'f1',
      'f4',
      'f2',
      'f3',
      'c2',
      'c1',
    ]);
    expect(idsOf({ ...all, sort: { by: 'remaining' } })).toEqual(['c1', 'c2', 'f3', 'f1', 'f2', 'f4']);
    expect(idsOf({ ...all, sort: { by: 'status' } })).toEqual(['f1', 'f4', 'c1', 'c2', 'f2', 'f3']);
    expect(idsOf({ ...all, sort: { by: 'type' } })).toEqual(['c1', 'c2', 'f4', 'f2', 'f1', 'f3']);
    expect(idsOf({ ...all, sort: { by: 'owner' } })).toEqual(['c2', 'f2', 'f1', 'f3', 'f4', 'c1']);
    expect(idsOf({ ...all, sort: { by: 'title' } })).toEqual(['f2', 'f4', 'c1', 'c2', 'f3', 'f1']);
  });

  it('sorts types by label', () => {
    const feeTypes = { OTHER: { label: 'Zeal' }, OVERDUEFINE: { label: 'Delay' } };
    const { rows } = finesAndFees(account, definePolicy({ currency: 'USD', feeTypes }), {
      status: ['disputed', 'transferred'],
      sort: { by: 'type' },
    });
    expect(rows.map(({ typeLabel }) => typeLabel)).toEqual(['Delay', 'Zeal']);
  });

  it('sorts by instant, not by text; invalid instants last', () => {
    expect(idsOf({ status: 'all', sort: { by: 'at' } })).toEqual(['f2', 'f3', 'c1', 'f1', 'c2', 'f4']);
  });

  it('is empty and in the currency of the policy for an account without events', () => {
    const list = finesAndFees(emptyAccount(), definePolicy({ currency: 'JPY' }), { status: 'all' });
    expect(list).toEqual({
      currency: 'JPY',
      balances: {
        active: '0',
        disputed: '0',
        transferred: '0',
        currentlyFiltered: '0',
        currentlyFilteredDisputed: '0',
      },
      rowCount: 0,
      rows: [],
    });
  });

  it('accepts a policy parsed from JSON and refuses an invalid one', () => {
    const parsed = JSON.parse(JSON.stringify(policy)) as FeePolicy;
    expect(finesAndFees(account, parsed)).toEqual(finesAndFees(account, policy));
    expect(() => finesAndFees(account, {} as FeePolicy)).toThrow('INVALID_POLICY');
  });

  it('accepts any id and code', () => {
    for (const name of ['__proto__', 'constructor', 'toString', '17', '𝒳']) {
      const hostile = fold([
        assessed(name, '1.00', { feeType: name, owner: name, loanId: name, item: { id: name } }),
      ]);
      const list = finesAndFees(hostile, policy, { type: name, owner: name, item: name });
      expect(list.rows).toMatchObject([{ id: name, typeLabel: name, owner: name }]);
    }
  });

  it('never shows a staff note', () => {
    const secret = fold([
      assessed('f1', '1.00', { staffNote: 'SECRET' }),
      credited('c1', '1.00', { staffNote: 'SECRET' }),
    ]);
    expect(JSON.stringify(finesAndFees(secret, policy, { status: 'all' }))).not.toContain('SECRET');
  });
});

const statuses: readonly Status[] = ['active', 'disputed', 'transferred', 'closed'];
const maybe = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined });

const filters: fc.Arbitrary<FinesAndFeesFilter> = fc.record({
  status: maybe(
    fc.oneof(fc.constant('all' as const), fc.constantFrom(...statuses), fc.subarray([...statuses])),
  ),
  type: maybe(fc.subarray(['OVERDUEFINE', 'OTHER', 'CREDIT', 'LOSTITEMREPLACEMENTFEE', 'constructor'])),
  owner: maybe(fc.constantFrom('MAIN', 'LAW', '__proto__')),
  item: maybe(fc.constantFrom('17', 'i1', 'i2')),
  from: maybe(fc.constantFrom('2026-03-02T00:00:00Z', '2026-03-11T00:00:00Z')),
  before: maybe(fc.constantFrom('2026-03-08T00:00:00Z', '2026-03-21T00:00:00Z')),
  sort: maybe(fc.record({ by: fc.constantFrom(...sortColumns), descending: maybe(fc.boolean()) })),
});

/** The sum of a column, in minor units. */
function sumOf(rows: readonly FinesAndFeesRow[], column: 'remaining' | 'transferPending'): number {
  return rows.reduce((sum, row) => sum + Math.round(Number(row[column]) * 100), 0);
}

const write = (minor: number) => formatAmount(minor, 2);

describe('finesAndFees of any account', () => {
  it('has rows that add up to the active, disputed and transferred balances', () => {
    fc.assert(
      fc.property(histories, (events) => {
        const state = fold(events);
        const { rows, balances: figures } = finesAndFees(state, policy, { status: 'all' });
        const sums = balancesInMinorUnits(state);
        const withStatus = (status: Status) => rows.filter((row) => row.status === status);
        expect(sumOf(withStatus('active'), 'remaining')).toBe(sums.active);
        expect(sumOf(withStatus('disputed'), 'remaining')).toBe(sums.disputed);
        expect(sumOf([...withStatus('transferred'), ...withStatus('closed')], 'remaining')).toBe(0);
        expect(sumOf(rows, 'transferPending')).toBe(sums.transferred);
        expect(figures).toEqual({
          active: write(sums.active),
          disputed: write(sums.disputed),
          transferred: write(sums.transferred),
          currentlyFiltered: write(sums.active),
          currentlyFilteredDisputed: write(sums.disputed),
        });
      }),
      tried(1_000),
    );
  });

  it('sums exactly the matching rows under every filter', () => {
    fc.assert(
      fc.property(histories, filters, (events, filter) => {
        const { rows, rowCount, balances: figures } = finesAndFees(fold(events), policy, filter);
        const inDispute = rows.filter(({ status }) => status === 'disputed');
        const others = rows.filter(({ status }) => status !== 'disputed');
        expect(rows).toHaveLength(rowCount);
        expect(figures.currentlyFiltered).toBe(write(sumOf(others, 'remaining')));
        expect(figures.currentlyFilteredDisputed).toBe(write(sumOf(inDispute, 'remaining')));
      }),
      tried(1_000),
    );
  });

  it('returns each row on exactly one page', () => {
    fc.assert(
      fc.property(histories, filters, fc.integer({ min: 1, max: 5 }), (events, filter, limit) => {
        const state = fold(events);
        const whole = finesAndFees(state, policy, filter);
        const pages = [];
        for (let offset = 0; offset < whole.rowCount; offset += limit) {
          const page = finesAndFees(state, policy, { ...filter, page: { offset, limit } });
          expect(page.balances).toEqual(whole.balances);
          expect(page.rowCount).toBe(whole.rowCount);
          pages.push(...page.rows);
        }
        expect(pages).toEqual(whole.rows);
      }),
      tried(1_000),
    );
  });

  it('has the same rows in every order', () => {
    fc.assert(
      fc.property(histories, filters, (events, { sort, ...filter }) => {
        const state = fold(events);
        const byId = (rows: readonly FinesAndFeesRow[]) => new Map(rows.map((row) => [row.id, row]));
        const unsorted = finesAndFees(state, policy, filter);
        const sorted = finesAndFees(state, policy, { ...filter, sort });
        expect(byId(sorted.rows)).toEqual(byId(unsorted.rows));
      }),
      tried(1_000),
    );
  });

  it('is plain JSON without staff notes, and changes neither account nor filter', () => {
    fc.assert(
      fc.property(histories, filters, (events, filter) => {
        const state = fold(events);
        const before = structuredClone({ state, filter });
        const list = finesAndFees(state, policy, filter);
        const json = JSON.stringify(list);
        expect(JSON.parse(json)).toStrictEqual(list);
        expect(json).not.toContain('SECRET');
        expect(structuredClone({ state, filter })).toEqual(before);
      }),
      tried(1_000),
    );
  });

  it('returns the same for an account parsed from JSON', () => {
    fc.assert(
      fc.property(histories, (events) => {
        const state = fold(events);
        const copy = JSON.parse(JSON.stringify(state)) as typeof state;
        expect(finesAndFees(copy, policy, { status: 'all' })).toEqual(
          finesAndFees(state, policy, { status: 'all' }),
        );
      }),
      tried(1_000),
    );
  });
});
