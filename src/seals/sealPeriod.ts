import { randomUUID } from 'node:crypto';
import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import type { PostingOptions } from '../books/journal/postingsOf.js';
import { PatronFeesError } from '../errors.js';
import { isPurge } from '../history/consecutive.js';
import type { EventStore, RecordedEvent } from '../history/eventStore.js';
import { compareInstants } from '../history/instants.js';
import { RETRY } from '../history/retry.js';
import type { JobOptions } from '../job/job.js';
import { actorOf, approvalOf } from '../job/jobHead.js';
import type { JobStores } from '../job/jobStores.js';
import { localDay } from '../job/localDay.js';
import { openJob } from '../job/openJob.js';
import { type FindingOptions, type FindingsReport, findingTally } from '../job/tallies.js';
import { writeTextFile } from '../job/textFile.js';
import type { OfficeEvent, OfficeStore } from '../office/officeEvents.js';
import { executeOffice } from '../office/officeStream.js';
import type { PeriodSealed, SealedSum, SealHead } from '../office/seals/sealEvents.js';
import { streamOfKind } from '../office/streamKinds.js';
import type { FeePolicy } from '../policy/feePolicy.js';
import {
  completePath,
  existingPath,
  loadSeals,
  type ReadSeal,
  type RecordedSeal,
  readSeals,
  type SealBook,
} from './sealBook.js';
import {
  purgeDifference,
  readSealed,
  type SealedStores,
  type SealedStream,
  sealedStreams,
  unreadableAt,
} from './sealedStreams.js';
import { postedEntries, sealedSums } from './sealedSums.js';
import {
  type KeyedLine,
  LEAF_CHARACTERS,
  mergedByKey,
  type SealFileHead,
  type SealLine,
  sealFileName,
  sealFilesIn,
  sealPath,
  streamLines,
  textOfLine,
  totalOf,
} from './sealFile.js';
import {
  type Difference,
  findingKey,
  type KnownSealFinding,
  type KnownSince,
  knownSinceOf,
  type SealFinding,
  sealFinding,
} from './sealFinding.js';
import {
  checkedSealForm,
  endOfMonth,
  knownRefusal,
  type SealForm,
  sealRefusal,
  strayFileRefusal,
  termsRefusal,
} from './sealForm.js';
import type { SealRejection } from './sealRejection.js';
import type { SealResult } from './sealReport.js';
import { NEWEST_RULE } from './sealRule.js';
import { streamComparison } from './streamComparison.js';
import { folderField } from './verifySeals.js';

/** The folder of the seals, the signature, and how the job runs. */
export type SealOptions = JobOptions &
  FindingOptions<SealFinding> & {
    /** The folder with the files of the seals of the institution, and of no other. */
    readonly folder: string;
    /**
     * Signs the total of the file, with a key that is kept elsewhere.
     *
     * @defaultValue the seal is not signed
     */
    readonly sign?: (total: string) => string | Promise<string>;
  };

/**
 * Seals a month of the books: writes a file with a digest of every account and every stream of the office, from
 * everything that was recorded before the end of the month, and records the file's SHA-256 in the office as
 * {@link PeriodSealed}. {@link verifySeals} then finds whatever is changed, deleted or put in before that time.
 *
 * First compares the books with the seals whose files the folder has, and refuses if they differ, unless the form lists
 * the difference as known, or an earlier seal did. The months follow one another. The same month again changes nothing, finishes what a killed run left, and
 * compares the books with its seal. With `shard`, each run seals its share, and the run that finds the other shares
 * complete writes the file.
 *
 * @param stores - the store with the accounts, and that of the office
 * @param policy - the institution's policy
 * @param form - the institution, the month, the time, who orders it
 * @param options - the folder of the files; the signature; callbacks; signal; concurrency; shard
 * @events {@link PeriodSealed}, in the office.
 * @returns the seal, or why it was refused
 * @throws {@link index.PatronFeesError | PatronFeesError} before anything is read: `INVALID_ARGUMENT` with every fault of the
 * stores, the form and the options in `details.faults`, `INVALID_POLICY` for an invalid policy. Later: `JOB_CANCELLED`
 * with the report so far once the signal is aborted; any error of the stores, the files or the callbacks
 *
 * @example
 * ```ts
 * import { mkdtempSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { sealPeriod } from 'patron-fees/closing';
 * import { officeEvents } from 'patron-fees/office';
 *
 * const now = () => '2026-03-31T14:00:00Z';
 * const stores = { accounts: memoryEventStore({ now }), office: memoryEventStore({ now, codec: officeEvents }) };
 * const policy = definePolicy({ currency: 'USD' });
 * const fee = { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '5', owner: 'MAIN', at: now() } as const;
 * await execute(stores.accounts, policy, { institution: 'north', patronId: 'dverma' }, fee);
 *
 * const folder = mkdtempSync(join(tmpdir(), 'seals-'));
 * const month = { institution: 'north', month: '2026-03', timeZone: 'America/New_York', at: '2026-04-01T09:00:00Z' };
 * const { report } = await sealPeriod(stores, policy, month, { folder });
 * report.seal?.cutoff; //=> '2026-04-01T04:00:00.000Z'
 * report.seal?.sums.map(({ account, amount }) => [account[0], amount]); //=> [['receivable', '5.00'], ['revenue', '-5.00']]
 * ```
 */
