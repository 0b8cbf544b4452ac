import { describe, expect, it } from 'vitest';
import { doubledAmounts } from '../../../src/testing/arbitraries/damages.js';
import { commandsIn, emitting, failureOf, lenientFold } from './mutants.js';

describe('law 5, deciding and folding', () => {
  it('catches a decision that takes more than is owed', async () => {
    const message = await failureOf(5, {
      decide: emitting('PaymentReceived', (event) => [doubledAmounts(event)]),
    });
    expect(message).toContain('whatever is decided can be folded');
    expect(message).toContain('AmountAboveWhatIsLeft');
    expect(commandsIn(message)).toBe(2);
  });

  it('catches a reducer that folds corrupt histories, and names the fault', async () => {
    const message = await failureOf(5, { fold: lenientFold });
    expect(message).toContain('a corrupt history is refused with its fault, at its position');
    expect(message).toMatch(/where \d must be found to be \w+: /);
  });
});
