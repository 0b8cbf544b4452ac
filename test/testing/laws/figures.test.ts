import { describe, expect, it } from 'vitest';
import { fold } from '../../../src/index.js';
import { figuresOf, inBigInts } from '../../../src/testing/laws/figures.js';
import { referenceModelOf } from '../../../src/testing/laws/referenceModel.js';
import { history } from '../../support/wholeHistory.js';

describe('the figures of an account', () => {
  it('have the same names as in the reference model', () => {
    const { fees, credits } = referenceModelOf(history);
    expect(figuresOf(fold(history))).toEqual({ fees, credits });
    expect(inBigInts({ active: 250, disputed: 0 })).toEqual({ active: 250n, disputed: 0n });
  });
});
