import { isPurge } from '../history/consecutive.js';
import type { RecordedEvent, StreamKey } from '../history/eventStore.js';
import { compareInstants } from '../history/instants.js';
import { LEAF_CHARACTERS, type SealLine, type StreamKind } from './sealFile.js';
import type { Difference } from './sealFinding.js';
import { type SealChain, sealChain } from './sealRule.js';

/** A seal, as one stream sees it. */
export type SealOfStream = {
  readonly number: number;
  readonly cutoff: string;
  readonly rule: string;
  /** Whether its form listed a difference of the stream as known: then its line begins anew, with all leaves. */
  readonly isKnown: boolean;
  /** The line of the stream; undefined if the seal has none. */
  readonly line: SealLine | undefined;
};

/** What was found out about a stream and one seal. */
type Checked = SealOfStream & {
  /** Whether the chain had the sealed digest at the sealed version. */
  matches: boolean;
  /** The first event whose leaf differs. */
  changed?: number;
  /** The first event that was recorded before the cutoff and is not in the seal. */
  added?: number;
};

/** What remains to be checked of a purge: whether the office has it, and whether its seal allowed it. */
export type PurgeToCheck = { readonly version: number };

/**
 * Compares the events of a stream, passed one after the other, with its lines in seals.
 *
 * @param ownRule - the rule of another seal, whose leaves and digests are wanted
 */
export function streamComparison(
  kind: StreamKind,
  stream: StreamKey,
  seals: readonly SealOfStream[],
  ownRule?: string,
) {
  const checked: Checked[] = seals.map((seal) => ({ ...seal, matches: false }));
  const chains = new Map<string, SealChain>();
  for (const rule of [...seals.map((seal) => seal.rule), ...(ownRule === undefined ? [] : [ownRule])]) {
    if (!chains.has(rule)) chains.set(rule, sealChain(rule, kind, stream));
  }
  const readable = checked.filter(({ line }) => line === undefined || line.version > 0);
  let [first, last, purged] = [0, 0, false];

  const rules = [...chains.keys()];
  const ofRules = [...chains.values()];

  /** Adds an event, and returns its leaf by the own rule; empty without one. */
  const add = (recorded: RecordedEvent<unknown>): string => {
    const { version, recordedAt } = recorded;
    if (first === 0) [first, purged] = [version, isPurge(recorded.event)];
    last = version;
    const leaves = ofRules.map((chain) => chain.add(recorded));
    const leafOf = (rule: string) => leaves[rules.indexOf(rule)] ?? '';
    const own = ownRule === undefined ? '' : leafOf(ownRule);
    const isFirstPurge = purged && version === first;
    let newest: Checked | undefined;
    for (const seal of readable) {
      const { line, rule } = seal;
      const end = line?.version ?? 0;
      if (version > end) {
        if (!isFirstPurge) newest = seal;
        continue;
      }
      const { digest, leaves: sealed } = line as SealLine;
      const at = sealed.length - (end - version + 1) * LEAF_CHARACTERS;
      if (at >= 0 && sealed.slice(at, at + LEAF_CHARACTERS) !== leafOf(rule).slice(0, LEAF_CHARACTERS))
        seal.changed ??= version;
      if (version === end) seal.matches = chains.get(rule)?.digest() === digest;
    }
    // Cutoffs rise, so that the newest seal is enough for nearly all events.
    if (newest === undefined || compareInstants(recordedAt, newest.cutoff) >= 0) return own;
    for (const seal of readable) {
      if (version > (seal.line?.version ?? 0) && compareInstants(recordedAt, seal.cutoff) < 0)
        seal.added ??= version;
    }
    return own;
  };

  /** Returns the first difference from the seals between two that list one of the stream as known. */
  const differenceFrom = (segment: readonly Checked[]): Difference | null => {
    const failing = segment.find(({ matches }) => !matches);
    if (failing === undefined) return null;
    if (last === 0) return { code: 'ACCOUNT_MISSING', version: 1, seal: failing.number };
    const isMissing = segment.some(({ line }) => (line as SealLine).version > last);
    const places = segment.flatMap(({ changed }) => changed ?? []);
    if (isMissing) places.push(last + 1);
    const before = segment[segment.indexOf(failing) - 1]?.line;
    const version = places.length > 0 ? Math.min(...places) : Math.max(first, (before?.version ?? 0) + 1);
    return { code: isMissing ? 'EVENT_MISSING' : 'EVENT_CHANGED', version, seal: failing.number };
  };

  /** Returns all differences, each once, after the last event. */
  const differences = (): readonly Difference[] => {
    const found: Difference[] = [];
    const note = (difference: Difference | null) => {
      const isNew = !found.some(
        ({ code, version }) => code === difference?.code && version === difference.version,
      );
      if (difference !== null && isNew) found.push(difference);
    };
    let segment: Checked[] = [];
    for (const seal of readable) {
      if (seal.isKnown) {
        note(differenceFrom(segment));
        segment = [];
      }
      // What a purge has removed cannot be compared.
      if (seal.line !== undefined && !(purged && seal.line.version < first)) segment.push(seal);
    }
    note(differenceFrom(segment));
    for (const { added, line, number } of readable) {
      if (added !== undefined)
        note({
          code: line === undefined && !purged ? 'ACCOUNT_ADDED' : 'EVENT_ADDED',
          version: added,
          seal: number,
        });
    }
    return found;
  };

  /** Returns the purge at the stream's beginning, unless it was made before the first of the seals. */
  const purgeToCheck = (): PurgeToCheck | null => {
    if (!purged || seals.length === 0) return null;
    const isOlder = (checked[0]?.line?.version ?? 0) >= first;
    return isOlder ? null : { version: first };
  };

  return {
    add,
    differences,
    purgeToCheck,
    isEmpty: () => last === 0,
    /** Returns the digest of the events so far by a rule. */
    digest: (rule: string) => (chains.get(rule) as SealChain).digest(),
  };
}
