import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraries } from '../../src/testing/index.js';

const folder = new URL('../../src/account/commands/', import.meta.url);

/** The events that each command's comment names with `@events`. */
const named = new Map(
  readdirSync(folder)
    .map((file) => readFileSync(new URL(file, folder), 'utf8'))
    .flatMap((text) => [...text.matchAll(/@events ((?:(?!\*\/)[\s\S])*)\*\/\nexport type (\w+)/g)])
    .map(([, events = '', command = '']) => [
      command,
      [...events.matchAll(/\{@link (\w+)\}/g)]
        .map(([, name = '']) => name)
        .filter((name) => !/^(Waive|Cancel)Fees?$/.test(name)),
    ]),
);

/** The events that the rules at the end of any decision may add. */
const closingEvents = ['CreditApplied', 'LostItemCreditIssued', 'FeeCancelled'];

/** The events of each command in random stories. */
function seenEvents(): Map<string, Set<string>> {
  const seen = new Map<string, Set<string>>();
  const { stories } = arbitraries(fc);
  for (const { steps } of fc.sample(stories({ maxCommands: 25 }), { numRuns: 5000, seed: 7 })) {
    for (const { command, decision } of steps) {
      const events = seen.get(command.type) ?? new Set();
      seen.set(command.type, events);
      for (const { type } of decision.events) events.add(type);
    }
  }
  return seen;
}

describe('the events listed by a command', () => {
  const seen = seenEvents();

  it.each([...seen.keys()])('are exactly those that %s caused in random stories', (command) => {
    const events = seen.get(command) ?? new Set();
    const said = named.get(command) ?? [];
    expect(said).not.toEqual([]);
    expect([...events].filter((event) => !said.includes(event) && !closingEvents.includes(event))).toEqual(
      [],
    );
    expect(said.filter((event) => !events.has(event))).toEqual([]);
  });
});
