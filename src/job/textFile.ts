import { createReadStream } from 'node:fs';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import * as v from 'valibot';
import { PatronFeesError } from '../errors.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { type Lines, noting } from './csv.js';

const PIECE_CHARACTERS = 65_536;

const HALF_AT_END = /[\ud800-\udbff]$/;

/**
 * Writes a file completely or not at all: writes a temporary file beside it, flushes it to the disk, and renames it
 * over the existing file. A killed job leaves at most the temporary file, which the next run overwrites.
 *
 * @param path - the path of the file
 * @param pieces - its text, piece by piece
 * @returns what the generator of the pieces returns: the report of a job
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if another process started to write the
 * same file meanwhile, and its file is kept; any error of the pieces or the file system
 *
 * @example
 * ```ts
 * import { mkdtempSync, readFileSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { writeTextFile } from 'patron-fees/jobs';
 *
 * const path = join(mkdtempSync(join(tmpdir(), 'reports-')), 'report.csv');
 * await writeTextFile(path, ['patron,owed\r\n', 'u17,2.50\r\n']);
 * readFileSync(path, 'utf8'); //=> 'patron,owed\r\nu17,2.50\r\n'
 * ```
 */
export async function writeTextFile<Report = void>(
  path: string,
  pieces: Lines<string, Report>,
): Promise<Report> {
  checkedArgument(v.pipe(v.string(), v.minLength(1)), path, 'path');
  const unfinished = `${path}.unfinished`;
  await rm(unfinished, { force: true });
  const file = await open(unfinished, 'wx').catch((error) => {
    throw error.code === 'EEXIST' ? concurrentWrite(path) : error;
  });
  try {
    let buffered = '';
    // Set when the generator returns it: any error of the generator rejects the writing.
    let report: Report | undefined;
    for await (const piece of noting(pieces, (returned) => (report = returned))) {
      buffered += piece;
      // The second half of a surrogate pair may be in the next piece.
      if (buffered.length < PIECE_CHARACTERS || HALF_AT_END.test(buffered)) continue;
      await file.writeFile(buffered);
      buffered = '';
    }
    await file.writeFile(buffered);
    await file.sync();
    if (!(await isAt(unfinished, file))) throw concurrentWrite(path);
    await rename(unfinished, path);
    return report as Report;
  } catch (error) {
    if (await isAt(unfinished, file)) await rm(unfinished, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

function concurrentWrite(path: string): PatronFeesError {
  return new PatronFeesError('INVALID_ARGUMENT', `${path}: another process writes this file`, { path });
}

/** Returns whether an open file is still the one at a path. */
async function isAt(path: string, file: FileHandle): Promise<boolean> {
  const [own, there] = await Promise.all([file.stat(), stat(path).catch(() => undefined)]);
  return there?.ino === own.ino && there.dev === own.dev;
}

/** Yielded for bytes that are not valid UTF-8. */
export const NOT_UTF8 = Symbol('not UTF-8');

/**
 * Yields the text of a file piece by piece, without a byte order mark. Ends with {@link NOT_UTF8} if the file is not
 * valid UTF-8.
 */
export async function* utf8Text(file: string): AsyncGenerator<string | typeof NOT_UTF8> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decoded = (bytes?: Uint8Array): string | typeof NOT_UTF8 => {
    try {
      return decoder.decode(bytes, { stream: bytes !== undefined });
    } catch {
      return NOT_UTF8;
    }
  };
  for await (const bytes of createReadStream(file)) {
    const text = decoded(bytes as Uint8Array);
    if (text !== '') yield text;
    if (text === NOT_UTF8) return;
  }
  const rest = decoded();
  if (rest !== '') yield rest;
}
