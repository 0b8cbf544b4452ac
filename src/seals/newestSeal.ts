import { type FileHandle, open, rm } from 'node:fs/promises';
import { PatronFeesError } from '../errors.js';
import type { RecordedEvent, StreamId } from '../history/eventStore.js';
import type { OfficeStore } from '../office/officeEvents.js';
import type { PeriodSealed } from '../office/seals/sealEvents.js';
import { existingPath, loadSeals, readSeals } from './sealBook.js';
import { keyOfLine, keyOfStream, type SealLine, sealFilesIn, totalOf } from './sealFile.js';
import { sealChain } from './sealRule.js';
import { compareBytes } from './sortedKeys.js';

/** Why the newest seal does not allow a purge: it does not cover the whole account, or differs from it. */
export type NotSealedReason = 'NotSealed' | 'SealDiffers';

/** The newest seal of an institution, which says what may be purged. */
export type NewestSeal = {
  readonly seal: PeriodSealed['data'];
  /** Returns why an account may not be purged; null if it may. */
  readonly reasonOf: (stream: StreamId, events: readonly RecordedEvent[]) => Promise<NotSealedReason | null>;
  /**
   * Deletes the files of older seals up to an instant, the oldest first, so that what is left after an interruption can
   * be verified. A file that was changed is kept, with those after it, and so is one before a gap: they are evidence.
   */
  readonly deleteOlder: (untilMs: number) => Promise<void>;
  readonly close: () => Promise<void>;
};

/**
 * Opens the newest seal; null if nothing was sealed yet.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `CORRUPT_HISTORY` if its file is missing or was changed;
 * `INVALID_ARGUMENT` if the folder is not given
 */
export async function openNewestSeal(
  folder: string | undefined,
  office: OfficeStore | undefined,
  institution: string,
): Promise<NewestSeal | null> {
  const listed = folder === undefined ? [] : await sealFilesIn(folder);
  const recorded = office === undefined ? [] : await loadSeals(office, institution);
  const seal = recorded.at(-1)?.seal;
  if (seal === undefined) return null;
  if (folder === undefined) {
    const faults = [{ path: 'options.seals', expected: 'the folder of the seals', found: 'missing' }];
    throw new PatronFeesError('INVALID_ARGUMENT', 'options.seals: expected the folder of the seals', {
      faults,
    });
  }
  const { read, differences } = await readSeals(folder, institution, recorded, recorded.length, listed);
  const [newest] = read;
  if (newest === undefined || differences.length > 0)
    throw new PatronFeesError('CORRUPT_HISTORY', `seal ${seal.number}: ${differences[0]?.message}`);
  const file = await open(newest.path);
  const { size } = await file.stat();
  return {
    seal,
    reasonOf: async (stream, events) => {
      const line = await findLine(file, size, keyOfStream(stream));
      if (line === null || line.open || line.version !== events.at(-1)?.version) return 'NotSealed';
      const chain = sealChain(seal.rule, 'account', stream);
      for (const event of events) chain.add(event);
      return chain.digest() === line.digest ? null : 'SealDiffers';
    },
    deleteOlder: async (untilMs) => {
      const paths = await Promise.all(recorded.map((one) => existingPath(folder, one.seal)));
      for (const [index, { seal: older }] of recorded.slice(0, -1).entries()) {
        const path = paths[index] ?? null;
        if (path === null) continue;
        if (Date.parse(older.cutoff) > untilMs || paths[index + 1] === null) return;
        if ((await totalOf(path)) !== older.total) return;
        await rm(path, { force: true });
      }
    },
    close: () => file.close(),
  };
}

/** The longest beginning of a line: an id of 200 characters, each of which may be escaped. */
const KEY_BYTES = 2_048;
const LINE_BYTES = 65_536;
const LINE_FEED = 10;

/** Finds the line of a stream in a sorted file, by halving. */
async function findLine(file: FileHandle, size: number, key: string): Promise<SealLine | null> {
  let [low, high] = [0, size];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    // A line may begin at the middle itself.
    const start = (await nextLineFeed(file, middle - 1)) + 1;
    if (start >= high) high = middle;
    else if (compareBytes(await beginningAt(file, start), key) <= 0) low = start;
    else high = start;
  }
  const text = (await bytesAt(file, low, (await nextLineFeed(file, low)) - low)).toString('utf8');
  return keyOfLine(text) === key ? (JSON.parse(text) as SealLine) : null;
}

/** Returns the position of the first line feed at a position or later; the file ends with one. */
async function nextLineFeed(file: FileHandle, from: number): Promise<number> {
  for (let at = from; ; at += LINE_BYTES) {
    const bytes = await bytesAt(file, at, LINE_BYTES);
    const found = bytes.indexOf(LINE_FEED);
    if (found >= 0) return at + found;
    if (bytes.length === 0) return at;
  }
}

/** Returns the part of a line by which it is sorted. */
async function beginningAt(file: FileHandle, start: number): Promise<string> {
  const text = (await bytesAt(file, start, KEY_BYTES)).toString('utf8');
  return text.slice(0, text.indexOf(',"version":'));
}

async function bytesAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
