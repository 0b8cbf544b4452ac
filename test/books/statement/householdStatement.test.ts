import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '../../../src/history/index.js';
import { definePolicy } from '../../../src/index.js';
import type { AccountFinding } from '../../../src/jobs/index.js';
import {
  accountStatement,
  type HouseholdStatementInput,
  householdStatement,
  runStatements,
  type StatementMember,
  type StatementOfAccount,
  statementHtml,
  statementText,
} from '../../../src/jobs/reports/index.js';
import { assess, pay } from '../../support/account.js';
import { accountWith } from '../../support/accountWith.js';
import { institution, mergedAccounts, patron, storeOf } from '../../support/mergedGroups.js';
import { assertVaried, tried } from '../../support/seeded.js';
import { place } from './statementOf.js';

const policy = definePolicy({ currency: 'USD' });
const ada = { name: 'Ada' };

/** The same events, recorded at other times. */
const recordedAt = (events: readonly RecordedEvent[], ...days: readonly string[]) =>
  events.map((event, index) => ({ ...event, recordedAt: `2026-${days[index]}T09:00:00Z` }));

const minor = (amount: string) => BigInt(amount.replace('.', ''));

/** What must hold in every statement: the opening balance and the amounts are the closing balance. */
function addsUp(statement: Pick<StatementOfAccount['statement'], 'opening' | 'lines' | 'closing'>): void {
  let balance = minor(statement.opening.balance);
  for (const line of statement.lines) {
    balance += minor(line.amount);
    expect(minor(line.balance)).toBe(balance);
  }
  expect(balance).toBe(minor(statement.closing.balance));
  for (const { balance: all, active, disputed } of [statement.opening, statement.closing])
    expect(minor(active) + minor(disputed)).toBe(minor(all));
}

const kept = recordedAt(accountWith([assess('f1', '5.00'), pay('p1', '5.00')]), '03-02', '04-05');
const old = recordedAt(accountWith([assess('f1', '3.00'), pay('p1', '1.00')]), '03-01', '04-05');
const members: readonly StatementMember[] = [
  { patronId: 'kept', events: kept },
  { patronId: 'old', events: old },
];

describe('householdStatement', () => {
  it('has the changes of all accounts in the order in which they were recorded', () => {
    const statement = householdStatement(members, policy, { patron: ada });
    expect(
      statement.lines.map(({ patronId, version, amount, balance }) => [patronId, version, amount, balance]),
    ).toEqual([
      ['old', 1, '3.00', '3.00'],
      ['kept', 1, '5.00', '8.00'],
      ['kept', 2, '-5.00', '3.00'],
      ['old', 2, '-1.00', '2.00'],
    ]);
    expect(statement).toMatchObject({
      patron: ada,
      currency: 'USD',
      from: null,
      before: null,
      opening: { balance: '0.00', active: '0.00', disputed: '0.00', transferred: '0.00' },
      closing: { balance: '2.00', active: '2.00', disputed: '0.00', transferred: '0.00' },
      members: [
        { patronId: 'kept', closing: { version: 2, balance: '0.00' } },
        { patronId: 'old', closing: { version: 2, balance: '2.00' } },
      ],
    });
  });

  it('is written as text and as a page', () => {
    const april = {
      from: { recordedAt: '2026-04-01T00:00:00Z' },
      before: { recordedAt: '2026-05-01T00:00:00Z' },
    };
    const statement = householdStatement(members, policy, { patron: ada, ...april });
    const text = statementText(statement, place);
    expect(text).toContain('Opening balance\nBalance: $8.00');
    expect(text).toContain('Closing balance\nBalance: $2.00');
    expect(statementHtml(statement, place)).toContain('$8.00');
  });

  it('is the statement of an account if there is one', () => {
    const [{ events }] = members as [StatementMember];
    const {
      opening,
      closing,
      lines,
      members: _,
      ...rest
    } = householdStatement(members.slice(0, 1), policy, { patron: ada });
    const { version: __, ...end } = accountStatement(events, policy, { patron: ada }).closing;
    const own = accountStatement(events, policy, { patron: ada });
    expect(closing).toEqual(end);
    expect(lines).toEqual(own.lines.map((line) => ({ patronId: 'kept', ...line })));
    expect({ ...own, ...rest }).toEqual(own);
    expect(opening).not.toHaveProperty('version');
  });

  it.each<[string, unknown, unknown]>([
    ['no member', [], { patron: ada }],
    ['a member twice', [members[0], members[0]], { patron: ada }],
    ['a member without events', [{ patronId: 'kept' }], { patron: ada }],
    ['a version as a bound', members, { patron: ada, from: { version: 1 } }],
    [
      'a period that ends before it begins',
      members,
      {
        patron: ada,
        from: { recordedAt: '2026-04-01T00:00:00Z' },
        before: { recordedAt: '2026-03-01T00:00:00Z' },
      },
    ],
    ['no patron', members, {}],
  ])('throws for %s', (_, list, input) => {
    expect(() =>
      householdStatement(list as readonly StatementMember[], policy, input as HouseholdStatementInput),
    ).toThrow('INVALID_ARGUMENT');
  });

  it('throws for an account in another currency', () => {
    expect(() => householdStatement(members, definePolicy({ currency: 'EUR' }), { patron: ada })).toThrow(
      'members: expected accounts in EUR, found: kept has USD',
    );
  });
});

