import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { StreamKey } from '../history/eventStore.js';
import type { SealHead } from '../office/seals/sealEvents.js';
import type { KnownSealFinding } from './sealFinding.js';

// STORAGE FORMAT of seal files: NDJSON, sorted by bytes. The first line is the head (`{"institution"` sorts before
// `{"kind"`); then there is a line for each stream.

/** Whether a stream is an account or belongs to the office. */
export type StreamKind = 'account' | 'office';

/** The first line of the file of a seal. */
export type SealFileHead = SealHead & {
  /** The institution. */
  readonly institution: string;
  /** The differences from earlier seals that somebody explained. Files of earlier releases name no seal and no digest. */
  readonly known: readonly KnownSealFinding[];
};

/** The line of a stream in the file of a seal. */
export type SealLine = {
  readonly kind: StreamKind;
  /** The patron's id, or the name of the stream. */
  readonly id: string;
  /** The version of the last sealed event; 0 for a stream that could not be read, and was sealed as known. */
  readonly version: number;
  /** The digest of the chain at that version. */
  readonly digest: string;
  /** Whether something is owed, or a credit or a transfer is pending. */
  readonly open: boolean;
  /** Eight characters of the leaf of each event since the last seal: they find the place, and prove nothing. */
  readonly leaves: string;
};

/** The number of characters of a leaf in a line. */
export const LEAF_CHARACTERS = 8;

const FILE = /^seal-(\d{5,})\.ndjson$/;

/** Returns the name of the file of a seal. */
export function sealFileName(number: number): string {
  return `seal-${String(number).padStart(5, '0')}.ndjson`;
}

/** Returns the numbers of the seals whose files are in a folder, in order. */
export async function sealFilesIn(folder: string): Promise<readonly number[]> {
  const numbers = (await readdir(folder)).flatMap((name) => {
    const number = FILE.exec(name)?.[1];
    return number === undefined ? [] : [Number(number)];
  });
  return numbers.sort((a, b) => a - b);
}

/** Returns the beginning of a stream's line, by which lines are sorted. */
export function keyOfStream(stream: StreamKey): string {
  const [kind, id] = 'stream' in stream ? ['office', stream.stream] : ['account', stream.patronId];
  return JSON.stringify({ kind, id }).slice(0, -1);
}

/** Returns the stream of a key. */
export function streamOfKey(institution: string, key: string): StreamKey {
  const { kind, id } = JSON.parse(`${key}}`) as SealLine;
  return kind === 'office' ? { institution, stream: id } : { institution, patronId: id };
}

/** Returns the text of a line, without its end. */
export function textOfLine({ kind, id, version, digest, open, leaves }: SealLine): string {
  return JSON.stringify({ kind, id, version, digest, open, leaves });
}

const LINE =
  /^(\{"kind":"(?:account|office)","id":"(?:[^"\\]|\\.)+"),"version":\d+,"digest":"[0-9a-f]*","open":(?:true|false),"leaves":"[0-9a-f]*"\}$/;

/** Returns the beginning of a line, by which lines are sorted; undefined for another text. */
export function keyOfLine(text: string): string | undefined {
  return LINE.exec(text)?.[1];
}

