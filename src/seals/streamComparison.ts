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
  /** Whether its form made a difference of the stream known: then its line begins anew, with all leaves. */
  readonly isKnown: boolean;
  /** The line of the stream; undefined if the seal has none. */
  readonly line: SealLine | undefined;
};

/** What was found out about a stream and one seal. */
type Checked = SealOfStream & {
  /** The last version that the seal covers; 0 without a line. */
  readonly end: number;
  /**
   * The last version that is compared: where a later seal made differences known, its line has what was there instead,
   * and what came afterwards under the same versions is new.
   */
  readonly until: number;
  /** The seal before, which covers the events up to its own end; undefined if this line covers all of them. */
  readonly before: Checked | undefined;
  /** The chain that begins with the digest that the seal before has, once the events before differ from that. */
  own?: SealChain;
  /** The digest of the whole chain at the sealed version, or at the last one before it. */
  seen: string;
  /** Whether the events since the seal before lead to the sealed digest. */
  matches: boolean;
  /** The events since the seal before whose leaf differs. */
  readonly changed: number[];
  /** The events that were recorded before the cutoff and are in no seal, with the digest of the chain at each. */
  readonly added: { readonly version: number; readonly digest: string }[];
};

/** What remains to be checked of a purge: whether the office has it, and whether its seal allowed it. */
export type PurgeToCheck = { readonly version: number };

/**
 * Compares the events of a stream, passed one after the other, with its lines in seals. Each seal proves the events
 * since the seal before: a change of earlier ones hides nothing of them.
 *
 * @param ownRule - the rule of another seal, whose leaves and digests are wanted
 */
