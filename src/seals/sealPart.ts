import { randomUUID } from 'node:crypto';
import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeTextFile } from '../job/textFile.js';
import type { PeriodSealed, SealedSum, SealHead } from '../office/seals/sealEvents.js';
import { completePath, existingPath } from './sealBook.js';
import { type KeyedLine, type SealFileHead, sealPath, streamLines, totalOf } from './sealFile.js';
import { findingKey, type KnownSealFinding, type SealFinding } from './sealFinding.js';
import { mergedByKey } from './sortedKeys.js';

// The lines of a seal are first written to one file for each share of the accounts, and merged once all shares are
// there.

/** The figures of a share of a seal. */
export type SealPart = Pick<SealHead, 'accounts' | 'officeStreams' | 'events'> & {
  /** The total of the seal before: a part that was made before another seal is not used. */
  readonly previous: string | null;
  readonly cutoff: string;
  readonly sums: readonly SealedSum[];
  /** The differences from the seal before: all that are known, and the first ones of the others. */
  readonly findings: readonly SealFinding[];
};

/** Which part of which seal. */
type PartOf = { readonly number: number; readonly index: number; readonly of: number };

/** Returns the path of the lines of a part. Its figures are beside it, and are written last. */
function partPath(folder: string, { number, index, of }: PartOf): string {
  return `${sealPath(folder, number)}.part-${index}-of-${of}`;
}

/** Writes the lines of a part, then its figures. */
export async function writePart(
  folder: string,
  which: PartOf,
  lines: () => AsyncGenerator<string>,
  figures: () => SealPart,
): Promise<void> {
  const path = partPath(folder, which);
  await rm(`${path}.json`, { force: true });
  await writeTextFile(path, lines());
  await writeTextFile(`${path}.json`, [JSON.stringify(figures())]);
}

/** Reads the figures of all parts of a seal; null while one is missing, or is of another seal. */
export async function readParts(
  folder: string,
  { number, of }: Omit<PartOf, 'index'>,
  { cutoff, previous }: Pick<SealPart, 'cutoff' | 'previous'>,
): Promise<readonly SealPart[] | null> {
  const parts: SealPart[] = [];
  for (let index = 0; index < of; index++) {
    const text = await readFile(`${partPath(folder, { number, index, of })}.json`, 'utf8').catch(() => null);
    const part = text === null ? null : (JSON.parse(text) as SealPart);
    if (part === null || part.cutoff !== cutoff || part.previous !== previous) return null;
    parts.push(part);
  }
  return parts;
}

/** Merges the parts of a seal into its file, under a name that the next run can find. Returns the total of the file. */
export async function mergeParts(
  folder: string,
  { number, of }: Omit<PartOf, 'index'>,
  head: SealFileHead,
): Promise<string> {
  const parts = Array.from({ length: of }, (_, index) => partPath(folder, { number, index, of }));
  async function* pieces(): AsyncGenerator<string> {
    yield `${JSON.stringify(head)}\n`;
    for await (const { items } of mergedByKey<KeyedLine>(parts.map(streamLines), ({ key }) => key)) {
      for (const line of items) if (line !== undefined) yield `${line.text}\n`;
    }
  }
  const path = `${sealPath(folder, number)}.merging-${randomUUID()}`;
  await writeTextFile(path, pieces());
  const total = (await totalOf(path)) as string;
  await rename(path, completePath(folder, { number, total }));
  return total;
}

/** Renames the file of a seal that a killed run has not renamed. Returns whether the file is there. */
export async function finishFile(folder: string, seal: PeriodSealed['data']): Promise<boolean> {
  const path = await existingPath(folder, seal);
  if (path === completePath(folder, seal)) await rename(path, sealPath(folder, seal.number));
  if (path !== null) await removeParts(folder, seal.number);
  return path !== null;
}

/** Removes the files from which a seal was made, also those of killed runs. */
async function removeParts(folder: string, number: number): Promise<void> {
  const beginning = `${sealPath('', number)}.`;
  for (const name of await readdir(folder)) {
    if (name.startsWith(beginning)) await rm(join(folder, name), { force: true });
  }
}

/**
 * Returns the entries of a form that a finding needs, and those of balances of earlier seals: these are compared by
 * {@link verifySeals} alone, and an entry that is not just what it sees explains nothing.
 */
export function usedKnown(
  known: readonly KnownSealFinding[],
  findings: readonly SealFinding[],
  number: number,
): readonly KnownSealFinding[] {
  const found = new Set(findings.map(findingKey));
  const isOfBalances = ({ code, seal }: KnownSealFinding) =>
    code === 'JOURNAL_DIFFERS' && seal !== null && seal < number;
  return known.filter((entry) => found.has(findingKey(entry)) || isOfBalances(entry));
}
