import { isDeepStrictEqual } from 'node:util';
import { answer } from './calls.js';
import { playStory } from './story.js';
import type { VectorFile } from './vectorFile.js';

/**
 * Returns whether the vectors of some files, given as text, hold; stops at the first one that does not. `begins` is called
 * with the number of each, counted through all files, and returns whether to run it.
 */
export function vectorsHold(texts: readonly string[], begins: (number: number) => boolean): boolean {
  let number = -1;
  return texts.every((text) => {
    const { groups, policies = {} }: VectorFile = JSON.parse(text);
    return groups.every(({ cases }) =>
      cases.every((one) => {
        number += 1;
        if (!begins(number)) return true;
        if ('call' in one) return isDeepStrictEqual(answer(one.call, ...one.with), one);
        const { rows: _rows, steps, ...plan } = one;
        const asked = steps.map(
          ({ events: _events, rejection: _rejection, balances: _balances, ...step }) => step,
        );
        return isDeepStrictEqual(playStory({ ...plan, steps: asked }, policies), one);
      }),
    );
  });
}
