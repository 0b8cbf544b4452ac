import { canonicalJson } from '../input/canonicalJson.js';
import type { Item } from './circumstances.js';
import type { Command } from './commands/command.js';

/** The fields of a command that its digest ignores. */
const circumstantial = new Set(['at', 'by', 'approvedBy', 'comment', 'staffNote', 'metadata']);

/**
 * Returns a 64-bit hash of a text: two multiplicative lanes over its UTF-16 units (the construction known as cyrb53,
 * without cutting it to 53 bits). Stored in events, so it must never change.
 */
function hash64(text: string): string {
  let low = 0xdeadbeef;
  let high = 0x41c6ce57;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    low = Math.imul(low ^ unit, 0x9e3779b1);
    high = Math.imul(high ^ unit, 0x5f356495);
  }
  low = Math.imul(low ^ (low >>> 16), 0x85ebca6b) ^ Math.imul(high ^ (high >>> 13), 0xc2b2ae35);
  high = Math.imul(high ^ (high >>> 16), 0x85ebca6b) ^ Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
  return hexOf(high) + hexOf(low);
}

function hexOf(lane: number): string {
  return (lane >>> 0).toString(16).padStart(8, '0');
}

/** Returns a digest of plain data that does not depend on the order of keys. */
export function digestOf(data: unknown): string {
  return hash64(canonicalJson(data));
}

/** The second part of a digest of a command without texts that a redaction erases. */
const NO_TEXTS = '-';

/** Returns the digest, with both parts, of plain data without any text that a redaction erases. */
export function digestWithoutTexts(data: unknown): string {
  return `${digestOf(data)}.${NO_TEXTS}`;
}

/**
 * Returns the digest of a command, which distinguishes a repeated command from a different one with the same id.
 * Ignores when, by whom and with which comments it was sent.
 *
 * It has two parts, separated by a dot: a hash of what a redaction keeps of the command, and one of what it erases (the
 * item's title, call number, id and barcode, and a reason in free text), or `-` if the command has none of that. A
 * redaction removes the second part: with it, anybody could try titles until one of them has the same hash.
 *
 * @param command - a command in canonical form
 */
export function commandDigest(command: Command): string {
  const kept: Record<string, unknown> = {};
  const erased: Record<string, unknown> = {};
  let hasTexts = false;
  const fields: Readonly<Record<string, unknown>> = command;
  for (const name of Object.keys(fields)) {
    if (circumstantial.has(name)) continue;
    const value = fields[name];
    if (name === 'item' && isFields(value)) {
      const item = splitItem(value);
      kept.item = item.kept;
      if (item.erased === null) continue;
      erased.item = item.erased;
      hasTexts = true;
    } else if (name === 'reason' && !reasonIsCode(command)) {
      erased.reason = value;
      hasTexts = true;
    } else kept[name] = value;
  }
  return hasTexts ? `${digestOf(kept)}.${digestOf(erased)}` : digestWithoutTexts(kept);
}

/** Returns a command without the circumstances in which it was sent. */
function contentOf(command: Command): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(command).filter(([name]) => !circumstantial.has(name)));
}

function isFields(value: unknown): value is Item {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Returns whether a recorded digest is that of a command. Compares the parts that are left.
 *
 * @param recorded - the digest in the events; null if unknown
 * @param command - the command in canonical form
 * @param digest - its digest
 */
export function isDigestOf(recorded: string | null, command: Command, digest: string): boolean {
  if (recorded === null) return false;
  const isOnePart = partsOf(recorded) === undefined;
  return isOnePart ? recorded === digestOf(contentOf(command)) : digestsAgree(recorded, digest);
}

/** Returns whether two digests can be of the same command: no part that both have differs. */
export function digestsAgree(one: string | null, other: string | null): boolean {
  if (one === other) return true;
  if (one === null || other === null) return false;
  const [a, b] = [partsOf(one), partsOf(other)];
  // The digest of an event before 0.1.0, and the same redacted.
  if (a === undefined || b === undefined) return one === ERASED || other === ERASED;
  return a.every((part, index) => part === '' || b[index] === '' || part === b[index]);
}

/** The rest of a digest of one part, which covered the texts: events before 0.1.0 have such digests. */
const ERASED = '.';

/** Two parts, each of which may have been erased. */
const twoParts = /^([0-9a-f]{16}|)\.([0-9a-f]{16}|-|)$/;

/** Returns the two parts of a digest; undefined if it has one part. */
function partsOf(digest: string): readonly string[] | undefined {
  return twoParts.exec(digest)?.slice(1);
}

/** Returns what a redaction leaves of a digest: what depends on no erased text. */
export function redactedDigest(digest: string): string {
  const parts = partsOf(digest);
  if (parts === undefined) return ERASED;
  const [kept, erased] = parts;
  return erased === NO_TEXTS ? digest : `${kept}.`;
}

// What a redaction erases, of events and of the digests of commands.

/** The fields that identify a borrowed item. They say what somebody read, and no rule depends on them. */
const itemTexts = ['title', 'callNumber', 'id', 'barcode'] as const;

/** The fields of an item that a redaction keeps, and those that it erases. */
type SplitItem = { readonly kept: object; readonly erased: object | null };

/** Splits an item; `erased` is null if there is nothing to erase. */
export function splitItem(item: Item): SplitItem {
  const entries = Object.entries(item);
  const isText = ([name]: readonly [string, unknown]) => (itemTexts as readonly string[]).includes(name);
  const erased = entries.filter(isText);
  if (erased.length === 0) return { kept: item, erased: null };
  const kept = entries.filter((entry) => !isText(entry));
  return { kept: Object.fromEntries(kept), erased: Object.fromEntries(erased) };
}

/**
 * Returns whether the reason of an event or a command must be a code of a policy's list, which is kept; it is free text
 * everywhere else. A redaction has no policy, so only the type and the cause decide. `ResolveDispute` and
 * `DisputeResolved` may carry such a code (remedy `waive`) or free text; the waiver beside it keeps the code. In the office
 * the reasons of bank entries are codes.
 */
export function reasonIsCode({ type, cause }: { readonly type: string; readonly cause?: unknown }): boolean {
  switch (type) {
    case 'WaiveFees':
    case 'FeeWaived':
    case 'BankItemEnded':
    case 'BankEntryBooked':
      return true;
    case 'IssueCredit':
      return cause === 'manual';
    case 'LostItemCreditIssued':
    case 'CreditIssued':
      return cause === 'waived' || cause === 'manual';
    default:
      return false;
  }
}