export async function sealPeriod(
  stores: JobStores<EventStore, OfficeStore>,
  policy: FeePolicy,
  form: SealForm,
  options: SealOptions,
): Promise<SealResult> {
  const job = openJob<ReturnType<typeof checkedSealForm>, EventStore, OfficeStore, SealFinding>(
    stores,
    policy,
    options,
    {
      form: () => checkedSealForm(form),
      options: { folder: folderField, sign: v.optional(v.function('a function')) },
      needsOffice: true,
      anyCurrency: true,
    },
  );
  const { folder, sign, shard = { index: 0, of: 1 } } = options;
  const { institution, timeZone, basis, lostItems, known, jobId } = job.form;
  const office = job.office as OfficeStore;
  const both: SealedStores = { store: job.store, office };
  const cutoff = endOfMonth(job.form);
  const month = localDay(timeZone)(cutoff).slice(0, 'YYYY-MM'.length);
  const sealing = { cutoff, month, basis, lostItems };
  const isKnown = new Set(known.map(findingKey));
  const counts = { accounts: 0, officeStreams: 0, events: 0 };
  const tally = sealedSums(1);
  const knownFindings: SealFinding[] = [];
  const unknown = findingTally<SealFinding>();
  let seal: PeriodSealed['data'] | null = null;
  let isRepeat = false;
  let rejection: SealRejection | null = null;

  const isNewlyKnown = (finding: SealFinding) =>
    finding.knownSince === null && isKnown.has(findingKey(finding));
  const note = (finding: SealFinding): SealFinding => {
    if (isNewlyKnown(finding)) knownFindings.push(finding);
    else if (finding.knownSince === null) unknown.add(finding);
    return finding;
  };

  /** Returns the line of a stream and its findings. */
  const sealStream = async (one: SealedStream, { read, knownSince }: SealBook) => {
    const { line, events, differences } = await sealedLine(both, one, read, sealing, tally);
    const findings = differences.map((difference) => note(sealFinding(one.stream, difference, knownSince)));
    if (line === null) return findings;
    counts[one.kind === 'account' ? 'accounts' : 'officeStreams'] += 1;
    counts.events += events;
    return [textOfLine(line(findings.some(isNewlyKnown))), ...findings];
  };
  /** Adds the differences of the seals themselves to the report. */
  const foundInSeals = async (differences: readonly Difference[], knownSince: KnownSince): Promise<void> => {
    for (const difference of differences)
      await job.found(note(sealFinding(streamOfKind(institution, 'seals'), difference, knownSince)));
  };
  /** Refuses the seal for the differences from a seal that nobody explained, if there are any. */
  const refuseUnknown = (number: number, findings: FindingsReport<SealFinding>): void => {
    if (findings.count > 0) rejection = { type: 'BooksDiffer', kind: 'conflict', seal: number, findings };
  };
  const isSame = (one: RecordedSeal) => one.seal.cutoff === cutoff;
  /** Finishes the seal of this month, if there is one. */
  const finishSame = async (recorded: readonly RecordedSeal[]): Promise<boolean> => {
    const same = recorded.find(isSame);
    if (same === undefined) return false;
    [seal, isRepeat] = [same.seal, true];
    await finishFile(folder, same.seal);
    return true;
  };
  /** Compares the books with the seal of this month, which an earlier run made, and refuses what nobody explained. */
  const repeat = async (
    { version, seal: same }: RecordedSeal,
    recorded: readonly RecordedSeal[],
    listed: readonly number[],
  ): Promise<void> => {
    isRepeat = true;
    const { number } = same;
    const isThere = await finishFile(folder, same);
    // The later seals are read for the purges that they allow, and judged when their months are sealed again.
    const book = await readSeals(folder, institution, recorded, 1, listed);
    const knownSince = knownSinceOf(book.read.filter((one) => one.number <= number).map(({ head }) => head));
    const isOwn = (one: Difference) => one.seal === null || one.seal <= number;
    const differences = book.differences.filter(isOwn);
    if (!isThere && differences.length === 0) {
      const message = `the file ${same.file} is missing`;
      differences.push({ code: 'SEAL_CHANGED', version, seal: number, message });
    }
    await foundInSeals(differences, knownSince);
    const own = book.read.find((one) => one.number === number);
    const compare = async (one: SealedStream) => {
      const line = await sealedLine(both, one, book.read, sealing, tally);
      return line.differences
        .filter(isOwn)
        .map((difference) => note(sealFinding(one.stream, difference, knownSince)));
    };
    const streams = sealedStreams(both, institution, book.read, shard);
    if (own !== undefined) for await (const _ of job.each<SealedStream, never>(streams, compare));
    refuseUnknown(number, unknown.result());
    if (rejection === null) seal = same;
  };
  /** Merges the parts of all shares, and records the seal. */
  const complete = async (number: number, previous: string | null, parts: readonly SealPart[]) => {
    const total = sealedSums(1);
    const sum = (which: (part: SealPart) => number) => parts.reduce((all, part) => all + which(part), 0);
    for (const { sums } of parts) total.addSums(0, sums);
    const head = {
      ...{ number, cutoff, timeZone, basis, lostItems, rule: NEWEST_RULE, previous },
      accounts: sum(({ accounts }) => accounts),
      officeStreams: sum(({ officeStreams }) => officeStreams),
      events: sum(({ events }) => events),
      sums: total.result()[0] ?? [],
    };
    const findings = parts.flatMap((part) => part.findings);
    const listed = usedKnown(known, findings, number);
    const fileTotal = await mergeParts(
      folder,
      { number, of: shard.of },
      { institution, ...head, known: listed },
    );
    const signature = await sign?.(fileTotal);
    const data: PeriodSealed['data'] = {
      ...head,
      file: sealFileName(number),
      total: fileTotal,
      known: listed.length,
      ...(signature !== undefined && { signature }),
      at: job.form.at,
      ...(job.form.by !== undefined && { by: actorOf(job.form.by) }),
      ...(listed.length > 0 && approvalOf(job.form.approvedBy)),
    };
    const ofJob = jobId === undefined ? {} : { metadata: { correlationId: jobId } };
    const event: PeriodSealed = { type: 'PeriodSealed', data, ...ofJob };
    const { state } = await executeOffice<Seals, { readonly events: readonly OfficeEvent[] }>(
      office,
      streamOfKind(institution, 'seals'),
      {
        fold: (events, state = { eventCount: 0, seals: [] }) => ({
          eventCount: state.eventCount + events.length,
          seals: [...state.seals, ...(events as readonly PeriodSealed[])],
        }),
        // Another run may have sealed the month meanwhile.
        decide: ({ seals }) => ({ events: seals.length === number - 1 ? [event] : [] }),
      },
      RETRY,
    );
    const recorded = state.seals[number - 1] as PeriodSealed;
    if (recorded.data.cutoff !== cutoff) {
      const problem = 'another run sealed another month meanwhile: run the job again';
      throw new PatronFeesError('VERSION_CONFLICT', problem, { number, cutoff: recorded.data.cutoff });
    }
    seal = recorded.data;
    await finishFile(folder, seal);
  };
  const work = async (): Promise<void> => {
    const listed = await sealFilesIn(folder);
    const recorded = await loadSeals(office, institution);
    const [last, same] = [recorded.at(-1), recorded.find(isSame)];
    rejection =
      knownRefusal(job.form, job.policy) ??
      (await strayFileRefusal(folder, listed, recorded.length)) ??
      (same ? termsRefusal(job.form, same.seal) : sealRefusal(job.form, cutoff, last?.seal));
    if (rejection !== null) return;
    if (same !== undefined) return await repeat(same, recorded, listed);
    if (last !== undefined) await finishFile(folder, last.seal);
    const book = await readSeals(folder, institution, recorded, 1, listed);
    await foundInSeals(book.differences, book.knownSince);
    const [number, previous] = [recorded.length + 1, last?.seal.total ?? null];
    async function* lines(): AsyncGenerator<string> {
      const streams = sealedStreams(both, institution, book.read, shard);
      for await (const line of job.each<SealedStream, string>(streams, (one) => sealStream(one, book)))
        yield `${line}\n`;
    }
    const part = (): SealPart => ({
      ...{ cutoff, previous, ...counts, sums: tally.result()[0] ?? [] },
      findings: [...knownFindings, ...unknown.result().first],
    });
    await writePart(folder, { number, ...shard }, lines, part);
    const parts = await readParts(folder, { number, of: shard.of }, { cutoff, previous });
    const open = (parts ?? []).flatMap(({ findings }) =>
      findings.filter((one) => !isKnown.has(findingKey(one))),
    );
    if (unknown.result().count > 0 || open.length > 0) {
      const findings = findingTally<SealFinding>();
      for (const finding of open.length > 0 ? open : unknown.result().first) findings.add(finding);
      return refuseUnknown(recorded.length, findings.result());
    }
    try {
      if (parts !== null) return await complete(number, previous, parts);
    } catch (error) {
      // Another run may have sealed the month meanwhile, and removed the parts.
      if (!(await finishSame(await loadSeals(office, institution)))) throw error;
    }
    await finishSame(await loadSeals(office, institution));
  };
  const report = job.working(work, () => ({ seal, isRepeat, ...counts }));
  return report.then((done) =>
    rejection === null ? { accepted: true, report: done } : { accepted: false, rejection, report: done },
  );
}

