import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evolve } from '../../src/account/evolve.js';
import {
  type Command,
  decide,
  definePolicy,
  emptyAccount,
  type FeePolicy,
  fold,
  isPatronFeesError,
  type PatronAccount,
} from '../../src/index.js';
import { anything, mutated, mutatedBy, mutation, unsteady } from '../support/garbage.js';
import { PATIENCE, seeded } from '../support/seeded.js';
import { anyPolicy, commandOf, eventsOf, move, moves, play } from '../support/stories.js';

const usd = definePolicy({ currency: 'USD' });

/** Runs something that may throw an error of this library and nothing else. */
function orTypedError(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (!isPatronFeesError(error))
      throw new Error('something else was thrown', { cause: new Error(described(error)) });
  }
}

function described(error: unknown): string {
  try {
    return error instanceof Error ? String(error.stack) : String(error);
  } catch {
    return 'something unreadable';
  }
}

/** What `decide` answers must be a decision, whatever it was asked; a rejection must be plain data. */
function decides(command: unknown, account: PatronAccount, policy: FeePolicy): void {
  const decision = decide(command as Command, account, policy);
  if (decision.accepted) {
    fold(decision.events, account);
  } else {
    expect(decision.events).toEqual([]);
    expect(JSON.parse(JSON.stringify(decision.rejection))).toEqual(decision.rejection);
  }
}

/** A story, and one more move on top of it. */
const situations = fc.tuple(moves(12), move, anyPolicy).map(([story, next, policy]) => {
  const steps = play(story, policy);
  const account = steps.at(-1)?.after ?? emptyAccount();
  const history = eventsOf(steps);
  return { account, policy, history, command: commandOf(next, 'next', account, policy) };
});

describe('law 10: no input gets anything but a decision or a typed error', () => {
  it(
    'decides any value as a command, alone and in a list',
    () => {
      fc.assert(
        fc.property(anything, (make) => {
          const value = make();
          decides(value, emptyAccount(), usd);
          decides([value], emptyAccount(), usd);
          decides({ type: 'AssessFee', id: value, at: value, amount: value }, emptyAccount(), usd);
        }),
        seeded('law 10, commands'),
      );
    },
    PATIENCE,
  );

  it(
    'decides commands in which something was replaced by any value, and never changes them',
    () => {
      fc.assert(
        fc.property(
          situations,
          fc.array(mutation, { minLength: 1, maxLength: 3 }),
          (situation, mutations) => {
            const { account, policy } = situation;
            const before = JSON.stringify(account);
            const command = mutatedBy(situation.command, mutations);
            decides(command, account, policy);
            expect(JSON.stringify(account)).toBe(before);
          },
        ),
        seeded('law 10, mutated commands'),
      );
    },
    PATIENCE,
  );

  it(
    'decides commands that say something else each time they are read',
    () => {
      fc.assert(
        fc.property(situations, fc.nat(40), anything, ({ command, account, policy }, after, value) => {
          decides(unsteady(command, after, value), account, policy);
          decides(unsteady([command], after, value), account, policy);
        }),
        seeded('law 10, unsteady commands'),
      );
    },
    PATIENCE,
  );

  it(
    'folds any events or says that the history is corrupt, and leaves the account as it was',
    () => {
      fc.assert(
        fc.property(
          situations,
          anything,
          fc.nat(40),
          fc.array(mutation, { minLength: 1, maxLength: 3 }),
          ({ account, history }, make, at, mutations) => {
            const value = make();
            const before = JSON.stringify(account);
            const event = history[at % (history.length || 1)];
            const odd = mutatedBy(event, mutations);
            const steady = event === undefined ? [] : [unsteady(event, at, make)];
            for (const events of [[value], [{ type: 'FeeWaived', data: value }], [odd], steady]) {
              orTypedError(() => fold(events as never, account));
              orTypedError(() => evolve(account, events[0] as never));
            }
            expect(JSON.stringify(account)).toBe(before);
          },
        ),
        seeded('law 10, events'),
      );
    },
    PATIENCE,
  );

  it(
    'takes any value as an account or says that it is none',
    () => {
      fc.assert(
        fc.property(
          situations,
          anything,
          mutation,
          ({ account, command, policy, history }, value, change) => {
            for (const odd of [value, mutated(account, change)] as PatronAccount[]) {
              orTypedError(() => decide(command, odd, policy));
              orTypedError(() => fold(history, odd));
              for (const event of history.slice(0, 1)) orTypedError(() => evolve(odd, event));
            }
          },
        ),
        seeded('law 10, accounts'),
      );
    },
    PATIENCE,
  );

  it(
    'takes any value as a policy or names its faults',
    () => {
      fc.assert(
        fc.property(situations, anything, mutation, fc.nat(40), (situation, make, change, after) => {
          const { account, command, policy } = situation;
          const changed = mutated(policy, change);
          for (const odd of [make(), changed, unsteady(policy, after, make)] as FeePolicy[]) {
            orTypedError(() => definePolicy(odd));
            orTypedError(() => decide(command, account, odd));
          }
        }),
        seeded('law 10, policies'),
      );
    },
    PATIENCE,
  );
});
