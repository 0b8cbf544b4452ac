import { access, type FileHandle, open, rm } from 'node:fs/promises';
import { PatronFeesError } from '../errors.js';
import type { RecordedEvent, StreamId } from '../history/eventStore.js';
import { canonicalJson } from '../input/canonicalJson.js';
import { localDay } from '../job/localDay.js';
import type { OfficeStore } from '../office/officeEvents.js';
import type { PeriodSealed, SealHead } from '../office/seals/sealEvents.js';
import { streamOfKind } from '../office/streamKinds.js';
import {
  checkedHead,
  compareBytes,
  keyOfLine,
  keyOfStream,
  type SealFileHead,
  type SealLine,
  sealFilesIn,
  sealPath,
  totalOf,
} from './sealFile.js';
import { type Difference, type KnownSince, knownSinceOf } from './sealFinding.js';
import { isKnownRule, sealChain } from './sealRule.js';

/** The event of a seal, with its version in its stream. */
export type RecordedSeal = { readonly version: number; readonly seal: PeriodSealed['data'] };

/** A seal whose event and file agree. */
export type ReadSeal = {
  readonly number: number;
  readonly path: string;
  readonly head: SealFileHead;
  /** The month that begins at the cutoff, `YYYY-MM`. */
  readonly month: string;
  /** The beginnings of the lines of the streams of which a difference is known. */
  readonly knownStreams: ReadonlySet<string>;
};

/** The seals of an institution. */
export type SealBook = {
  readonly read: readonly ReadSeal[];
  /** What differs, of the stream of the seals. */
  readonly differences: readonly Difference[];
  /** Returns the number of the seal that made a finding known. */
  readonly knownSince: KnownSince;
};

/** Returns whether a signature of a total is valid. */
export type VerifySignature = (total: string, signature: string | undefined) => boolean | Promise<boolean>;

/**
 * Reads the events of the seals of an institution.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `CORRUPT_HISTORY`; errors of the store
 */
export async function loadSeals(office: OfficeStore, institution: string): Promise<readonly RecordedSeal[]> {
  const { events } = await office.read(streamOfKind(institution, 'seals'));
  return events.flatMap(({ version, event }) =>
    event.type === 'PeriodSealed' ? [{ version, seal: event.data }] : [],
  );
}

/** The path of a file that is complete, and is renamed once its event is recorded. */
export function completePath(
  folder: string,
  { number, total }: Pick<PeriodSealed['data'], 'number' | 'total'>,
) {
  return `${sealPath(folder, number)}.${total.slice(0, 16)}`;
}

/** Returns the path of a seal's file, also that of one which a killed run has not renamed; null without it. */
export async function existingPath(folder: string, seal: PeriodSealed['data']): Promise<string | null> {
  for (const path of [sealPath(folder, seal.number), completePath(folder, seal)]) {
    if (await exists(path)) return path;
  }
  return null;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/**
 * Compares the events of the seals with their files. The oldest files may be gone; the newest one may not.
 *
 * @param from - the number of the first seal whose file is read
 * @param listed - the numbers of the files that were in the folder before the events were read
 */
export async function readSeals(
  folder: string,
  institution: string,
  recorded: readonly RecordedSeal[],
  from: number,
  listed: readonly number[],
  verifySignature?: VerifySignature,
): Promise<SealBook> {
  const differences: Difference[] = [];
  const read: ReadSeal[] = [];
  const isRead = (index: number) => index + 1 >= from;
  const paths = await Promise.all(
    recorded.map(({ seal }, index) => (isRead(index) ? existingPath(folder, seal) : null)),
  );
  const oldest = paths.findIndex((path) => path !== null);
  for (const [index, { version, seal }] of recorded.entries()) {
    const path = paths[index] ?? null;
    const isGone =
      !isRead(index) || (path === null && (oldest < 0 ? index < recorded.length - 1 : index < oldest));
    const before = recorded[index - 1]?.seal;
    const differs = (digest: string | null, message: string) =>
      differences.push({ code: 'SEAL_CHANGED', version, seal: seal.number, digest, message });
    if (seal.number !== index + 1 || seal.previous !== (before?.total ?? null)) {
      differs(seal.total, `event ${version} does not follow the seal before`);
    } else if (!isGone) {
      const total = path === null ? null : await totalOf(path);
      const found = await readSeal(path, total, institution, seal, verifySignature);
      if (typeof found === 'string') differs(total, found);
      else read.push(found);
    }
  }
  const numbers = new Set(recorded.map(({ seal }) => seal.number));
  for (const number of listed) {
    if (numbers.has(number)) continue;
    const message = `the office has no event of the file ${sealPath('', number)}`;
    const digest = await totalOf(sealPath(folder, number));
    differences.push({ code: 'SEAL_CHANGED', version: null, seal: number, digest, message });
  }
  return { read, differences, knownSince: knownSinceOf(read.map(({ head }) => head)) };
}

/** Reads a seal, or returns what is wrong with it. */
async function readSeal(
  path: string | null,
  total: string | null,
  institution: string,
  seal: PeriodSealed['data'],
  verifySignature: VerifySignature | undefined,
): Promise<ReadSeal | string> {
  if (path === null || total === null) return `the file ${seal.file} is missing`;
  if (total !== seal.total) return `the file ${seal.file} has the total ${total}, its event ${seal.total}`;
  const head = await checkedHead(path);
  if (head === null) return `the file ${seal.file} has not the format of a seal`;
  if (head.institution !== institution || canonicalJson(headOf(head)) !== canonicalJson(headOf(seal)))
    return `the file ${seal.file} begins with other figures than its event`;
  if (!isKnownRule(head.rule)) return `this release does not know the rule ${head.rule}`;
  if (verifySignature !== undefined && !(await verifySignature(total, seal.signature)))
    return `the signature of ${seal.file} is not valid`;
  const knownStreams = head.known.map(({ patronId, stream = '' }) =>
    keyOfStream(patronId === undefined ? { institution, stream } : { institution, patronId }),
  );
  const month = localDay(head.timeZone)(head.cutoff).slice(0, 'YYYY-MM'.length);
  return { number: head.number, path, head, month, knownStreams: new Set(knownStreams) };
}

function headOf(head: SealHead): SealHead {
  const { number, cutoff, timeZone, basis, lostItems, rule, previous, accounts, officeStreams } = head;
  const { events, sums } = head;
  return {
    number,
    cutoff,
    timeZone,
    basis,
    lostItems,
    rule,
    previous,
    accounts,
    officeStreams,
    events,
    sums,
  };
}

/** Why the newest seal does not allow a purge: it does not cover the whole account, or differs from it. */
type NotSealedReason = 'NotSealed' | 'SealDiffers';

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
