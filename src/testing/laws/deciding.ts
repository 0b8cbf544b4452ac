import assert from 'node:assert/strict';
import type { Command } from '../../account/commands/command.js';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import { emptyAccount, type PatronAccount } from '../../account/patronAccount.js';
import { isPatronFeesError } from '../../errors.js';
import { definePolicy, type FeePolicy } from '../../policy/feePolicy.js';
import { formatHistory, givenFaults, withFault } from '../arbitraries/corruptHistories.js';
import { damaged, damages } from '../arbitraries/damages.js';
import { moveCommand } from '../arbitraries/moveCommand.js';
import { moves } from '../arbitraries/moves.js';
import { described } from '../described.js';
import { commandFor, contentOf, withNewId } from './commandFor.js';
import { besideStories, inStories, type LawText, type Subject, same } from './law.js';

/** Law 5. */
export const deciding: LawText = {
  number: 5,
  name: 'deciding and folding',
  sentence: 'Whatever is decided can be folded, and what cannot be folded is never decided.',
  clauses: [
    inStories('whatever is decided can be folded, and nothing is thrown on the way', ({ broken }) => {
      if (broken === undefined) return;
      const what = broken.decision === undefined ? 'deciding' : 'folding what was decided for';
      assert.fail(`${what} ${broken.command.id} throws ${described(broken.error)}`);
    }),
    inStories(
      'a list is decided as its commands are one after the other, except that limits of roles hold for the whole list',
      ({ steps, policy }, subject) => {
        const own = steps.filter((step) => step.policy === policy && step.decision.accepted);
        const commands = own.map(({ command }) => command);
        const unlimited = withoutLimits(policy);
        decidesListsAlike(commands, unlimited, subject);
        if (unlimited === policy) return;
        const decision = subject.decide(commands.flat(), emptyAccount(), policy);
        const isAboveLimit =
          !decision.accepted &&
          decision.rejection.type === 'NotPermitted' &&
          decision.rejection.limit !== null;
        if (!isAboveLimit) decidesListsAlike(commands, policy, subject);
      },
    ),
    besideStories(
      'a corrupt history is refused with its fault, at its position',
      (fc) => fc.tuple(fc.constantFrom(...givenFaults), fc.nat(1_000), fc.nat(1_000)),
      (story, { fold }, [given, place, pick]) => {
        const history = withFault(story, given, place, pick);
        const { events, code, fault, position } = history;
        const error = thrownBy(() => fold(events));
        const what = `${formatHistory(history)}\n\nexpected ${code}, found ${String(error)}`;
        assert.ok(isPatronFeesError(error, code), what);
        assert.deepEqual([error.details.fault, error.details.position], [fault, position], what);
      },
    ),
    besideStories(
      'whatever is decided on top of a history that no decision would have made can be folded',
      (fc) => fc.tuple(damages(fc, 4), fc.array(moves(fc), { minLength: 1, maxLength: 10 })),
      ({ events, policy }, { decide, fold }, [all, later]) => {
        let account = foldValid(damaged(events, all), fold);
        for (const [index, move] of later.entries()) {
          const command = moveCommand(move, `later ${index}`, account, policy);
          account = fold(decide(command, account, policy).events, account);
        }
      },
    ),
    besideStories(
      'the command for an event that cannot be folded is refused, or does something else',
      (fc) => damages(fc, 1),
      ({ events, policy }, subject, all) => {
        let account = emptyAccount();
        for (const [index, event] of damaged(events, all).entries()) {
          const next = foldedOr(undefined, event, account, subject.fold);
          const command = isReadable(event) ? commandFor(event, `asked ${index}`, policy) : undefined;
          if (next !== undefined) account = next;
          else if (command !== undefined) neverDecides(event, { command, policy }, account, subject);
        }
      },
    ),
  ],
};

type Fold = Subject['fold'];

const known = new WeakMap<FeePolicy, FeePolicy>();

/** Returns the policy with the same permissions, but without their limits. */
function withoutLimits(policy: FeePolicy): FeePolicy {
  const { permissions, ...rules } = policy;
  if (permissions === undefined) return policy;
  const unlimited = Object.entries(permissions).map(([command, roles]) => [
    command,
    Object.fromEntries(Object.keys(roles).map((role) => [role, {}])),
  ]);
  const open = known.get(policy) ?? definePolicy({ ...rules, permissions: Object.fromEntries(unlimited) });
  known.set(policy, open);
  return open;
}

function decidesListsAlike(
  commands: readonly Parameters<Subject['decide']>[0][],
  policy: FeePolicy,
  { decide, fold }: Subject,
): void {
  const list = commands.flat();
  const oneByOne: AccountEvent[] = [];
  let account = emptyAccount();
  const refused = list.findIndex((command) => {
    const decision = decide(command, account, policy);
    for (const event of decision.events) oneByOne.push(event);
    account = fold(decision.events, account);
    return !decision.accepted;
  });
  const decision = decide(list, emptyAccount(), policy);
  if (refused >= 0) {
    assert.deepEqual(
      {
        accepted: decision.accepted,
        events: decision.events,
        at: 'commandIndex' in decision && decision.commandIndex,
      },
      { accepted: false, events: [], at: refused },
    );
  } else {
    assert.deepEqual(decision, { accepted: true, events: oneByOne });
    same(fold(decision.events), account, 'the list, folded');
  }
}

/** Folds an event. Returns `otherwise` if the history is corrupt, and rethrows any other error. */
function foldedOr<Otherwise>(
  otherwise: Otherwise,
  event: AccountEvent,
  account: PatronAccount,
  fold: Fold,
): PatronAccount | Otherwise {
  try {
    return fold([event], account);
  } catch (error) {
    if (isPatronFeesError(error, 'CORRUPT_HISTORY')) return otherwise;
    throw error;
  }
}

/** Folds the events of a history one by one and skips those that cannot follow. */
function foldValid(events: readonly AccountEvent[], fold: Fold): PatronAccount {
  return events.reduce((account, event) => foldedOr(account, event, account, fold), emptyAccount());
}

function neverDecides(
  event: AccountEvent,
  { command, policy }: { readonly command: Command; readonly policy: FeePolicy },
  account: PatronAccount,
  { decide, fold }: Subject,
): void {
  const { events } = decide(command, account, policy);
  fold(events, account);
  const isDecided = events.some((decided) => contentOf(decided) === contentOf(event));
  // Without metadata, which no command sets and which may be the event's only fault.
  const { metadata, ...bare } = event;
  if (isDecided && foldedOr(undefined, bare as AccountEvent, account, fold) === undefined) {
    // An event that is decided again under a new id can only have had an invalid id.
    assert.ok(event.type !== 'FeeAssessed' && event.type !== 'PaymentReceived', `${event.type} was decided`);
    fold([withNewId(event)], account);
  }
}

function isReadable(event: AccountEvent | null | undefined): event is AccountEvent {
  return typeof event?.data === 'object' && event.data !== null;
}

function thrownBy(run: () => unknown): unknown {
  try {
    run();
    return undefined;
  } catch (error) {
    return error;
  }
}
