import { open, rename, rm } from 'node:fs/promises';

const PIECE_CHARACTERS = 65_536;

const HALF_AT_END = /[\ud800-\udbff]$/;

/**
 * Writes a file that is there whole or not at all: into a file beside it, forced to the disk, then renamed over the
 * one of before. A job that is killed leaves at most the file beside it, which the next run writes anew.
 *
 * @param path - the file
 * @param pieces - its text, piece by piece
 */
export async function writeTextFile(
  path: string,
  pieces: AsyncIterable<string> | Iterable<string>,
): Promise<void> {
  const unfinished = `${path}.unfinished`;
  const file = await open(unfinished, 'w');
  try {
    let buffered = '';
    for await (const piece of pieces) {
      buffered += piece;
      // The second half of a character may be in the next piece.
      if (buffered.length < PIECE_CHARACTERS || HALF_AT_END.test(buffered)) continue;
      await file.writeFile(buffered);
      buffered = '';
    }
    await file.writeFile(buffered);
    await file.sync();
  } catch (error) {
    await file.close();
    await rm(unfinished, { force: true });
    throw error;
  }
  await file.close();
  await rename(unfinished, path);
}
