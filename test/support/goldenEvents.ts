import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AccountEvent, AccountEventType } from '../../src/index.js';

const folder = fileURLToPath(new URL('../golden/v0.1.0/', import.meta.url));

/** The golden logs of the first release, by name, as plain JSON: histories with every event type. */
export const goldenLogs: ReadonlyMap<string, readonly AccountEvent[]> = new Map(
  readdirSync(folder)
    .filter((file) => file.endsWith('.ndjson'))
    .map((file) => {
      const lines = readFileSync(`${folder}${file}`, 'utf8').trimEnd().split('\n');
      return [file.replace('.ndjson', ''), lines.map((line): AccountEvent => JSON.parse(line))];
    }),
);

/** The events of all golden logs. */
export const goldenEvents: readonly AccountEvent[] = [...goldenLogs.values()].flat();

/** Returns a copy of the golden event of a type that has the most fields. */
export function goldenEvent<Type extends AccountEventType>(
  type: Type,
): Extract<AccountEvent, { type: Type }> {
  const [richest] = goldenEvents
    .filter((event): event is Extract<AccountEvent, { type: Type }> => event.type === type)
    .sort((a, b) => JSON.stringify(b).length - JSON.stringify(a).length);
  if (richest === undefined) throw new Error(`no golden log has ${type}`);
  return structuredClone(richest);
}
