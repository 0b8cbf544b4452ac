import { describe, expect, it } from 'vitest';
import { fold } from '../../../src/index.js';
import { booksOf } from '../../../src/testing/laws/books.js';
import { figuresOf, inBooks } from '../../../src/testing/laws/figures.js';
import { history } from '../../support/wholeHistory.js';

describe('the figures of an account', () => {
  it('have the same names as in the books', () => {
    const { fees, credits } = booksOf(history);
    expect(figuresOf(fold(history))).toEqual({ fees, credits });
    expect(inBooks({ active: 250, disputed: 0 })).toEqual({ active: 250n, disputed: 0n });
  });
});