export function streamComparison(
  kind: StreamKind,
  stream: StreamKey,
  seals: readonly SealOfStream[],
  ownRule?: string,
) {
  const chains = new Map<string, SealChain>();
  for (const rule of [...seals.map((seal) => seal.rule), ...(ownRule === undefined ? [] : [ownRule])]) {
    if (!chains.has(rule)) chains.set(rule, sealChain(rule, kind, stream));
  }
  const checked = checkedSeals(seals, chains);
  let [first, last, purged] = [0, 0, false];

  const rules = [...chains.keys()];
  const ofRules = [...chains.values()];

  /** Compares an event with the seal that covers it. */
  const compare = (seal: Checked, recorded: RecordedEvent<unknown>, leaf: string, digest: string): void => {
    const { version } = recorded;
    const { end, until, before, line } = seal;
    if (version > until) return;
    const sealed = (line as SealLine).leaves;
    const from = before?.end ?? 0;
    // The digest of a seal whose events were purged is of another chain.
    if (version >= from && from >= first && before?.seen !== before?.line?.digest)
      seal.own ??= sealChain(seal.rule, kind, stream, before?.line?.digest);
    if (version > from) {
      seal.own?.add(recorded);
      const at = sealed.length - (end - version + 1) * LEAF_CHARACTERS;
      if (at >= 0 && sealed.slice(at, at + LEAF_CHARACTERS) !== leaf.slice(0, LEAF_CHARACTERS))
        seal.changed.push(version);
    }
    seal.seen = digest;
    if (version === end) seal.matches = (seal.own?.digest() ?? digest) === line?.digest;
  };

  /** Adds an event, and returns its leaf by the own rule; empty without one. */
  const add = (recorded: RecordedEvent<unknown>): string => {
    const { version, recordedAt } = recorded;
    if (first === 0) [first, purged] = [version, isPurge(recorded.event)];
    last = version;
    const leaves = ofRules.map((chain) => chain.add(recorded));
    const leafOf = (rule: string) => leaves[rules.indexOf(rule)] ?? '';
    const digestOf = (rule: string) => chains.get(rule)?.digest() ?? '';
    const isFirstPurge = purged && version === first;
    let newest: Checked | undefined;
    for (const seal of checked) {
      const { rule, end } = seal;
      if (version <= end) compare(seal, recorded, leafOf(rule), digestOf(rule));
      else if (!isFirstPurge) newest = seal;
    }
    // Cutoffs rise, so that the newest seal is enough for nearly all events.
    if (newest !== undefined && compareInstants(recordedAt, newest.cutoff) < 0) {
      const seal = checked.find(
        ({ end, until, cutoff }) =>
          version > end && version <= until && compareInstants(recordedAt, cutoff) < 0,
      );
      seal?.added.push({ version, digest: digestOf(seal.rule) });
    }
    return ownRule === undefined ? '' : leafOf(ownRule);
  };

  /** Returns the differences from one seal. */
  const differencesFrom = (seal: Checked): readonly Difference[] => {
    const { number, line, end, until, before, seen, changed } = seal;
    // What a purge has removed cannot be compared.
    if (line === undefined || seal.matches || (purged && end < first)) return [];
    const difference = (code: Difference['code'], version: number | null) => ({
      ...{ code, version, seal: number, digest: seen },
    });
    const limit = Math.min(last, until);
    if (limit === 0) return [difference('ACCOUNT_MISSING', 1)];
    const found: Difference[] = changed.map((version) => difference('EVENT_CHANGED', version));
    if (end > limit) found.push(difference('EVENT_MISSING', limit + 1));
    if (found.length > 0) return found;
    const from = Math.max(first, (before?.end ?? 0) + 1);
    if (line.leaves.length >= (end - from + 1) * LEAF_CHARACTERS) return [difference('EVENT_CHANGED', from)];
    const message = 'an event is not the one that was sealed: the file that shows which one is gone';
    // A seal that made differences of the stream known covers it whole: what it proves was explained then.
    const explained = checked.find(
      ({ isKnown, matches, number: later }) => isKnown && matches && later > number,
    );
    return [{ ...difference('EVENT_CHANGED', null), message, knownSince: explained?.number ?? null }];
  };

  /** Returns the events that were recorded before the cutoff of a seal and are in none. */
  const addedTo = ({ number, line, added }: Checked): readonly Difference[] => {
    const differences = added.map((one) => ({ code: 'EVENT_ADDED', seal: number, ...one }) as const);
    const [one, latest] = [added[0], added.at(-1)];
    if (line !== undefined || purged || one === undefined) return differences;
    return [{ code: 'ACCOUNT_ADDED', version: one.version, seal: number, digest: latest?.digest ?? '' }];
  };

  /** Returns all differences, each once, after the last event. */
  const differences = (): readonly Difference[] => {
    // Whatever is missing is missing in the later seals, too.
    const isMissing = ({ code }: Difference) => code === 'EVENT_MISSING' || code === 'ACCOUNT_MISSING';
    const found: Difference[] = [];
    for (const difference of checked.flatMap(differencesFrom)) {
      if (
        !isMissing(difference) ||
        !found.some(({ version, code }) => code === difference.code && version === difference.version)
      )
        found.push(difference);
    }
    return [...found, ...checked.flatMap(addedTo)];
  };

  /** Returns the purge at the stream's beginning, unless it was made before the first of the seals. */
  const purgeToCheck = (): PurgeToCheck | null => {
    if (!purged || seals.length === 0) return null;
    const isOlder = (seals[0]?.line?.version ?? 0) >= first;
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

/** Returns the seals that could read the stream, each with the one before it. */
function checkedSeals(
  seals: readonly SealOfStream[],
  chains: ReadonlyMap<string, SealChain>,
): readonly Checked[] {
  const checked: Checked[] = [];
  for (const [index, seal] of seals.entries()) {
    const { line, rule, isKnown } = seal;
    if (line?.version === 0) continue;
    const last = checked.at(-1);
    const until = seals
      .slice(index + 1)
      .reduce(
        (least, later) => (later.isKnown ? Math.min(least, later.line?.version ?? 0) : least),
        Infinity,
      );
    checked.push({
      ...seal,
      ...{ end: line?.version ?? 0, until, matches: false, changed: [], added: [] },
      before: isKnown || last?.line === undefined || last.rule !== rule ? undefined : last,
      seen: chains.get(rule)?.digest() ?? '',
    });
  }
  return checked;
}
