import { isDeepStrictEqual } from 'node:util';
import { answer } from './calls.js';
import { playStory } from './story.js';
import type { VectorFile } from './vectorFile.js';

/** Returns whether every vector of some files, given as text, holds; stops at the first one that does not. */
export function vectorsHold(texts: readonly string[]): boolean {
  return texts.every((text) => {
    const { groups, policies = {} }: VectorFile = JSON.parse(text);
    return groups.every(({ cases }) =>
      cases.every((one) => {
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
