import fc from 'fast-check';
import { applyPatches, enablePatches } from 'immer';
import { describe, expect, it } from 'vitest';
import type { AccountEvent } from '../../src/account/events/accountEvent.js';
import { type AccountPatch, evolve, evolveWithPatches } from '../../src/account/evolve.js';
import { applyAll, fold, mutableCopy } from '../../src/account/fold.js';
import { emptyAccount, findFee, type PatronAccount } from '../../src/account/patronAccount.js';
import { assessed, errorOf, event, paid } from '../support/events.js';
import { tried } from '../support/seeded.js';
import { anyPolicy, eventsOf, moves, runMoves } from '../support/stories.js';
import { history, waived } from '../support/wholeHistory.js';

/** Evolves event by event. */
function evolved(events: readonly AccountEvent[], account: PatronAccount = emptyAccount()): PatronAccount {
  return events.reduce<PatronAccount>(evolve, account);
}

/** Every object reachable from a value, including itself. */
function partsOf(whole: unknown): object[] {
  const parts: object[] = [];
  const visit = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return;
    parts.push(part);
    Object.values(part).forEach(visit);
  };
  visit(whole);
  return parts;
}

const throughJson = <Data>(data: Data): Data => JSON.parse(JSON.stringify(data)) as Data;

describe('evolve', () => {
  it('reaches the same account as fold, event by event', () => {
    expect(evolved(history)).toStrictEqual(fold(history));
  });

  it('returns a deeply frozen account', () => {
    const parts = partsOf(evolved(history));
    expect(parts.length).toBeGreaterThan(50);
    expect(parts.filter((part) => !Object.isFrozen(part))).toEqual([]);
  });

  it('neither freezes nor changes its arguments, whatever their origin', () => {
    const events = structuredClone(history) as AccountEvent[];
    const next = structuredClone(
      assessed('f9', '1.00', { item: { title: 'Walden' }, by: { channel: 'desk' } }),
    );
    for (const account of [fold(events), throughJson(fold(events)), structuredClone(fold(events))]) {
      const before = structuredClone(account);
      const frozenParts = () =>
        [...partsOf(account), ...partsOf(next), ...partsOf(events)].filter(Object.isFrozen);
      // Accounts of `fold` share frozen empty lists and figures.
      const frozenBefore = frozenParts();
      evolve(account, next);
      expect(frozenParts()).toEqual(frozenBefore);
      expect(structuredClone(account)).toEqual(before);
    }
  });

  it('leaves a retained account usable', () => {
    const held = mutableCopy(fold(history));
    evolve(held, assessed('f9', '1.00'));
    applyAll(held, [paid('p9', 'f2', '1.00')]);
    expect(findFee(held, 'f2')?.paid).toBe(300);
  });

  it('shares every row that the event does not change with the previous account', () => {
    const before = evolved(history);
    const after = evolve(before, paid('p9', 'f2', '1.00'));
    expect(after.fees.map((fee, index) => fee === before.fees[index])).toEqual([true, false, true]);
    expect(after.credits).toBe(before.credits);
    expect(after.waivers).toBe(before.waivers);
    expect(after.payments[0]).toBe(before.payments[0]);
    expect(after.fees[1]?.transactions[0]).toBe(before.fees[1]?.transactions[0]);
  });

  it('keeps accounts that branch from the same one independent', () => {
    const root = evolved(history);
    const branches = ['a', 'b'].map((id) => evolve(root, assessed(id, '1.00')));
    const grown = branches.map((branch) => evolve(branch, assessed('c', '1.00')));
    const idsOf = ({ fees }: PatronAccount) => fees.slice(3).map(({ feeId }) => feeId);
    expect([root, ...branches, ...grown].map(idsOf)).toEqual([[], ['a'], ['b'], ['a', 'c'], ['b', 'c']]);
    expect(branches.map((branch) => findFee(branch, 'b')?.feeId)).toEqual([undefined, 'b']);
    expect(findFee(root, 'f1')?.original).toBe(1000);
    for (const account of [root, ...branches]) {
      expect(errorOf(() => evolve(account, assessed('f1', '1.00'))).details.fault).toBe('IdUsedTwice');
      expect(findFee(evolve(account, assessed('d', '1.00')), 'd')?.original).toBe(100);
    }
  });

  it('knows the commands of the previous account: an event with the same id and other content is corrupt', () => {
    const by = (commandDigest: string) => ({ metadata: { commandId: 'k1', commandDigest } });
    const account = evolve(emptyAccount(), { ...assessed('f1', '1.00'), ...by('one') });
    expect(evolve(account, { ...assessed('f2', '1.00'), ...by('one') }).fees).toHaveLength(2);
    expect(errorOf(() => evolve(account, { ...assessed('f2', '1.00'), ...by('two') })).details).toMatchObject(
      {
        fault: 'OtherCommandWithThisId',
        expected: 'one',
        found: 'two',
      },
    );
  });

  it('shares no object with the event', () => {
    const item = { title: 'Walden' };
    const account = evolve(emptyAccount(), assessed('f1', '10.00', { item }));
    item.title = 'changed later';
    expect(findFee(account, 'f1')?.item).toEqual({ title: 'Walden' });
  });

  it('accepts frozen accounts and events', () => {
    const next = Object.freeze({
      ...waived,
      data: Object.freeze({ ...waived.data, waiverId: 'w2', amount: '1.00' }),
    });
    expect(findFee(evolve(evolved(history), next), 'f1')?.waived).toBe(500);
  });

  it('refuses an invalid account', () => {
    for (const input of [null, undefined, 5, {}, [], { fees: [] }, new Map()]) {
      expect(errorOf(() => evolve(input as never, waived)).code).toBe('INVALID_ACCOUNT');
    }
  });
});

