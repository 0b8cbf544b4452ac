import { appendFileSync, createReadStream, existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type StreamId, shardOf } from 'patron-fees/history';
import type { EventLine } from './eventLine.js';

/** Events that are kept in memory; what is above goes to temporary files. */
const EVENTS_IN_MEMORY = 50_000;

/** The number of temporary files: so many times less than the whole is in memory when they are read. */
export const PARTS = 256;

const PIECE_CHARACTERS = 65_536;

/** The events of a source, in parts: all events of an account, or of a stream of the office, are in one of them, in their order. */
export type Parts = {
  /** Whether there is more than fits into memory, so that it should be read in {@link PARTS} parts. */
  readonly isLarge: boolean;
  /** Yields one part of `of`: the only one, or one of {@link PARTS}. */
  readonly part: (index: number, of: number) => AsyncIterable<EventLine> | Iterable<EventLine>;
  /** Removes the temporary files. */
  readonly remove: () => Promise<void>;
};

/** An account of a file that does not say whose it is. */
const NOBODY: StreamId = { institution: '-', patronId: '-' };

/** Divides events by their accounts, which may come in any order. */
export async function divided(
  lines: AsyncIterable<EventLine>,
  inMemory = EVENTS_IN_MEMORY,
  folder = tmpdir(),
): Promise<Parts> {
  const held: EventLine[] = [];
  let spill: Spill | undefined;
  try {
    for await (const line of lines) {
      if (spill !== undefined) spill.add(line);
      else if (held.push(line) > inMemory) {
        spill = await openSpill(folder);
        for (const earlier of held.splice(0)) spill.add(earlier);
      }
    }
    spill?.flush();
  } catch (error) {
    await spill?.remove();
    throw error;
  }
  if (spill !== undefined) return { isLarge: true, part: spill.part, remove: spill.remove };
  return {
    isLarge: false,
    part: (index, of) => held.filter(({ stream }) => shardOf(stream ?? NOBODY, of) === index),
    remove: async () => {},
  };
}

type Spill = {
  readonly add: (line: EventLine) => void;
  readonly flush: () => void;
  readonly part: (index: number) => AsyncIterable<EventLine>;
  readonly remove: () => Promise<void>;
};

/** Opens temporary files, which only this user can read: events are personal data. */
async function openSpill(parent: string): Promise<Spill> {
  const folder = await mkdtemp(join(parent, 'patron-fees-'));
  const texts: string[] = Array(PARTS).fill('');
  const fileOf = (index: number) => join(folder, `${index}.jsonl`);
  const flush = (index: number) => {
    if (texts[index] !== '') appendFileSync(fileOf(index), texts[index] as string);
    texts[index] = '';
  };
  return {
    add(line) {
      const index = shardOf(line.stream ?? NOBODY, PARTS);
      texts[index] += `${JSON.stringify(line)}\n`;
      if ((texts[index]?.length ?? 0) > PIECE_CHARACTERS) flush(index);
    },
    flush: () => texts.forEach((_, index) => void flush(index)),
    async *part(index) {
      if (!existsSync(fileOf(index))) return;
      for await (const text of createInterface({ input: createReadStream(fileOf(index)) }))
        yield JSON.parse(text) as EventLine;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
