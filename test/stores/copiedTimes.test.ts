import fc from 'fast-check';
import { accountAsOf, copyEvents } from 'patron-fees/history';
import { expect } from 'vitest';
import { assessedFee } from '../support/assessedFee.js';
import { everyStore } from '../support/everyStore.js';
import { itWith } from '../support/programs.js';

const stream = { institution: 'north', patronId: 'p1' };
const EVENTS = 20;

/** A clock with nanoseconds, as on some machines, that advances by fractions of a microsecond. */
function nanoseconds(): () => string {
  let time = 123_456_300;
  return () => {
    time += 350;
    return `2026-03-02T09:00:00.${time}Z`;
  };
}

const stores = everyStore(nanoseconds);
const pairs = stores.flatMap((source) => stores.map((target) => ({ source, target })));

for (const { source, target } of pairs) {
  itWith(
    [...new Set([...source.programs, ...target.programs])],
    `a copy from ${source.name} to ${target.name} has the same account as the original at every moment`,
    async () => {
      const [from, to] = [await source.open(), await target.open()];
      for (let version = 0; version < EVENTS; version++)
        await from.append(stream, [assessedFee(`f${version}`)], { expectedVersion: version });
      await copyEvents(from, to);
      const [original, copy] = [(await from.read(stream)).events, (await to.read(stream)).events];
      expect(copy).toHaveLength(EVENTS);
      // The times of the events, and times slightly before and after them.
      const moment = fc
        .tuple(fc.nat({ max: EVENTS - 1 }), fc.constantFrom('', '1', '999'), fc.nat({ max: 9 }))
        .map(([index, more, digit]) => {
          const { recordedAt = '' } = original[index] ?? {};
          if (more === '') return recordedAt;
          const [whole = '', fraction = ''] = recordedAt.replace('Z', '').split('.');
          return `${whole}.${fraction.padEnd(6, '0').slice(0, 5)}${digit}${more}Z`;
        });
      fc.assert(
        fc.property(moment, (recordedAt) => {
          const known = accountAsOf(original, { recordedAt }).eventCount;
          expect(accountAsOf(copy, { recordedAt }).eventCount).toBe(known);
        }),
      );
    },
  );
}