describe('evolveWithPatches', () => {
  enablePatches();
  const applied = (account: PatronAccount, patches: readonly AccountPatch[]) =>
    applyPatches(account, throughJson([...patches])) as PatronAccount;

  it('returns patches that turn each account of any story into the next one and back (property)', () => {
    fc.assert(
      fc.property(moves(12), anyPolicy, (story, policy) => {
        let before = emptyAccount();
        for (const event of eventsOf(runMoves(story, policy))) {
          const { account, patches, inversePatches } = evolveWithPatches(before, event);
          expect(account).toStrictEqual(evolve(before, event));
          expect(applied(before, patches)).toStrictEqual(account);
          expect(applied(account, inversePatches)).toStrictEqual(before);
          before = account;
        }
      }),
      tried(100),
    );
  });

  it('names the changed fields, the new lines and the new rows, and nothing else', () => {
    const before = evolved(history);
    const { patches, inversePatches } = evolveWithPatches(before, paid('p9', 'f2', '1.00'));
    expect(patches.map(({ op, path }) => `${op} ${path.join('.')}`)).toEqual([
      'replace fees.1.paid',
      `add fees.1.transactions.${before.fees[1]?.transactions.length}`,
      `add payments.${before.payments.length}`,
      `add ids.${before.ids.length}`,
      'replace eventCount',
      'replace turnover',
    ]);
    expect(inversePatches[0]).toEqual({ op: 'replace', path: ['turnover'], value: expect.any(Number) });
    expect(inversePatches.map(({ path }) => path.join('.'))).toEqual([
      'turnover',
      'eventCount',
      'ids.length',
      'payments.length',
      'fees.1.transactions.length',
      'fees.1.paid',
    ]);
  });

  it('names the changed fields of a row without transactions', () => {
    const before = evolved(history);
    const ended = event('PaymentPlanEnded', { planId: 'n1', cause: 'cancelled' });
    const { account, patches, inversePatches } = evolveWithPatches(before, ended);
    expect(patches).toContainEqual({
      op: 'replace',
      path: ['paymentPlans', 0, 'endCause'],
      value: 'cancelled',
    });
    expect(applied(account, inversePatches)).toStrictEqual(before);
  });

  it('names no unchanged list of a changed row', () => {
    const refund = event('CreditRefunded', {
      refundId: 'b9',
      creditId: 'c1',
      amount: '1.00',
      method: 'CASH',
    });
    const { patches } = evolveWithPatches(evolved(history), refund);
    const ofCredit = patches.filter(({ path }) => path[0] === 'credits').map(({ path }) => path[2]);
    expect(ofCredit).toEqual(['refunded', 'transactions']);
  });

  it('replaces only the lists and the figures that a purge changes', () => {
    const purged = event('AccountPurged', { purgeId: 'x', events: 20, currency: 'USD', totals: [] });
    const before = evolved(history);
    const { account, patches, inversePatches } = evolveWithPatches(before, purged);
    const { currency, minorDigits, mergedInto, ...changed } = before;
    const replaced = (from: PatronAccount) =>
      Object.keys(changed).map((name) => ({ op: 'replace', path: [name], value: from[name as 'fees'] }));
    expect(patches).toEqual(replaced(account));
    expect(inversePatches).toEqual(replaced(before).reverse());
  });

  it('names the account that the account is merged into', () => {
    const before = evolved(history);
    const merged = event('AccountMerged', { mergeId: 'm2', into: 'p2' });
    const { account, patches, inversePatches } = evolveWithPatches(before, merged);
    expect(patches).toContainEqual({ op: 'replace', path: ['mergedInto'], value: 'p2' });
    expect(applied(account, inversePatches)).toStrictEqual(before);
  });

  it('has patches of a size that does not grow with the account', () => {
    const size = (fees: number) => {
      const events = Array.from({ length: fees }, (_, number) => assessed(`f${100 + number}`, '1.00'));
      return JSON.stringify(evolveWithPatches(fold(events), paid('p', 'f100', '1.00')).patches).length;
    };
    expect(size(900) - size(10)).toBeLessThan(20);
  });

  it('throws what evolve throws', () => {
    expect(errorOf(() => evolveWithPatches(null as never, waived)).code).toBe('INVALID_ACCOUNT');
    expect(errorOf(() => evolveWithPatches(emptyAccount(), waived)).details.fault).toBe('UnknownFee');
  });
});

it('records that the account is merged into another one', () => {
  const merged = {
    type: 'AccountMerged',
    data: { mergeId: 'm1', into: 'p2', at: '2026-03-02T09:00:00Z' },
  } as const;
  expect(evolved([assessed('f1', '1.00'), merged])).toEqual(fold([assessed('f1', '1.00'), merged]));
  expect(evolved([assessed('f1', '1.00'), merged]).mergedInto).toBe('p2');
});
