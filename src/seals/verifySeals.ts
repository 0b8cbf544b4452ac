import { hash } from 'node:crypto';
import * as v from 'valibot';
import { nameField } from '../account/fieldSchemas.js';
import { isUnreadable } from '../history/consecutive.js';
import type { EventStore, RecordedEvent } from '../history/eventStore.js';
import { canonicalJson } from '../input/canonicalJson.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { onlyFields } from '../input/plainObject.js';
import { wholeNumber } from '../input/wholeNumber.js';
import type { JobOptions } from '../job/job.js';
import { type JobOrder, type JobReport, orderFields } from '../job/jobHead.js';
import type { JobStores } from '../job/jobStores.js';
import { openJob } from '../job/openJob.js';
import type { FindingOptions } from '../job/tallies.js';
import type { OfficeStore } from '../office/officeEvents.js';
import type { PeriodSealed, SealedSum } from '../office/seals/sealEvents.js';
import { streamOfKind } from '../office/streamKinds.js';
import type { FeePolicy } from '../policy/feePolicy.js';
import { loadSeals, type ReadSeal, readSeals, type SealBook, type VerifySignature } from './sealBook.js';
import {
  purgeDifference,
  readSealed,
  type SealedStores,
  type SealedStream,
  sealedStreams,
  unreadableAt,
} from './sealedStreams.js';
import { postedEntries, sealedSums } from './sealedSums.js';
import { sealFilesIn } from './sealFile.js';
import { type Difference, type KnownSealFinding, type SealFinding, sealFinding } from './sealFinding.js';
import { streamComparison } from './streamComparison.js';

/** The institution whose seals are verified, and what is known of them from elsewhere. */
export type VerifySealsForm = JobOrder & {
  /** The institution. */
  readonly institution: string;
  /**
   * The number and the total of a seal as they are known outside of the stores: printed with a closing, or from a copy
   * of the file. Without it, nobody sees that the newest seals were deleted with their files, or all made anew.
   *
   * @defaultValue nothing is known from elsewhere
   */
  readonly anchor?: {
    /** The number of the seal. */
    readonly number: number;
    /** Its total: the SHA-256 of its file, in lower case. */
    readonly total: string;
  };
};

/** The files of the seals, and how the job runs. */
export type VerifySealsOptions = JobOptions &
  FindingOptions<SealFinding> & {
    /** The folder with the files of the seals. */
    readonly folder: string;
    /**
     * Returns whether the signature of a total is valid; `undefined` is passed for a seal that was not signed.
     *
     * @defaultValue signatures are not checked
     */
    readonly verifySignature?: VerifySignature;
  };

/** What {@link verifySeals} has read. Without findings, nothing before the newest cutoff was changed. */
export type VerifiedSeals = JobReport<SealFinding> & {
  /** The number of seals in the office. */
  readonly seals: number;
  /** The number of the oldest seal whose file was read; null without any. Older files are gone, and prove nothing. */
  readonly readFrom: number | null;
  /** The newest seal: its number, cutoff and total, for the next `anchor`; null without seals. */
  readonly newest: Pick<PeriodSealed['data'], 'number' | 'cutoff' | 'total'> | null;
  /** What the files that were read list as known, whether or not the file that shows the difference is there. */
  readonly known: readonly (KnownSealFinding & {
    /** The number of the seal that lists it. */
    readonly since: number;
  })[];
  /** The number of accounts and streams of the office that were read. */
  readonly streams: number;
  /** The number of events that were read. */
  readonly events: number;
  /**
   * The balances of the journal at the cutoffs of the seals that were read, recomputed. With shards, they are the sums
   * of one share, which are not compared: add them up, and compare them with the sums in the heads of the files.
   */
  readonly sums: readonly {
    /** The number of the seal. */
    readonly seal: number;
    /** The balances. */
    readonly balances: readonly SealedSum[];
  }[];
};

const formSchema = onlyFields({
  ...orderFields,
  institution: nameField,
  anchor: v.optional(v.strictObject({ number: wholeNumber(1), total: nameField })),
});

