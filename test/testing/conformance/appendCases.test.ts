import { describe, expect, it } from 'vitest';
import { type EventStore, versionConflict } from '../../../src/history/index.js';
import { appendCases } from '../../../src/testing/conformance/appendCases.js';
import { type Defect, failuresOf } from './failures.js';

/** Lets an append through without a check where it should be refused. */
const unchecked =
  (when: (expected: number, actual: number) => boolean): Defect =>
  ({ read, append }) => ({
    append: async (stream, events, { expectedVersion: expected }) => {
      const { version } = await read(stream);
      const skip = expected !== 'any' && when(expected, version);
      return append(stream, events, { expectedVersion: skip ? 'any' : expected });
    },
  });

describe('the suite notices a store that', () => {
  it.each<[string, Defect, string]>([
    [
      'checks no first append, as is seen in the wild',
      unchecked((expected) => expected === 0),
      'refuses a first append to a stream that has events',
    ],
    [
      'checks no stale append',
      unchecked((expected, actual) => expected > 0 && expected < actual),
      'refuses an append that expects an older version, with both versions',
    ],
    [
      'lets a stream have gaps',
      unchecked((expected, actual) => actual > 0 && expected > actual),
      'refuses an append that expects a version the stream never had',
    ],
    [
      'begins a stream anywhere',
      unchecked((expected, actual) => actual === 0 && expected > 0),
      'refuses an append to an empty stream that expects events',
    ],
    [
      'refuses to append nothing',
      ({ append }) => ({
        append: async (stream, events, options) => {
          if (events.length === 0) throw versionConflict(stream, 0, 1);
          return append(stream, events, options);
        },
      }),
      'does nothing when nothing is appended, whatever version is expected',
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
      'appends all events of a call or none',
    ],
    [
      'stores what is no event',
      ({ append }) => ({
        append: (stream, events, options) =>
          append(stream, events, options).catch((error) => {
            if (error.code !== 'INVALID_EVENT') throw error;
            return { version: 1 };
          }),
      }),
      'refuses what is no event',
    ],
    [
      'does not say which version a stream has',
      ({ append }) => ({
        append: (stream, events, options) =>
          append(stream, events, options).catch((error) => {
            throw error.code === 'VERSION_CONFLICT' ? versionConflict(stream, 0, -1) : error;
          }),
      }),
      'refuses an append that expects an older version, with both versions',
    ],
    [
      'looks first and writes later',
      lookingFirst,
      'lets one of 10 writers win who expect the same version, ten times',
    ],
    [
      'gives up when two append at once',
      busy,
      'takes in all that 10 writers append who expect any version, each call in one piece',
    ],
  ])('%s', async (_, defect, clause) => {
    expect(await failuresOf(appendCases(10), defect)).toContain(clause);
  });
});

function lookingFirst({ read, append }: EventStore): Partial<EventStore> {
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
