import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

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
export type Grouped<Item> = { readonly key: string; readonly items: readonly (Item | undefined)[] };

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
