import { describe, expect, it } from 'vitest';
import { evolve } from '../../../src/account/evolve.js';
import { type AccountEvent, decide, fold } from '../../../src/index.js';
import { failureOf } from './mutants.js';

describe('law 10, any input', () => {
  it('catches a `decide` that fails on an invalid command', async () => {
    await failureOf([10, 'any value is decided as a command'], {
      decide: (command, account, policy) =>
        (command as { type: string }).type.length > 0
          ? decide(command, account, policy)
          : { accepted: true, events: [] },
    });
  });

  it('catches a reducer that fails on an invalid event', async () => {
    const message = await failureOf([10, 'any event is folded'], {
      evolve: (account, event) => {
        if (event.data.at === undefined) throw new TypeError('at');
        return evolve(account, event);
      },
      fold,
    });
    expect(message).toContain('something else was thrown: TypeError');
  });

  it('catches a reducer that checks the id of an event and then fails on the rest of it', async () => {
    const message = await failureOf([10, 'any event is folded'], {
      evolve: (account, event) => {
        const { type, data } = Object(event) as AccountEvent;
        const isNew = type === 'FeeWaived' && !account.ids.some(({ id }) => id === data?.waiverId);
        if (isNew && data?.at !== undefined && typeof data.feeId !== 'string') throw new TypeError('no fee');
        return evolve(account, event);
      },
    });
    expect(message).toContain('something else was thrown: TypeError: no fee');
  });

  it('catches a `decide` that changes the account', async () => {
    await failureOf([10, 'a command with anything else in it is decided'], {
      decide: (command, account, policy) => {
        const decision = decide(command, account, policy);
        if (!decision.accepted) Object.assign(account, { lastRefusal: decision.rejection.type });
        return decision;
      },
    });
  });
});
