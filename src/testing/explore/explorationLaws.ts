import assert from 'node:assert/strict';
import type { Command } from '../../account/commands/command.js';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import { violations } from '../../account/invariants.js';
import type { PatronAccount } from '../../account/patronAccount.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import type { Decide } from '../arbitraries/runMoves.js';
import type { Step } from '../arbitraries/story.js';
import { costOf } from '../laws/costOf.js';
import { figuresOf } from '../laws/figures.js';
import type { PostingFigures } from '../laws/law.js';
import { checkSettling } from '../laws/settling.js';
import { restoresStep, withoutPermissions } from '../laws/undoing.js';
import { checkCancelled } from '../laws/waivers.js';
import { formOf } from './canonicalForm.js';
import { reasonToDiffer } from './mayDiffer.js';
import { keepsPolicy, movesWhatIsAsked, recordsOnce } from './ruleLaws.js';

/** Returns the postings of an event, for the account after it; a debit is positive, a credit negative. */
export type ExploredPostings = (
  event: AccountEvent,
  account: PatronAccount,
) => readonly Pick<PostingFigures, 'amountMinor'>[];

/** The functions and the policy that are explored. */
export type Explored = {
  /** The policy. */
  readonly policy: FeePolicy;
  /** Decides commands. */
  readonly decide: Decide;
  /** Posts an event to the ledger. */
  readonly postingsOf: ExploredPostings;
  /** Folds events. */
  readonly fold: (events: Iterable<AccountEvent>, account?: PatronAccount) => PatronAccount;
};

/** Two commands on an account, and the accounts after both orders. */
export type Pair = {
  /** The account before. */
  readonly before: PatronAccount;
  /** The two commands; neither knows of the other. */
  readonly commands: readonly [Command, Command];
  /** The account after both commands in this order, and after the other order. */
  readonly accounts: readonly [PatronAccount, PatronAccount];
};

/** A law of an exploration. */
export type ExplorationLaw<Subject> = {
  /** Its name, e.g. `an effect`. */
  readonly name: string;
  /** Throws if the law is violated. */
  readonly holds: (subject: Subject, explored: Explored) => void;
};

/** The laws of an exploration. */
export type ExplorationLaws = {
  /** What holds in every state. */
  readonly state?: readonly ExplorationLaw<PatronAccount>[];
  /** What holds of every command in every state, accepted or refused. */
  readonly step?: readonly ExplorationLaw<Step>[];
  /** What holds of two commands that are accepted in both orders. */
  readonly pair?: readonly ExplorationLaw<Pair>[];
};

/**
 * The laws that {@link exploreEvery} checks if none are given: they check each step and state, in addition to the
 * {@link laws} for random stories.
 *
 * - For a state: its invariants hold; no more is cancelled of a fee than was charged; everything can be settled by
 *   paying what is owed, so there is no dead end; no transaction of a provider is recorded twice.
 * - For a step: it has an effect; repeating it has none; undoing it restores what was owed; its postings sum to zero,
 *   and none is zero; it moves the requested amount; it does what the policy says.
 * - For two commands: both orders cost the same, except the pairs of {@link mayDiffer}.
 */
export const explorationLaws: Required<ExplorationLaws> = {
  state: [
    { name: 'cancelled', holds: (account) => checkCancelled(figuresOf(account)) },
    { name: 'invariants', holds: (account) => assert.deepEqual(violations(account), []) },
    {
      name: 'settling',
      holds: (account, { policy, ...subject }) => checkSettling(account, withoutPermissions(policy), subject),
    },
    { name: 'transactions', holds: recordsOnce },
  ],
  step: [
    { name: 'an effect', holds: hasAnEffect },
    { name: 'repeats', holds: addsNothingAgain },
    { name: 'undoing', holds: restoresStep },
    { name: 'postings', holds: postsToZero },
    { name: 'amounts', holds: movesWhatIsAsked },
    { name: 'the policy', holds: keepsPolicy },
  ],
  pair: [{ name: 'pairs', holds: costsTheSame }],
};

/** Fails if a command is accepted and has no effect: nobody would ever see it, and it could be given for ever. */
function hasAnEffect({ command, before, decision, after }: Step): void {
  if (!decision.accepted || decision.repeats !== undefined) return;
  // A report of what a fine stands at already is accepted, and nothing else is.
  if (decision.events.length === 0 && command.type === 'AccrueFine') return;
  const types = decision.events.map(({ type }) => type).join(', ');
  assert.notEqual(
    formOf(after),
    formOf(before),
    `${command.type} was accepted (${types || 'no events'}) and has no effect`,
  );
}

function addsNothingAgain({ command, policy, decision, after }: Step, { decide }: Explored): void {
  if (!decision.accepted) return;
  const again = decide(command, after, policy);
  assert.ok(
    again.accepted && again.events.length === 0,
    `${command.type} adds something when it is repeated`,
  );
}

/** Fails if an event of a step is posted to a sum other than zero, or has a posting of zero. */
function postsToZero({ decision, after }: Step, { postingsOf }: Explored): void {
  for (const event of decision.events) {
    const amounts = postingsOf(event, after).map(({ amountMinor }) => amountMinor);
    assert.equal(
      amounts.reduce((sum, amount) => sum + amount, 0),
      0,
      `the postings of ${event.type}`,
    );
    assert.ok(!amounts.includes(0), `${event.type} has a posting of zero`);
  }
}

function costsTheSame({ before, commands, accounts }: Pair, { policy }: Explored): void {
  if (reasonToDiffer(commands, before, policy) !== undefined) return;
  const [one, other] = accounts.map(costOf);
  assert.equal(
    other,
    one,
    `${commands.map(({ type }) => type).join(' and ')} cost ${one} in this order, ${other} in the other`,
  );
}

/**
 * Yields two accepted commands each, with the accounts after both orders, where both orders are accepted.
 *
 * @param steps - the accepted steps from an account; undefined for others
 * @param others - the commands of the steps under other ids: neither of two commands knows of the other
 * @param before - the account
 */
export function* pairsOf(
  steps: readonly (Step | undefined)[],
  others: readonly Command[],
  before: PatronAccount,
  { policy, decide, fold }: Explored,
): Generator<Pair> {
  const then = (account: PatronAccount | undefined, command: Command) => {
    try {
      const decision = account && decide(command, account, policy);
      return decision?.accepted ? fold(decision.events, account) : undefined;
    } catch {
      // Reported where the command is a step of its own.
      return undefined;
    }
  };
  const alone = steps.map((step, index) => step && then(before, others[index] as Command));
  for (const [index, first] of steps.entries())
    for (const [beside, second] of steps.entries()) {
      if (beside <= index || first === undefined || second === undefined) continue;
      const other = others[beside] as Command;
      const forth = then(first.after, other);
      const back = forth && then(alone[beside], first.command);
      if (forth !== undefined && back !== undefined)
        yield { before, commands: [first.command, other], accounts: [forth, back] };
    }
}
