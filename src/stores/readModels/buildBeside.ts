// How a table of accounts is built beside the one in use, in any database: from its own events, or by following a
// store.
import * as v from 'valibot';
import { PatronFeesError } from '../../errors.js';
import { assertStore, type ReadAppendStore, type StreamId, streamKey } from '../../history/eventStore.js';
import type { FollowedProjection } from '../../history/follow.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { type RowsOfAccount, rowsOfStreams } from './accountRows.js';
import { assertOwnLayout, LAYOUT } from './findAccountsForm.js';

/** The names of builds in `patron_fees_read_model`: of the one in use, and of those that are to take its place. */
export type BuildName = 'accounts' | 'accounts rebuilt' | 'accounts followed';

/** A build, and how far it is: a place in the events, which is compared before it moves. */
export type Build = {
  readonly name: BuildName;
  readonly generation: number;
  readonly cursor: string | null;
};

/** A row of `patron_fees_read_model`. */
export type BuildState = Readonly<Record<string, unknown>>;

/** An account with an event that a build may lack, and the event's place in the log. */
export type Change = { readonly stream: StreamId; readonly place: string };

/** How a database keeps the builds of its tables. Each function is a transaction. */
export type Builds = {
  /** Returns the states of all builds. */
  readonly states: () => Promise<{ readonly [Name in BuildName]?: BuildState }>;
  /** Begins a build, in place of an unfinished one of this name; returns its number. */
  readonly begin: (name: BuildName, cursor: string | null) => Promise<number>;
  /** Saves rows and the place after them; throws CHECKPOINT_MOVED if the build is no longer where it was. */
  readonly save: (build: Build, cursor: string, rows: readonly RowsOfAccount[]) => Promise<void>;
  /** Takes a build into use, in place of the one that was; throws CHECKPOINT_MOVED as `save` does. */
  readonly takeIntoUse: (build: Build) => Promise<void>;
  /** Removes rows of some accounts from builds before the one in use; returns whether there may be more. */
  readonly removeEarlier: () => Promise<boolean>;
};

/** What a rebuild needs besides, of a database that has the events too. */
export type RebuiltBuilds = Builds & {
  /** The number of accounts, or changes, of a full page. */
  readonly pageSize: number;
  /** Returns the next page of accounts, by their ids. */
  readonly accountsAfter: (
    last: readonly [institution: string, patronId: string],
  ) => Promise<readonly StreamId[]>;
  /** Computes the rows of accounts. */
  readonly rowsOf: (streams: readonly StreamId[]) => Promise<readonly RowsOfAccount[]>;
  /** Returns a place in the log that no event precedes that nobody sees yet. */
  readonly horizon: () => Promise<string>;
  /**
   * Returns a page of events after a place that the rows of a build lack, whoever appended them, with the table or
   * without.
   */
  readonly changesAfter: (place: string, generation: number) => Promise<readonly Change[]>;
  /**
   * Takes a build into use with all changes after a place while nobody appends; returns false if it must be tried
   * again.
   */
  readonly switchTo: (build: Build, after: string) => Promise<boolean>;
  /** Counts the accounts of the table in use. */
  readonly count: () => Promise<RebuiltAccounts>;
};

/** What a rebuild of the table of accounts did. */
export type RebuiltAccounts = {
  /** The number of accounts in the table in use. */
  readonly accounts: number;
  /** The number of them whose events cannot be read; no query finds them. */
  readonly unreadable: number;
};

/** How `rebuildAccounts` runs. */
export type RebuildAccountsOptions = {
  /**
   * Whether to build nothing if the table is complete and has the layout of this release: for a call at every start.
   * Rows that a killed rebuild left are removed.
   *
   * @defaultValue false
   */
  readonly unlessComplete?: boolean;
  /**
   * Stops it: the table in use stays, and the call rejects with the signal's reason. The next call continues. After the
   * new table has taken its place, it only stops the removal of the earlier rows, and the call resolves.
   *
   * @defaultValue it cannot be stopped
   */
  readonly signal?: AbortSignal;
  /**
   * Called after every page with the number of accounts that this call has done.
   *
   * @defaultValue no progress is reported
   */
  readonly onProgress?: (progress: { readonly accounts: number }) => void;
};

const rebuildSchema = v.strictObject({
  unlessComplete: v.optional(v.boolean(), false),
  signal: v.optional(v.instance(AbortSignal, 'an AbortSignal')),
  onProgress: v.optional(v.function('a function')),
});

function checkedRebuildOptions(options: RebuildAccountsOptions) {
  return checkedArgument(rebuildSchema, options, 'options');
}

/** How `accountsProjection` keeps the table. */
export type AccountsProjectionOptions = {
  /**
   * Whether to build the table anew although one is in use: for one call of `catchUp`, beside the runner that keeps the
   * one in use.
   *
   * @defaultValue false
   */
  readonly rebuild?: boolean;
};

const projectionSchema = v.strictObject({ rebuild: v.optional(v.boolean(), false) });

