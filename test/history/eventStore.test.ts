import { describe, expect, it } from 'vitest';
import {
  type CommandObserver,
  type ObservedCommand,
  observed,
  streamName,
  versionConflict,
} from '../../src/history/eventStore.js';
import { execute, memoryEventStore, openAccount } from '../../src/history/index.js';
import { type Command, isPatronFeesError } from '../../src/index.js';
import { assess, at, pay, policy } from '../support/account.js';
import { storeWith, stream } from '../support/stores.js';

describe('eventStore', () => {
  const stream = { institution: 'north', patronId: '__proto__' };

  describe('streamName', () => {
    it('names the institution and the patron', () => {
      expect(streamName(stream)).toBe('north/__proto__');
    });
  });

  describe('versionConflict', () => {
    it('has a code and both versions', () => {
      const conflict = versionConflict(stream, 3, 5);
      expect(isPatronFeesError(conflict, 'VERSION_CONFLICT')).toBe(true);
      expect(conflict.details).toEqual({ stream: 'north/__proto__', expected: 3, actual: 5 });
      expect(conflict.message).toContain('north/__proto__ is at version 5, not at 3');
    });
  });
});

const accepted = { decision: { accepted: true, events: [] } } as const;

it('an observer sees each command, or list, around its reads and its append', async () => {
  const seen: (ObservedCommand | string)[] = [];
  const observeCommand: CommandObserver = async (command, task) => {
    seen.push(command);
    const result = await task();
    seen.push('done');
    return result;
  };
  const base = memoryEventStore({ now: () => at });
  const store = storeWith(base, {
    observeCommand,
    append: (...given) => {
      seen.push('append');
      return base.append(...given);
    },
  });
  await execute(store, policy, stream, assess('f1', '2.50'));
  const held = await openAccount(store, policy, stream);
  await held.execute([assess('f2', '1.00'), pay('p1', '1.00')]);
  expect(seen).toEqual([
    { institution: 'north', types: ['AssessFee'] },
    'append',
    'done',
    { institution: 'north', types: ['AssessFee', 'ReceivePayment'] },
    'append',
    'done',
  ]);
});

it.each([[null], [undefined], [17], [{}], [{ type: 17 }], [[null]]])(
  'an observer is called for %j, too',
  async (command) => {
    let types: readonly unknown[] | undefined;
    const observeCommand: CommandObserver = (command, task) => {
      ({ types } = command);
      return task();
    };
    await observed({ observeCommand }, stream, command as unknown as Command, async () => accepted);
    expect(types).toHaveLength(1);
  },
);

it('without an observer the task is simply run', async () => {
  expect(await observed({}, stream, assess('f1', '2.50'), async () => accepted)).toBe(accepted);
});
