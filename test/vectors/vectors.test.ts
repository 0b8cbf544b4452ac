import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { answer, type CallVector } from '../../scripts/vectors/calls.js';
import { playStory, type StoryVector } from '../../scripts/vectors/story.js';
import { formatFile, type VectorFile } from '../../scripts/vectors/vectorFile.js';

const folder = fileURLToPath(new URL('../../vectors/', import.meta.url));
const names = readdirSync(folder).filter((name) => name.endsWith('.json') && name !== 'schema.json');

/** The number of calls that are one test. */
const TOGETHER = 20;

// If the code has changed on purpose: npm run vectors
describe.each(names)('the vectors of %s', (name) => {
  const text = readFileSync(`${folder}${name}`, 'utf8');
  const file: VectorFile = JSON.parse(text);

  describe.each(file.groups)('$name', ({ cases }) => {
    const stories = cases.filter((one) => 'steps' in one) as readonly StoryVector[];
    const calls = cases.filter((one) => 'call' in one) as readonly CallVector[];
    const parts = Array.from({ length: Math.ceil(calls.length / TOGETHER) }, (_, index) => index * TOGETHER);

    it.each(stories)('$id $title', (story) => {
      const { rows: _rows, steps, ...plan } = story;
      const asked = steps.map(
        ({ events: _events, rejection: _rejection, balances: _balances, ...step }) => step,
      );
      expect(playStory({ ...plan, steps: asked }, file.policies ?? {})).toEqual(story);
    });

    it.each(parts)(`${TOGETHER} calls from %i on`, (start) => {
      for (const vector of calls.slice(start, start + TOGETHER))
        expect(answer(vector.call, ...vector.with)).toEqual(vector);
    });
  });

  it('are as the command writes them', () => {
    expect(formatFile(file) === text).toBe(true);
  });
});
