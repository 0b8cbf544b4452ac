import { describe, expect, it } from 'vitest';
import { doubledAmounts } from '../../../src/testing/arbitraries/damages.js';
import { commandsIn, emitting, failureOf, lenientFold } from './mutants.js';

describe('law 5, deciding and folding', () => {
  it('catches a decision that takes more than is owed', async () => {
    const message = await failureOf([5, 'whatever is decided can be folded'], {
      decide: emitting('PaymentReceived', (event) => [doubledAmounts(event)]),
    });
    expect(message).toContain('AmountAboveWhatIsLeft');
    expect(commandsIn(message)).toBe(2);
  });

  it('catches a reducer that folds corrupt histories, and names the fault', async () => {
    const message = await failureOf([5, 'a corrupt history is refused with its fault, at its position'], {
      fold: lenientFold,
    });
    expect(message).toMatch(/where \d must be found to be \w+: /);
  });
});
