import { expect, it } from 'vitest';
import type { ErasingEventStore } from '../../../src/history/index.js';
import { memoryEventStore } from '../../../src/history/index.js';
import { redactCases } from '../../../src/testing/conformance/redactCases.js';
import { failuresOfCapable } from '../../support/capableStore.js';

const titles = redactCases.map(([title]) => title);
const [redacts, chosen, again, sweeps, refuses] = titles;
const south = { institution: 'south', patronId: 'p1' };

it('passes for a sound store, and fails in every case for a store that cannot erase', async () => {
  expect(await failuresOfCapable(redactCases, () => ({}))).toEqual([]);
  const store = () => {
    const { redact: _, ...rest } = memoryEventStore({ now: () => '2026-03-02T09:00:00Z' });
    return rest;
  };
  expect(await failuresOfCapable(redactCases, () => ({ store: store() }))).toEqual(titles);
});

it.each<[string, (store: ErasingEventStore) => ErasingEventStore['redact'], readonly (string | undefined)[]]>(
  [
    ['changes nothing', () => async () => ({ events: 1 }), [redacts, chosen, again, sweeps, refuses]],
    [
      'redacts all events, whatever was chosen',
      ({ redact }) =>
        async (stream, options) => {
          await redact(stream, options);
          return redact(stream);
        },
      [redacts, chosen, sweeps],
    ],
    [
      'redacts other streams too',
      ({ redact }) =>
        async (stream, options) => {
          await redact(south);
          return redact(stream, options);
        },
      [redacts, sweeps],
    ],
    [
      'reports what it looked at instead of what it changed',
      ({ redact, read }) =>
        async (stream, options) => {
          await redact(stream, options);
          return { events: (await read(stream)).version };
        },
      [redacts, chosen, again],
    ],
    [
      'works after it was closed',
      ({ redact }) =>
        (stream, options) =>
          redact(stream, options).catch((error) => {
            if (error.code === 'STORE_CLOSED') return { events: 0 };
            throw error;
          }),
      [refuses],
    ],
  ],
)('detects a store that %s', async (_, defect, expected) => {
  const broken = ({ store }: { readonly store: ErasingEventStore }) => ({
    store: { ...store, redact: defect(store) },
  });
  expect(await failuresOfCapable(redactCases, broken)).toEqual(expected);
});
