import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import type { PatronAccount } from '../../account/patronAccount.js';
import { changesIn } from '../arbitraries/runMoves.js';
import type { Step } from '../arbitraries/story.js';
import { figuresOf } from './figures.js';
import { inStories, type LawText } from './law.js';

/** Law 15. */
export const effects: LawText = {
  number: 15,
  name: 'effects',
  sentence: 'No command is accepted and stored without an effect.',
  clauses: [
    inStories(
      'what is stored changes a figure of a fee or a credit, or something else than its use',
      (story) => {
        for (const step of changesIn(story.steps)) checkEffect(step);
      },
    ),
  ],
};

/** Fails if events were stored and left the account as it was. */
export function checkEffect({ command, decision, before, after }: Omit<Step, 'policy'>): void {
  if (decision.events.length === 0) return;
  const types = decision.events.map(({ type }) => type).join(', ');
  assert.ok(!isDeepStrictEqual(seenOf(before), seenOf(after)), `${command.type} without an effect: ${types}`);
}

/**
 * Returns what somebody can see of an account, without its histories. Leaves out which use of a credit settled what:
 * undone and done again at once, nobody has gained or lost anything.
 */
function seenOf(account: PatronAccount) {
  const { payments, waivers, transfers, settlements, refunds, paymentPlans, merges } = account;
  return { ...figuresOf(account), payments, waivers, transfers, settlements, refunds, paymentPlans, merges };
}
