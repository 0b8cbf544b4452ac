import type { Command } from './commands.js';

/** The fields of a command that do not make it another command. */
const circumstantial = new Set(['at', 'by', 'comment', 'staffNote', 'metadata']);

/** JSON with sorted keys, so that the order in which a command was written does not matter. */
function sortedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${sortedJson(entry)}`).join(',')}}`;
}

/**
 * A 64-bit hash of a text: two multiplicative lanes over its UTF-16 units (the construction known as cyrb53, without
 * cutting it to 53 bits). Stored in events, so it must never change.
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

/** A digest of plain data: the same for the same content, in whatever order its keys were written. */
export function digestOf(data: unknown): string {
  return hash64(sortedJson(data));
}

/**
 * Tells a repeated command from another one with the same id: a hash of what the command asks for, leaving out when,
 * by whom and with which comments it is asked.
 *
 * @param command - a command in canonical form
 * @returns 16 hexadecimal digits
 */
export function commandDigest(command: Command): string {
  return digestOf(Object.fromEntries(Object.entries(command).filter(([key]) => !circumstantial.has(key))));
}
