import type { Command } from './commands/command.js';

/** The fields of a command that its digest ignores. */
const circumstantial = new Set(['at', 'by', 'comment', 'staffNote', 'metadata']);

const nothing: ReadonlySet<string> = new Set();

/** Returns JSON with sorted keys, so that the order of a command's fields does not matter. */
function sortedJson(value: unknown, ignored = nothing): string {
  if (Array.isArray(value)) return `[${value.map((entry) => sortedJson(entry)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = value as Readonly<Record<string, unknown>>;
  let text = '';
  for (const key of Object.keys(fields).sort()) {
    if (ignored.has(key)) continue;
    text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${sortedJson(fields[key])}`;
  }
  return `{${text}}`;
}

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
  return [high, low].map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('');
}

/** Returns a digest of plain data that does not depend on the order of keys. */
export function digestOf(data: unknown): string {
  return hash64(sortedJson(data));
}

/**
 * Returns the digest of a command, which distinguishes a repeated command from a different one with the same id.
 * Ignores when, by whom and with which comments it was sent.
 *
 * @param command - a command in canonical form
 * @returns 16 hexadecimal digits
 */
export function commandDigest(command: Command): string {
  return hash64(sortedJson(command, circumstantial));
}