/** The schema of the folder of seals. */
export const folderField = v.pipe(v.string('a path'), v.nonEmpty('a path'));

/**
 * Reads all accounts and streams of the office again, and compares them with the seals of the institution: with every
 * line of every file, not only of the newest file.
 *
 * Finds every event that was changed, deleted or put in before the newest cutoff, every account that is missing, purges
 * that {@link jobs.runPurge | runPurge} did not make, and changed seals. It does not find changes of what was recorded
 * after the newest cutoff, or of comments and other texts that may be erased. Nor does it notice if somebody makes all
 * seals anew, or deletes the newest seal with its file: see `anchor`.
 *
 * @param stores - the store with the accounts, and that of the office
 * @param policy - the institution's policy
 * @param form - the institution; a total that is known from elsewhere
 * @param options - the folder of the files; callbacks; signal; concurrency; shard
 * @returns what was read; its findings name the stream, the seal and each version that differs
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
 * import { sealPeriod, verifySeals } from 'patron-fees/closing';
 * import { officeEvents } from 'patron-fees/office';
 *
 * let time = '2026-03-31T14:00:00Z';
 * const now = () => time;
 * const stores = { accounts: memoryEventStore({ now }), office: memoryEventStore({ now, codec: officeEvents }) };
 * const policy = definePolicy({ currency: 'USD' });
 * const fee = { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '5', owner: 'MAIN', at: now() } as const;
 * await execute(stores.accounts, policy, { institution: 'north', patronId: 'dverma' }, fee);
 *
 * const folder = mkdtempSync(join(tmpdir(), 'seals-'));
 * const month = { institution: 'north', month: '2026-03', timeZone: 'America/New_York', at: '2026-04-01T09:00:00Z' };
 * time = month.at;
 * await sealPeriod(stores, policy, month, { folder });
 *
 * const { seals, findings } = await verifySeals(stores, policy, { institution: 'north' }, { folder });
 * [seals, findings.count]; //=> [1, 0]
 * ```
 */
export async function verifySeals(
  stores: JobStores<EventStore, OfficeStore>,
  policy: FeePolicy,
  form: VerifySealsForm,
  options: VerifySealsOptions,
): Promise<VerifiedSeals> {
  const job = openJob<v.InferOutput<typeof formSchema>, EventStore, OfficeStore, SealFinding>(
    stores,
    policy,
    options,
    {
      form: () => checkedArgument(formSchema, form, 'form'),
      options: { folder: folderField, verifySignature: v.optional(v.function('a function')) },
      needsOffice: true,
      anyCurrency: true,
    },
  );
  const { folder, verifySignature, shard } = options;
  const { institution, anchor } = job.form;
  const both: SealedStores = { store: job.store, office: job.office as OfficeStore };
  const isWhole = shard === undefined || shard.of === 1;
  const counts = { streams: 0, events: 0 };
  let isSummed = true;
  let recorded: Awaited<ReturnType<typeof loadSeals>> = [];
  let book: SealBook = { read: [], differences: [], knownSince: () => null };
  let tally = sealedSums(0);

  const work = async (one: SealedStream): Promise<readonly SealFinding[]> => {
    const { read, knownSince } = book;
    const differences = await differencesOf(both, one, read, tally, counts);
    // Without one of the accounts, the sums cannot be compared.
    if (differences.some(({ code }) => code === 'CORRUPT_HISTORY' || code === 'INVALID_EVENT'))
      isSummed = false;
    return differences.map((difference) => sealFinding(one.stream, difference, knownSince));
  };
  const verify = async (): Promise<void> => {
    const about = streamOfKind(institution, 'seals');
    const found = async (differences: readonly Difference[]) => {
      // Exactly one share reports what belongs to no stream.
      if (shard !== undefined && shard.index > 0) return;
      for (const difference of differences) await job.found(sealFinding(about, difference, book.knownSince));
    };
    const listed = await sealFilesIn(folder);
    try {
      recorded = await loadSeals(both.office, institution);
    } catch (error) {
      if (!isUnreadable(error)) throw error;
    }
    book = await readSeals(folder, institution, recorded, 1, listed, verifySignature);
    tally = sealedSums(book.read.length);
    await found([...book.differences, ...anchorDifference(anchor, recorded)]);
    const tasks = sealedStreams(both, institution, book.read, shard);
    for await (const _ of job.each<SealedStream, never>(tasks, work));
    if (isWhole && isSummed) await found(sumDifferences(book.read, tally.result()));
  };
  return job.working(verify, () => {
    const last = recorded.at(-1)?.seal;
    const sums = tally.result();
    return {
      seals: recorded.length,
      readFrom: book.read[0]?.number ?? null,
      newest: last === undefined ? null : { number: last.number, cutoff: last.cutoff, total: last.total },
      known: book.read.flatMap(({ number, head }) => head.known.map((one) => ({ ...one, since: number }))),
      ...counts,
      sums: book.read.map(({ number }, index) => ({ seal: number, balances: sums[index] ?? [] })),
    };
  });
}

