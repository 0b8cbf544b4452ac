import { isDeepStrictEqual } from 'node:util';
import { answer, type CallVector } from './calls.js';
import { type Policies, playStory, type StoryVector } from './story.js';

/** Returns whether a case holds, given as text with the policies of its file. */
export function caseHolds(text: string, policies: Policies): boolean {
  const one: CallVector | StoryVector = JSON.parse(text);
  if ('call' in one) return isDeepStrictEqual(answer(one.call, ...one.with), one);
  const { rows: _rows, steps, ...plan } = one;
  const asked = steps.map(({ events: _events, rejection: _rejection, balances: _balances, ...step }) => step);
  return isDeepStrictEqual(playStory({ ...plan, steps: asked }, policies), one);
}
