import assert from 'node:assert/strict';
import type { Command } from '../../account/commands/command.js';
import { emptyAccount, type PatronAccount } from '../../account/patronAccount.js';
import { isPatronFeesError } from '../../errors.js';
import { definePolicy, type FeePolicy } from '../../policy/feePolicy.js';
import { anything, changingProxy, mutated, mutatedBy, mutations } from '../arbitraries/anything.js';
import { moveCommand } from '../arbitraries/moveCommand.js';
import { moves } from '../arbitraries/moves.js';
import { described } from '../described.js';
import { besideStories, clause, type LawText, type Subject } from './law.js';

/** Law 10. */
export const anyInput: LawText = {
  number: 10,
  name: 'any input',
  sentence:
    'No input, however malformed, gets anything but a decision, a rejection or a typed error, or changes an account.',
  clauses: [
    clause(
      'any value is decided as a command, alone and in a list',
      (fc, subject) => fc.tuple(anything(fc), fc.constantFrom(...subject.policies)),
      ([make, policy], subject) => {
        const value = make();
        decides(value, emptyAccount(), policy, subject);
        decides([value], emptyAccount(), policy, subject);
        decides({ type: 'AssessFee', id: value, at: value, amount: value }, emptyAccount(), policy, subject);
      },
    ),
    besideStories(
      'a command with anything else in it is decided',
      (fc) => fc.tuple(moves(fc), fc.array(mutations(fc), { minLength: 1, maxLength: 3 })),
      ({ account, policy }, subject, [move, changes]) => {
        const before = JSON.stringify(account);
        const command = moveCommand(move, 'next', account, policy);
        decides(mutatedBy(command, changes), account, policy, subject);
        assert.equal(JSON.stringify(account), before);
      },
    ),
    besideStories(
      'a command that says something else each time it is read is decided',
      (fc) => fc.tuple(moves(fc), fc.nat(40), anything(fc)),
      ({ account, policy }, subject, [move, after, value]) => {
        const command = moveCommand(move, 'next', account, policy);
        decides(changingProxy(command, after, value), account, policy, subject);
        decides(changingProxy([command], after, value), account, policy, subject);
      },
    ),
    besideStories(
      'any event is folded or the history is said to be corrupt',
      (fc) => fc.tuple(anything(fc), fc.nat(40), fc.array(mutations(fc), { minLength: 1, maxLength: 3 })),
      ({ events: history }, { fold, evolve }, [make, at, changes]) => {
        const value = make();
        const index = at % (history.length || 1);
        const event = history[index];
        // The account before the event. After it, any event would fail only because its id is in use.
        const account = fold(history.slice(0, index));
        const before = JSON.stringify(account);
        const odd = mutatedBy(event, changes);
        const steady = event === undefined ? [] : [changingProxy(event, at, make)];
        for (const events of [[value], [{ type: 'FeeWaived', data: value }], [odd], steady]) {
          orTypedError(() => fold(events as never, account));
          orTypedError(() => evolve(account, events[0] as never));
        }
        assert.equal(JSON.stringify(account), before);
      },
    ),
    besideStories(
      'any value is accepted as an account or refused as invalid',
      (fc) => fc.tuple(moves(fc), anything(fc), mutations(fc)),
      ({ account, policy, events }, { decide, fold, evolve }, [move, value, change]) => {
        const command = moveCommand(move, 'next', account, policy);
        for (const odd of [value, mutated(account, change)] as PatronAccount[]) {
          orTypedError(() => decide(command, odd, policy));
          orTypedError(() => fold(events, odd));
          for (const event of events.slice(0, 1)) orTypedError(() => evolve(odd, event));
        }
      },
    ),
    besideStories(
      'any value is accepted as a policy or its faults are reported',
      (fc) => fc.tuple(moves(fc), anything(fc), mutations(fc), fc.nat(40)),
      ({ account, policy }, { decide }, [move, make, change, after]) => {
        const command = moveCommand(move, 'next', account, policy);
        for (const odd of [
          make(),
          mutated(policy, change),
          changingProxy(policy, after, make),
        ] as FeePolicy[]) {
          orTypedError(() => definePolicy(odd));
          orTypedError(() => decide(command, account, odd));
        }
      },
    ),
  ],
};

/** Checks that the result is a decision, for any input, and that a rejection is plain data. */
function decides(
  command: unknown,
  account: PatronAccount,
  policy: FeePolicy,
  { decide, fold }: Subject,
): void {
  const decision = decide(command as Command, account, policy);
  if (decision.accepted) {
    fold(decision.events, account);
  } else {
    assert.deepEqual(decision.events, []);
    assert.deepEqual(JSON.parse(JSON.stringify(decision.rejection)), decision.rejection);
  }
}

/** Runs a function that may throw errors of this library, but no others. */
function orTypedError(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (!isPatronFeesError(error)) assert.fail(`something else was thrown: ${described(error, 'stack')}`);
  }
}