/** Reads a stream, sums its journal, and returns its differences from the seals. */
async function differencesOf(
  stores: SealedStores,
  { kind, stream, seals }: SealedStream,
  read: readonly ReadSeal[],
  tally: ReturnType<typeof sealedSums>,
  counts: { streams: number; events: number },
): Promise<readonly Difference[]> {
  const comparison = streamComparison(kind, stream, seals);
  let events: readonly RecordedEvent<unknown>[];
  try {
    events = await readSealed(stores, stream, (one) => {
      counts.events += 1;
      comparison.add(one);
    });
  } catch (error) {
    return [await unreadableAt(stores, stream, error)];
  }
  if (!comparison.isEmpty()) counts.streams += 1;
  const differences = [...comparison.differences()];
  const purge = comparison.purgeToCheck();
  if (purge !== null) {
    const wrong = await purgeDifference(stores.office, { stream, seals }, read, purge.version);
    if (wrong !== null) differences.push(wrong);
  }
  const [newest] = read.slice(-1);
  if (newest === undefined) return differences;
  try {
    for (const entry of postedEntries(stream, events, newest.head)) {
      const index =
        entry.month === undefined
          ? seals.findIndex(({ line }) => (line?.version ?? 0) >= entry.version)
          : read.findIndex(({ month }) => (entry.month as string) < month);
      if (index >= 0) tally.add(index, entry);
    }
  } catch (error) {
    differences.push(await unreadableAt(stores, stream, error));
  }
  return differences;
}

function anchorDifference(
  anchor: VerifySealsForm['anchor'],
  recorded: Awaited<ReturnType<typeof loadSeals>>,
): readonly Difference[] {
  if (anchor === undefined) return [];
  const { version, seal } = recorded.find((one) => one.seal.number === anchor.number) ?? {};
  if (seal?.total === anchor.total) return [];
  const message = `the total known from elsewhere is ${anchor.total}, that of the event ${seal?.total ?? 'missing'}`;
  const digest = seal?.total ?? null;
  return [{ code: 'SEAL_CHANGED', version: version ?? null, seal: anchor.number, digest, message }];
}

/** Returns the seals whose sums differ from the journal. */
function sumDifferences(
  read: readonly ReadSeal[],
  sums: readonly (readonly SealedSum[])[],
): readonly Difference[] {
  const texts = (list: readonly SealedSum[]) =>
    list.map(({ account, currency, amount }) => `${account.join(' ')} ${amount} ${currency}`);
  return read.flatMap(({ number, head }, index) => {
    const [sealed, found] = [texts(head.sums), texts(sums[index] ?? [])];
    if (canonicalJson(head.sums) === canonicalJson(sums[index])) return [];
    const other = found.find((text) => !sealed.includes(text)) ?? 'nothing';
    const expected = sealed.find((text) => !found.includes(text)) ?? 'nothing';
    const message = `the journal has ${other}, the seal ${expected}`;
    const digest = hash('sha256', canonicalJson(sums[index] ?? []), 'hex');
    return [{ code: 'JOURNAL_DIFFERS', version: null, seal: number, digest, message }];
  });
}
