import { hash } from 'node:crypto';
import type { RecordedEvent, StreamKey } from '../history/eventStore.js';
import { idOf } from '../history/eventStore.js';
import { canonicalJson } from '../input/canonicalJson.js';
import type { StreamKind } from './sealFile.js';

// STORAGE FORMAT of digests. Seals name the rule by which they were made: a rule never changes, and none is removed.
// Where a later release erases more, or retires a shape, it adds a rule, and the old one writes events as they were
// sealed.

/** The event without everything that may ever be erased. */
type SealedForm = (event: SealedEvent) => unknown;

/** What the rules read of an event of an account or the office. */
type SealedEvent = {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
};

/** The rules by name. */
const rules: Readonly<Record<string, SealedForm>> = { '1': rule1 };

/** The rule of new seals. */
export const NEWEST_RULE = '1';

/** Returns whether this release knows a rule. */
export function isKnownRule(rule: string): boolean {
  return Object.hasOwn(rules, rule);
}

function rule1({ type, data, metadata = {} }: SealedEvent): unknown {
  const { comment: _comment, staffNote: _staffNote, item: _item, reason, ...rest } = data;
  const { commandDigest: _digest, sealed: _sealed, ...ids } = metadata;
  return {
    type,
    data: reason !== undefined && isCode(type, data.cause) ? { ...rest, reason } : rest,
    ...(Object.keys(ids).length > 0 && { metadata: ids }),
  };
}

/** Returns whether a reason is a code of the policy, and no free text. */
function isCode(type: string, cause: unknown): boolean {
  if (type === 'FeeWaived') return true;
  const isCredit = type === 'LostItemCreditIssued' || type === 'CreditIssued';
  return isCredit && (cause === 'waived' || cause === 'manual');
}

/** The chain of digests over the events of a stream. */
export type SealChain = {
  /** Adds an event, and returns its leaf. Throws on an event of an unexpected shape. */
  readonly add: (recorded: RecordedEvent<unknown>) => string;
  /** Returns the digest of the events so far. */
  readonly digest: () => string;
};

/**
 * Begins a chain: that of a whole stream, or of one that begins anew with a purge.
 *
 * @param since - the digest from which the chain goes on; by default that of no event
 */
export function sealChain(
  rule: string,
  kind: StreamKind,
  stream: StreamKey,
  since = sha256(canonicalJson([rule, stream.institution, kind, idOf(stream)])),
): SealChain {
  const form = rules[rule] as SealedForm;
  let digest = since;
  return {
    add: ({ version, recordedAt, event }) => {
      const leaf = sha256(canonicalJson([utcMicroseconds(recordedAt), form(event as SealedEvent)]));
      digest = sha256(`${digest}\n${version}\n${leaf}`);
      return leaf;
    },
    digest: () => digest,
  };
}

function sha256(text: string): string {
  return hash('sha256', text, 'hex');
}

/** Returns an instant in UTC with six digits after the seconds, however the store wrote it. */
export function utcMicroseconds(instant: string): string {
  const utc = new Date(instant).toISOString();
  const [, digits = ''] = /\.(\d+)/.exec(instant) ?? [];
  return `${utc.slice(0, 'YYYY-MM-DDThh:mm:ss'.length)}.${digits.slice(0, 6).padEnd(6, '0')}Z`;
}
