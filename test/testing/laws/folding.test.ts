import { describe, expect, it } from 'vitest';
import { evolve } from '../../../src/account/evolve.js';
import { fold } from '../../../src/index.js';
import { commandsIn, failureOf } from './mutants.js';

describe('law 6, folding', () => {
  it('catches an `evolve` that differs from `fold` in one event', async () => {
    const message = await failureOf(6, {
      evolve: (account, event) =>
        event.type === 'FeeDisputed'
          ? { ...account, eventCount: account.eventCount + 1 }
          : evolve(account, event),
      fold,
    });
    expect(message).toContain('event by event with evolve');
    expect(commandsIn(message)).toBeLessThanOrEqual(3);
  });

  it('catches an `evolve` that changes the events', async () => {
    const message = await failureOf([6, 'what is folded stays as it was'], {
      evolve: (account, event) => {
        const folded = evolve(account, event);
        if (event.type === 'FeeWaived') Object.assign(event, { seen: true });
        return folded;
      },
      fold,
    });
    expect(commandsIn(message)).toBeLessThanOrEqual(3);
  });

  it('catches a reducer that changes its input', async () => {
    const message = await failureOf(6, {
      fold: (events, account) => {
        const folded = fold(events, account);
        if (account === undefined) return folded;
        return Object.assign(account, folded);
      },
    });
    expect(commandsIn(message)).toBeLessThanOrEqual(2);
  });
});
