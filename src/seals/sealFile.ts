import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { StreamKey } from '../history/eventStore.js';
import type { SealHead } from '../office/seals/sealEvents.js';
import type { KnownSealFinding } from './sealFinding.js';
import { compareBytes, linesOf } from './sortedKeys.js';

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