/** The seals of an institution, for the decision whether to record one more. */
type Seals = { readonly eventCount: number; readonly seals: readonly PeriodSealed[] };

// The lines of a seal are first written to one file for each share of the accounts, and merged once all shares are
// there.

/** The figures of a share of a seal. */
type SealPart = Pick<SealHead, 'accounts' | 'officeStreams' | 'events'> & {
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

/** What is sealed, and how its journal is summed. */
type Sealing = PostingOptions & {
  readonly cutoff: string;
  /** The month that begins at the cutoff, `YYYY-MM`. */
  readonly month: string;
};

/** A stream that was read for a seal. */
type SealedLine = {
  /**
   * Returns its line; with `isAnew`, with the leaves of all events. Null for a stream without events before the cutoff.
   */
  readonly line: ((isAnew: boolean) => SealLine) | null;
  /** The number of sealed events. */
  readonly events: number;
  /** How it differs from the seals before. */
  readonly differences: readonly Difference[];
};

/** Reads a stream, compares it with the seals before, sums its journal before the cutoff, and makes its line. */
export async function sealedLine(
  stores: SealedStores,
  one: SealedStream,
  read: readonly ReadSeal[],
  { cutoff, month, ...postings }: Sealing,
  tally: ReturnType<typeof sealedSums>,
): Promise<SealedLine> {
  const { kind, stream, seals } = one;
  const comparison = streamComparison(kind, stream, seals, NEWEST_RULE);
  const sealed = { version: 0, digest: '', open: true };
  const leaves: string[] = [];
  const differences: Difference[] = [];
  let isOver = false;
  try {
    const events = await readSealed(stores, stream, (recorded) => {
      const leaf = comparison.add(recorded);
      // A purge counts at once: what it removed can never be sealed again.
      isOver ||= !isPurge(recorded.event) && compareInstants(recorded.recordedAt, cutoff) >= 0;
      if (isOver) return;
      leaves.push(leaf.slice(0, LEAF_CHARACTERS));
      sealed.version = recorded.version;
      sealed.digest = comparison.digest(NEWEST_RULE);
    });
    differences.push(...comparison.differences());
    const purge = comparison.purgeToCheck();
    const wrong = purge && (await purgeDifference(stores.office, one, read, purge.version));
    if (wrong) differences.push(wrong);
    sealed.open = sum(events.slice(0, leaves.length));
  } catch (error) {
    differences.push(await unreadableAt(stores, stream, error));
  }
  /** Sums what was posted before the cutoff, and returns whether something of the account is open. */
  function sum(events: readonly RecordedEvent<unknown>[]): boolean {
    const entries = postedEntries(stream, events, postings);
    for (;;) {
      const { done, value } = entries.next();
      if (done === true) return value;
      if (value.month === undefined || value.month < month) tally.add(0, value);
    }
  }
  const line = (isAnew: boolean): SealLine => {
    const before = isAnew ? 0 : (seals.at(-1)?.line?.version ?? 0);
    const since = leaves.slice(Math.max(0, leaves.length - (sealed.version - before)));
    const { id } = JSON.parse(`${one.key}}`) as { readonly id: string };
    return { kind, id, ...sealed, leaves: since.join('') };
  };
  const isUnreadable = comparison.isEmpty() && differences.some(({ code }) => code !== 'ACCOUNT_MISSING');
  return { line: leaves.length === 0 && !isUnreadable ? null : line, events: leaves.length, differences };
}
