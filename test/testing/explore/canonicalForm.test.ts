import { describe, expect, it } from 'vitest';
import {
  type AccountEvent,
  type Command,
  decide,
  emptyAccount,
  fold,
  type PatronAccount,
} from '../../../src/index.js';
import { canonicalForm, formOf } from '../../../src/testing/explore/canonicalForm.js';
import { smallCommands } from '../../../src/testing/explore/smallCommands.js';
import { smallPolicy } from '../../support/smallWorlds.js';

/** How many accounts are compared with another one of their form. */
const enough = process.env.FC_RUNS === 'all' ? 3_000 : 200;

/** The accounts that a command of the world leads to. */
function successors(
  account: PatronAccount,
  world: ReturnType<typeof smallCommands>,
  terms: 'percent' | 'all',
) {
  const policy = smallPolicy({ unpaidOnReturn: terms });
  return world(account, policy, `next-${account.eventCount}`).flatMap((command) => {
    const decision = decide(command, account, policy);
    return decision.events.length === 0 ? [] : [fold(decision.events, account)];
  });
}

describe('accounts with one canonical form', () => {
  it.each([
    ['OTHER', 'percent', undefined],
    ['LOST', 'percent', undefined],
    ['LOST', 'all', undefined],
    ['FINE', 'percent', 'grows'],
  ] as const)('have the same following accounts: a fee of the type %s, terms %s', (type, terms, grows) => {
    const world = smallCommands({ fees: [grows === undefined ? [type, 2] : [type, 1, grows]] });
    const seen = new Map<string, { account: PatronAccount; next: readonly string[] }>();
    const merged: [PatronAccount, string][] = [];
    let level: readonly PatronAccount[] = [emptyAccount()];
    while (level.length > 0 && merged.length < enough) {
      level = level.flatMap((account) => {
        if (merged.length >= enough) return [];
        const form = canonicalForm(account);
        if (seen.has(form)) {
          merged.push([account, form]);
          return [];
        }
        const accounts = successors(account, world, terms);
        seen.set(form, { account, next: accounts.map(canonicalForm) });
        return accounts;
      });
    }
    expect(merged).toHaveLength(enough);
    for (const [account, form] of merged) {
      const next = successors(account, world, terms).map(canonicalForm);
      expect(new Set(next)).toEqual(new Set(seen.get(form)?.next));
    }
  });

  it('have different forms if a later command can tell them apart', () => {
    const policy = smallPolicy();
    const at = '2026-03-02T09:00:00Z';
    const charge: Command = { type: 'AssessFee', id: 'f', at, feeType: 'LOST', amount: '2', owner: 'MAIN' };
    const forms = new Set(
      [
        [],
        [{ type: 'DisputeFee', feeId: 'f' }],
        [{ type: 'ReturnLostItem', feeIds: ['f'] }],
        [{ type: 'ReceivePayment', amount: '1', method: 'CASH' }],
        [{ type: 'ReceivePayment', amount: '1', method: 'CASH', externalTransactionId: 'ch_1' }],
        [{ type: 'TransferFees', fees: [{ feeId: 'f' }] }],
        [{ type: 'TransferFees', fees: [{ feeId: 'f', amount: '1' }] }],
        [{ type: 'WaiveFees', fees: [{ feeId: 'f' }], reason: 'OTHER' }],
      ].map((commands) => {
        const events: AccountEvent[] = [];
        for (const [index, command] of [charge, ...commands].entries())
          events.push(...decide({ id: `c${index}`, at, ...command } as Command, fold(events), policy).events);
        return canonicalForm(fold(events));
      }),
    );
    expect(forms.size).toBe(8);
  });
});

it('the canonical form of an account is computed once', () => {
  const account = emptyAccount();
  expect(formOf(account)).toBe(canonicalForm(account));
  expect(formOf(account)).toBe(formOf(account));
});
