import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { besideStories, clause, inStories } from '../../../src/testing/laws/law.js';

const holds = () => undefined;

describe('the sentence of a law', () => {
  it('is about stories, stories and further input, or other input', () => {
    expect(inStories('of stories', holds)).toEqual({ sentence: 'of stories', holdsIn: holds });
    const beside = () => fc.nat();
    expect(besideStories('beside them', beside, holds)).toEqual({
      ...{ sentence: 'beside them', beside, holdsIn: holds },
    });
    const input = () => fc.nat();
    expect(clause('of numbers', input, holds)).toEqual({ sentence: 'of numbers', input, holds });
  });
});