/** Returns the SHA-256 of a file, as `sha256sum` prints it; null without the file. */
export async function totalOf(path: string): Promise<string | null> {
  const hash = createHash('sha256');
  try {
    for await (const bytes of createReadStream(path)) hash.update(bytes as Uint8Array);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  return hash.digest('hex');
}

/** Reads the head of a file, and checks that every line has the format and is sorted; null otherwise. */
export async function checkedHead(path: string): Promise<SealFileHead | null> {
  let head: SealFileHead | null = null;
  let before = '';
  for await (const text of linesOf(path)) {
    if (head === null) {
      if (!text.startsWith('{"institution":')) return null;
      try {
        head = JSON.parse(text) as SealFileHead;
      } catch {
        return null;
      }
    } else if (keyOfLine(text) === undefined || compareBytes(before, text) >= 0) return null;
    else before = text;
  }
  return head;
}

/** A line as it is in a file, with the part by which it is sorted. */
export type KeyedLine = { readonly key: string; readonly text: string };

/** Yields the lines of the streams of a file. */
export async function* streamLines(path: string): AsyncGenerator<KeyedLine> {
  for await (const text of linesOf(path)) {
    const key = keyOfLine(text);
    if (key !== undefined) yield { key, text };
  }
}

/** Returns the path of a seal's file. */
export function sealPath(folder: string, number: number): string {
  return join(folder, sealFileName(number));
}

/** Compares texts by the bytes of their UTF-8, as `LC_ALL=C sort` does. UTF-16 sorts surrogates before U+E000. */
export function compareBytes(a: string, b: string): number {
  const end = Math.min(a.length, b.length);
  for (let at = 0; at < end; at++) {
    const [first, second] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (first !== second) return rank(first) - rank(second);
  }
  return a.length - b.length;
}

function rank(unit: number): number {
  if (unit >= 0xe000) return unit - 0x800;
  return unit >= 0xd800 ? unit + 0x2000 : unit;
}

/** What has one key, from each of several sources; undefined from a source without it. */
type Grouped<Item> = { readonly key: string; readonly items: readonly (Item | undefined)[] };

/**
 * Merges sources that are sorted by their keys. Yields each key once, with what each source has under it: the last item
 * of equal ones.
 */
export async function* mergedByKey<Item>(
  sources: readonly AsyncIterable<Item>[],
  keyOf: (item: Item) => string,
): AsyncGenerator<Grouped<Item>> {
  const readers = sources.map((source) => source[Symbol.asyncIterator]());
  try {
    const heads = await Promise.all(readers.map(async (reader) => (await reader.next()) as Head<Item>));
    for (;;) {
      let key: string | undefined;
      for (const { done, value } of heads) {
        if (done === true) continue;
        const own = keyOf(value);
        if (key === undefined || compareBytes(own, key) < 0) key = own;
      }
      if (key === undefined) return;
      const items: (Item | undefined)[] = heads.map(() => undefined);
      for (const [index, reader] of readers.entries()) {
        for (let head = heads[index] as Head<Item>; head.done !== true; ) {
          if (keyOf(head.value) !== key) break;
          items[index] = head.value;
          head = (await reader.next()) as Head<Item>;
          heads[index] = head;
        }
      }
      yield { key, items };
    }
  } finally {
    await Promise.all(readers.map((reader) => reader.return?.()));
  }
}

type Head<Item> = { readonly done?: boolean; readonly value: Item };

/** The number of characters that are sorted in memory. */
const CHUNK_CHARACTERS = 16_000_000;

/**
 * Sorts lines of text by their bytes, each once. Keeps a limited number of them in memory, and the others in temporary
 * files.
 *
 * @param folder - the folder of the temporary files, which are removed at the end
 */
export async function* sortedLines(
  lines: AsyncIterable<string>,
  folder: string,
  chunkCharacters = CHUNK_CHARACTERS,
): AsyncGenerator<string> {
  const own = await mkdtemp(join(folder, 'sorting-'));
  const files: string[] = [];
  try {
    let chunk: string[] = [];
    let characters = 0;
    for await (const line of lines) {
      chunk.push(line);
      characters += line.length;
      if (characters < chunkCharacters) continue;
      const file = join(own, `${files.length}.lines`);
      await writeLines(file, chunk.sort(compareBytes));
      files.push(file);
      [chunk, characters] = [[], 0];
    }
    const sources = [...files.map(linesOf), inMemory(chunk.sort(compareBytes))];
    for await (const { key } of mergedByKey(sources, (line) => line)) yield key;
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

async function* inMemory(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}

async function writeLines(file: string, lines: readonly string[]): Promise<void> {
  const stream = createWriteStream(file);
  for (const line of lines) {
    if (!stream.write(`${line}\n`)) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'close');
}

/**
 * Yields the lines of a file. Only a line feed ends a line: ids may contain U+2028, which `readline` takes for an end.
 */
export async function* linesOf(file: string): AsyncGenerator<string> {
  let rest = '';
  for await (const piece of createReadStream(file, 'utf8')) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() as string;
    yield* lines;
  }
  if (rest !== '') yield rest;
}
