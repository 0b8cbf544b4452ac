import { describe, expect, it } from 'vitest';
import { fold } from '../../../src/index.js';
import { commandsIn, told } from './mutants.js';

describe('law 7, undoing', () => {
  it('catches an undo that forgets', async () => {
    const message = await told(7, {
      fold: (events, account) =>
        fold(
          [...events].filter(({ type }) => type !== 'WaiverReversed'),
          account,
        ),
    });
    expect(message).toContain('what a person did is undone to the last minor unit');
    expect(message).toContain('WaiveFees');
    expect(commandsIn(message)).toBeLessThanOrEqual(3);
  });
});
