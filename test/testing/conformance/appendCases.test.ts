import { describe, expect, it } from 'vitest';
import { type EventStore, versionConflict } from '../../../src/history/index.js';
import { appendCases } from '../../../src/testing/conformance/appendCases.js';
import { type Defect, failuresOf } from './failures.js';

/** Skips the version check of some appends. */
const unchecked =
  (when: (expected: number, actual: number) => boolean): Defect =>
  ({ read, append }) => ({
    append: async (stream, events, { expectedVersion: expected }) => {
      const { version } = await read(stream);
      const skip = expected !== 'any' && when(expected, version);
      return append(stream, events, { expectedVersion: skip ? 'any' : expected });
    },
  });

describe('the suite detects a store that', () => {
  it.each<[string, Defect, string]>([
    [
      'does not check first appends, a common defect',
      unchecked((expected) => expected === 0),
      'refuses a first append to a stream that has events',
    ],
    [
      'does not check stale appends',
      unchecked((expected, actual) => expected > 0 && expected < actual),
      'refuses an append that expects an older version, with both versions',
    ],
    [
      'allows gaps in a stream',
      unchecked((expected, actual) => actual > 0 && expected > actual),
      'refuses an append that expects a version beyond the end of the stream',
    ],
    [
      'starts a stream at any version',
      unchecked((expected, actual) => actual === 0 && expected > 0),
      'refuses an append to an empty stream that expects events',
    ],
    [
      'refuses an empty list',
      ({ append }) => ({
        append: async (stream, events, options) => {
          if (events.length === 0) throw versionConflict(stream, 0, 1);
          return append(stream, events, options);
        },
      }),
      'does nothing for an empty list, whatever version is expected',
    ],
    [
      'appends one event after the other',
      ({ append }) => ({
        append: async (stream, events, { expectedVersion: expected }) => {
          let end = await append(stream, events.slice(0, 1), { expectedVersion: expected });
          for (const event of events.slice(1))
            end = await append(stream, [event], { expectedVersion: 'any' });
          return end;
        },
      }),
      'appends all events of a call, or none',
    ],
    [
      'accepts an invalid event',
      ({ append }) => ({
        append: (stream, events, options) =>
          append(stream, events, options).catch((error) => {
            if (error.code !== 'INVALID_EVENT') throw error;
            return { version: 1 };
          }),
      }),
      'refuses an invalid event',
    ],
    [
      'reports a wrong version in a conflict',
      ({ append }) => ({
        append: (stream, events, options) =>
          append(stream, events, options).catch((error) => {
            throw error.code === 'VERSION_CONFLICT' ? versionConflict(stream, 0, -1) : error;
          }),
      }),
      'refuses an append that expects an older version, with both versions',
    ],
    [
      'checks the version before a separate write',
      checkThenWrite,
      'lets one of 10 writers that expect the same version win, ten times',
    ],
    [
      'conflicts if several append at once',
      busy,
      'stores all appends of 10 writers that expect any version, each call contiguously',
    ],
  ])('%s', async (_, defect, clause) => {
    expect(await failuresOf(appendCases(10), defect)).toContain(clause);
  });
});

function checkThenWrite({ read, append }: EventStore): Partial<EventStore> {
  return {
    append: async (stream, events, { expectedVersion: expected }) => {
      const { version } = await read(stream);
      if (expected !== 'any' && expected !== version) throw versionConflict(stream, expected, version);
      await new Promise((resolve) => setTimeout(resolve, 1));
      return append(stream, events, { expectedVersion: 'any' });
    },
  };
}

function busy({ append }: EventStore): Partial<EventStore> {
  let under = 0;
  return {
    append: async (stream, events, options) => {
      under += 1;
      try {
        if (under > 3) throw versionConflict(stream, 0, 1);
        await new Promise((resolve) => setTimeout(resolve, 1));
        return await append(stream, events, options);
      } finally {
        under -= 1;
      }
    },
  };
}