describe('the statements of merged accounts', () => {
  it('are one for each group, have each change once, and continue from period to period (property)', async () => {
    let merged = 0;
    await assertVaried(
      fc.asyncProperty(mergedAccounts({ policies: [policy] }), fc.nat(60), async (given, minutes) => {
        const store = await storeOf(given);
        const middle = new Date(Date.parse('2026-01-01T00:00:00Z') + minutes * 60_000).toISOString();
        const statements = async (period: { from?: string; before?: string }) => {
          const all: StatementOfAccount[] = [];
          for await (const one of runStatements(store, policy, { institution, ...period })) all.push(one);
          return all;
        };
        const own = async (patronId: string) => {
          const { events } = await store.read(patron(patronId));
          return accountStatement(events, policy, { patron: ada });
        };
        const all = await statements({});
        const inDollars = [];
        for (const group of given.groups) {
          const lists = await Promise.all(group.map(own));
          if (lists.some(({ currency }) => currency !== 'USD')) continue;
          inDollars.push(group);
          if (group.every((_, index) => lists[index]?.closing.version === 0)) continue;
          const found = all.find(({ patronId }) => patronId === group[0]);
          const { statement } = found as StatementOfAccount;
          addsUp(statement);
          if (group.length > 1) merged += 1;
          for (const name of ['balance', 'active', 'disputed', 'transferred'] as const) {
            const sum = lists.reduce((total, { closing }) => total + minor(closing[name]), 0n);
            expect(minor(statement.closing[name])).toBe(sum);
          }
          const keyOf = (line: { id: string; kind: string; amount: string }) =>
            [line.kind, line.id, line.amount].join(' ');
          expect(statement.lines.map(keyOf).sort()).toEqual(
            lists.flatMap(({ lines }) => lines.map(keyOf)).sort(),
          );
        }
        // The accounts that were apart in the first period may be one group in the second.
        const [first, second] = [await statements({ before: middle }), await statements({ from: middle })];
        for (const { statement } of [...first, ...second]) addsUp(statement);
        if (inDollars.length < given.groups.length) return;
        const sum = (list: readonly StatementOfAccount[], which: 'opening' | 'closing') =>
          list.reduce((total, { statement }) => total + minor(statement[which].balance), 0n);
        expect(sum(second, 'opening')).toBe(sum(first, 'closing'));
        expect([...first, ...second].flatMap(({ statement }) => statement.lines)).toHaveLength(
          all.flatMap(({ statement }) => statement.lines).length,
        );
        // Once a period is over, its statements never change: not by what is merged later.
        await store.append(
          patron('later'),
          [{ type: 'AccountMerged', data: { mergeId: 'later', into: 'p0', at: middle } }],
          { expectedVersion: 0 },
        );
        await store.append(
          patron('p0'),
          [{ type: 'AccountJoined', data: { mergeId: 'later', from: 'later', at: middle } }],
          { expectedVersion: 'any' },
        );
        const again = await statements({ before: middle });
        const before = new Set(first.map(({ patronId }) => patronId));
        const { events } = await store.read(patron('later'));
        if ((events[0] as RecordedEvent).recordedAt >= middle)
          expect(again.filter(({ patronId }) => before.has(patronId))).toEqual(first);
      }),
      tried(300),
      30,
      () => expect(merged).toBeGreaterThan(5),
    );
  });

  it('give a finding if an account is in another currency or cannot be read', async () => {
    const given = { policy, groups: [], accounts: [] };
    const store = await storeOf(given);
    const merge = (from: string, into: string) =>
      [
        [from, { type: 'AccountMerged', data: { mergeId: from, into, at: '2026-05-01T00:00:00Z' } }],
        [into, { type: 'AccountJoined', data: { mergeId: from, from, at: '2026-05-01T00:00:00Z' } }],
      ] as const;
    const fee = (currency: string) =>
      ({
        type: 'FeeAssessed',
        data: {
          feeId: 'f1',
          feeType: 'OTHER',
          amount: '5.00',
          currency,
          owner: 'MAIN',
          at: '2026-05-01T00:00:00Z',
        },
      }) as const;
    const rows = [
      ['euro', fee('EUR')],
      ['broken', fee('USD')],
      ['broken', fee('USD')],
    ] as const;
    for (const [patronId, event] of [...rows, ...merge('euro', 'kept'), ...merge('broken', 'other')])
      await store.append(patron(patronId), [event], { expectedVersion: 'any' });
    const found: string[] = [];
    const onFinding = ({ patronId, code }: AccountFinding) => void found.push(`${patronId} ${code}`);
    for await (const { patronId } of runStatements(store, policy, { institution }, { onFinding }))
      found.push(patronId);
    expect(found.sort()).toEqual(['broken CORRUPT_HISTORY', 'euro OTHER_CURRENCY', 'other CORRUPT_HISTORY']);
  });
});
