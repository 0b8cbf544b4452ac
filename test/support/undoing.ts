import fc from 'fast-check';
import { expect } from 'vitest';
import type { Command, CommandOf, CommandType } from '../../src/index.js';
import { checkRestored } from '../../src/testing/laws/restored.js';
import { accountAfter } from './account.js';
import { assertVaried, seeded } from './seeded.js';
import { anyPolicy, type Move, moves, runMoves, type Step } from './stories.js';

/**
 * Checks law 7 for a command and its reversal: after every accepted command of random stories, in which every other
 * move tries it, undoing it at once restores the exact balances and the amounts owed on every fee.
 */
export async function expectUndoing<Type extends CommandType>(
  type: Type,
  kinds: readonly Move['kind'][],
  undo: (command: CommandOf<Type>, step: Step) => readonly Command[],
): Promise<void> {
  let undone = 0;
  const story = moves(20).map((list) =>
    list.map((move, index) => ({ ...move, kind: index % 2 === 0 ? move.kind : oneOf(kinds, move.pick) })),
  );
  await assertVaried(
    fc.property(story, anyPolicy, (moves, policy) => {
      for (const step of runMoves(moves, policy)) {
        const { command, before, decision } = step;
        if (command.type !== type || decision.events.length === 0) continue;
        // Anybody may undo, since the commands have no roles.
        const { permissions: _, ...policyOfAll } = step.policy;
        const after = accountAfter(undo(command as CommandOf<Type>, step), policyOfAll, step.after);
        checkRestored(after, before, command.id);
        undone += 1;
      }
    }),
    seeded(`undoing ${type}`),
    50,
    () => expect(undone).toBeGreaterThan(10),
  );
}

function oneOf(kinds: readonly Move['kind'][], pick: number): Move['kind'] {
  return kinds[pick % kinds.length] as Move['kind'];
}
