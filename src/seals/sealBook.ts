import { access } from 'node:fs/promises';
import { canonicalJson } from '../input/canonicalJson.js';
import { localDay } from '../job/localDay.js';
import type { OfficeStore } from '../office/officeEvents.js';
import type { PeriodSealed, SealHead } from '../office/seals/sealEvents.js';
import { streamOfKind } from '../office/streamKinds.js';
import { checkedHead, keyOfStream, type SealFileHead, sealPath, totalOf } from './sealFile.js';
import { type Difference, type KnownSince, knownSinceOf } from './sealFinding.js';
import { isKnownRule } from './sealRule.js';

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
