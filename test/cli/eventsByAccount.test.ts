import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type AccountLine, type EventLine, idOfLine, readEventLine } from '../../src/cli/eventLine.js';
import { divided, PARTS } from '../../src/cli/eventsByAccount.js';
import { storedLines } from '../support/commandLine.js';
import { seeded } from '../support/seeded.js';
import { temporaryFolder } from '../support/temporaryFolder.js';

const [line = ''] = storedLines(['u17']);

function eventOf(patronId: string, version: number): EventLine {
  const stream = { institution: 'north', patronId };
  return { ...(readEventLine(line, version) as AccountLine), stream, version };
}

async function* each(lines: readonly EventLine[]) {
  yield* lines;
}

async function partsOf(lines: readonly EventLine[], inMemory: number, of: number) {
  const parts = await divided(each(lines), inMemory);
  const read: EventLine[][] = [];
  for (let index = 0; index < of; index++) {
    const part: EventLine[] = [];
    for await (const event of parts.part(index, of)) part.push(event);
    read.push(part);
  }
  await parts.remove();
  return { read, isLarge: parts.isLarge };
}

it('puts all events of an account into one part, in their order, on the disk as in memory', async () => {
  const patrons = fc.array(fc.nat(6), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(patrons, async (ids) => {
      const lines = ids.map((id, index) => eventOf(`u${id}`, index + 1));
      const held = await partsOf(lines, 1_000, PARTS);
      const spilled = await partsOf(lines, 5, PARTS);
      expect(spilled.isLarge).toBe(lines.length > 5);
      expect(spilled.read).toEqual(held.read);
      expect(held.read.flat()).toHaveLength(lines.length);
      for (const part of held.read)
        for (const event of part)
          expect(held.read.filter((one) => one.some((other) => idOfLine(other) === idOfLine(event)))).toEqual(
            [part],
          );
    }),
    { ...seeded('events by account'), numRuns: 10 },
  );
});

it('leaves no files behind if reading fails', async () => {
  const folder = temporaryFolder();
  const broken = async function* () {
    yield* Array.from({ length: 8 }, (_, index) => eventOf('u17', index + 1));
    throw new Error('the disk is gone');
  };
  await expect(divided(broken(), 3, folder)).rejects.toThrow('the disk is gone');
  expect(readdirSync(folder)).toEqual([]);
});
