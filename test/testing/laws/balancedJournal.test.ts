import { describe, expect, it } from 'vitest';
import { fold } from '../../../src/index.js';
import { commandsIn, told } from './mutants.js';

describe('law 8, the journal', () => {
  it('catches a reducer that forgets what is pending in an external system', async () => {
    const message = await told(8, {
      fold: (events, account) => {
        const folded = fold(events, account);
        return { ...folded, fees: folded.fees.map((fee) => ({ ...fee, transferPending: 0 })) };
      },
    });
    expect(message).toContain('what stands in the journal is what the account says');
    expect(commandsIn(message)).toBeLessThanOrEqual(2);
  });

  it('catches a reducer that counts a waiver half', async () => {
    const message = await told(8, {
      fold: (events, account) => {
        const folded = fold(events, account);
        const fees = folded.fees.map((fee) => ({ ...fee, waived: Math.floor(fee.waived / 2) }));
        return { ...folded, fees };
      },
    });
    expect(message).toContain('AmountAboveWhatIsLeft');
    expect(commandsIn(message)).toBeLessThanOrEqual(3);
  });
});
