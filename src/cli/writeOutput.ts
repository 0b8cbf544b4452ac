import { createWriteStream, existsSync } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { writeTextFile } from 'patron-fees/jobs';
import { CliError, print, type Terminal } from './terminal.js';

/**
 * Writes text to a file, completely or not at all: to a temporary file beside it, which is then renamed. Writes to the
 * standard output for `-`. A device or a pipe is written as it is.
 */
export async function writeOutput(
  terminal: Terminal,
  path: string,
  pieces: AsyncIterable<string> | Iterable<string>,
): Promise<void> {
  const text = unlessAborted(terminal, pieces);
  if (path === '-') {
    for await (const piece of text) await print(terminal, piece);
    return;
  }
  const there = await stat(path).catch(() => undefined);
  if (there?.isDirectory()) throw new CliError(`${path} is a folder, not a file.`);
  if (!existsSync(dirname(path))) throw new CliError(`${dirname(path)}: there is no such folder.`);
  if (there !== undefined && !there.isFile())
    return pipeline(Readable.from(text), createWriteStream(path), { signal: terminal.signal });
  // A rename would replace a link, not the file that it leads to.
  await writeTextFile(there === undefined ? path : await realpath(path), text);
}

async function* unlessAborted(
  { signal }: Terminal,
  pieces: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<string, void> {
  for await (const piece of pieces) {
    signal.throwIfAborted();
    yield piece;
  }
  signal.throwIfAborted();
}