function checkedProjectionOptions(options: AccountsProjectionOptions) {
  return checkedArgument(projectionSchema, options, 'options');
}

/** How far a rebuild is. */
type Place = {
  /** The place in the log from which on its rows may lack events. */
  readonly after: string;
  /** The last account of the pass over all accounts; null after it. */
  readonly last: readonly [institution: string, patronId: string] | null;
};

/**
 * Rebuilds a table: passes over all accounts, then those that have changed meanwhile, and switches when these are few.
 */
export async function rebuildBeside(
  builds: RebuiltBuilds,
  options: RebuildAccountsOptions,
): Promise<RebuiltAccounts> {
  const { signal, unlessComplete } = checkedRebuildOptions(options);
  const name = 'accounts rebuilt';
  const { accounts: inUse, 'accounts followed': followed, [name]: state } = await builds.states();
  assertOwnLayout(inUse);
  if ([inUse, followed].some((one) => typeof one?.cursor === 'string')) {
    throw new PatronFeesError(
      'INVALID_ARGUMENT',
      'a runner keeps this table by following: rebuild it by catchUp with accountsProjection and its option rebuild',
    );
  }
  const removeEarlierAndCount = async () => {
    while (!signal?.aborted && (await builds.removeEarlier()));
    return builds.count();
  };
  if (unlessComplete && Number(inUse?.layout) === LAYOUT && Number(inUse?.is_complete) === 1)
    return removeEarlierAndCount();
  let build: Build;
  if (Number(state?.layout) === LAYOUT && typeof state?.cursor === 'string') {
    build = { name, generation: Number(state.generation), cursor: state.cursor };
  } else {
    const cursor = placeText({ after: await builds.horizon(), last: ['', ''] });
    build = { name, generation: await builds.begin(name, cursor), cursor };
  }
  let accounts = 0;
  const savePage = async (streams: readonly StreamId[], to: Place) => {
    const cursor = placeText(to);
    await builds.save(build, cursor, await builds.rowsOf(streams));
    build = { ...build, cursor };
    accounts += streams.length;
    if (streams.length > 0) options.onProgress?.({ accounts });
  };
  for (let isInUse = false; !isInUse; ) {
    signal?.throwIfAborted();
    const { after, last } = JSON.parse(build.cursor as string) as Place;
    if (last !== null) {
      const page = await builds.accountsAfter(last);
      const end = page.at(-1);
      await savePage(page, { after, last: end === undefined ? null : [end.institution, end.patronId] });
    } else {
      const horizon = await builds.horizon();
      const changes = await builds.changesAfter(after, build.generation);
      const [end] = changes.slice(builds.pageSize - 1);
      const reached = end === undefined || BigInt(horizon) < BigInt(end.place) ? horizon : end.place;
      await savePage(streamsOf(changes), { after: reached, last });
      isInUse = end === undefined && (await builds.switchTo(build, reached));
    }
  }
  return removeEarlierAndCount();
}

/** The text of a place in the order of its fields: two programs at the same place must have the same. */
function placeText({ after, last }: Place): string {
  return JSON.stringify({ after, last });
}

/** Returns the accounts of changes, each once. */
export function streamsOf(changes: readonly Change[]): readonly StreamId[] {
  const streams = new Map(changes.map(({ stream }) => [streamKey(stream), stream] as const));
  return [...streams.values()];
}

/** Returns the projection that keeps a table by following: it continues the build in use, or builds the next one. */
export function followBeside(
  builds: Builds,
  store: ReadAppendStore,
  options: AccountsProjectionOptions,
): FollowedProjection {
  assertStore(store, 'read');
  let { rebuild } = checkedProjectionOptions(options);
  let build: Build = { name: 'accounts', generation: 0, cursor: null };
  let onlyGeneration: number | undefined;
  return {
    reset: async () => {
      const name = 'accounts followed';
      build = { name, generation: await builds.begin(name, null), cursor: null };
    },
    apply: async (events, cursor, previous, parked) => {
      const rows = await rowsOfStreams(store, events, parked);
      await builds.save({ ...build, cursor: previous ?? null }, cursor, rows);
    },
    caughtUp: async (cursor) => {
      await builds.takeIntoUse({ ...build, cursor: cursor ?? null });
      build = { ...build, name: 'accounts' };
      rebuild = false;
      if (build.generation !== onlyGeneration && !(await builds.removeEarlier()))
        onlyGeneration = build.generation;
    },
    checkpoint: {
      load: async () => {
        const states = await builds.states();
        assertOwnLayout(states.accounts);
        for (const name of ['accounts', 'accounts followed'] as const) {
          const state = states[name];
          if (Number(state?.layout) !== LAYOUT || typeof state?.cursor !== 'string') continue;
          if (name === 'accounts' && rebuild) continue;
          build = { name, generation: Number(state.generation), cursor: state.cursor };
          return build.cursor;
        }
        return null;
      },
      save: async () => undefined,
    },
  };
}
