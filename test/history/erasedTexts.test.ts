import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandDigest, digestOf, reasonIsCode } from '../../src/account/digest.js';
import { execute, loadAccount, memoryEventStore, redactEvent } from '../../src/history/index.js';
import {
  type AccountEvent,
  type Command,
  decide,
  definePolicy,
  emptyAccount,
  type FeePolicy,
  fold,
} from '../../src/index.js';
import { tried } from '../support/seeded.js';
import { anyPolicy, moves, runMoves } from '../support/stories.js';

const at = '2026-03-02T09:00:00Z';
const policy = definePolicy({ currency: 'USD' });
const north = { institution: 'north', patronId: 'p1' };
const fee = { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '5', owner: 'MAIN', at } as const;

/** A catalogue, as an attacker has it, who knows everything else of the command. */
const catalogue = Array.from({ length: 2_000 }, (_, n) => ({ title: `Title ${n}`, barcode: `3900${n}` }));
const loaned = catalogue[1_234] as (typeof catalogue)[number];

/** Returns every hash that this library makes, or made, of a command. */
const hashesOf = (command: Command): readonly string[] => {
  const { at: _at, by: _by, comment: _comment, staffNote: _note, metadata: _metadata, ...content } = command;
  const { item, reason } = content as { readonly item?: unknown; readonly reason?: unknown };
  const texts = [{ item }, { reason }, { item, reason }, item, reason];
  return [
    digestOf(content),
    ...commandDigest(command).split('.'),
    ...texts.filter((text) => text !== undefined).map(digestOf),
  ].filter((hash) => hash.length === 16);
};

describe('a dictionary attack on what a redaction leaves', () => {
  const guess = (item: object) => ({ ...fee, amount: '5.00', item });
  /** Everything that a store and a log of refusals have of the account. */
  const everythingLeft = async (store: ReturnType<typeof memoryEventStore>) => {
    const { account } = await loadAccount(store, north);
    const { decision } = await execute(store, policy, north, { ...fee, amount: '6' });
    return JSON.stringify([await store.readAll(), account, decision]);
  };
  /** Returns the entries of the catalogue with a hash that is found in a text. */
  const confirmed = (text: string) => {
    const kept = new Set(hashesOf(guess({})));
    const hits = (item: object) =>
      hashesOf(guess(item)).some((hash) => !kept.has(hash) && text.includes(hash));
    return catalogue.filter(hits);
  };

  it('finds the title before the redaction, and none after it', async () => {
    const store = memoryEventStore({ now: () => at });
    await execute(store, policy, north, { ...fee, item: loaned, comment: 'Was in hospital' });
    expect(confirmed(await everythingLeft(store))).toEqual([loaned]);
    await store.redact(north);
    const left = await everythingLeft(store);
    expect(left).not.toContain(loaned.title);
    expect(confirmed(left)).toEqual([]);
  });

  it('cannot use the library either: its answer is the same for every title', async () => {
    const store = memoryEventStore({ now: () => at });
    await execute(store, policy, north, { ...fee, item: loaned });
    await store.redact(north);
    const answers = new Set<string>();
    for (const item of [loaned, ...catalogue.slice(0, 50)]) {
      const { decision } = await execute(store, policy, north, { ...fee, item });
      answers.add(JSON.stringify(decision));
    }
    expect([...answers]).toEqual([
      JSON.stringify({ accepted: true, events: [], repeats: { id: 'f1', kind: 'fee' } }),
    ]);
    const other = (await execute(store, policy, north, { ...fee, item: loaned, amount: '6' })).decision;
    expect(other).toMatchObject({ accepted: false, rejection: { type: 'IdAlreadyUsed', id: 'f1' } });
  });

  it('finds nothing in an event from before 0.1.0, whose one-part digest is erased', () => {
    const [event] = decide({ ...fee, item: loaned }, emptyAccount(), policy).events as [AccountEvent];
    const old = {
      ...event,
      metadata: { commandId: 'f1', commandDigest: digestOf(contentOf(guess(loaned))) },
    };
    expect(confirmed(JSON.stringify(old))).toEqual([loaned]);
    expect(decide({ ...fee, item: loaned }, fold([old]), policy)).toMatchObject({
      accepted: true,
      events: [],
    });
    expect(decide(fee, fold([old]), policy)).toMatchObject({ accepted: false });
    const left = redactEvent(old);
    expect(confirmed(JSON.stringify(left))).toEqual([]);
    expect(decide({ ...fee, item: loaned }, fold([left]), policy)).toMatchObject({
      accepted: true,
      events: [],
    });
  });
});

const contentOf = ({ at: _, ...content }: { readonly at: string }) => content;

describe('what a redaction leaves', () => {
  /** Returns a command with a text in every field that is erased. */
  const withTexts = (command: Command, text: string): Command => {
    const hasItem = ['AssessFee', 'AccrueFine', 'IssueCredit'].includes(command.type);
    const isFree =
      !reasonIsCode(command) && !(command.type === 'ResolveDispute' && command.remedy === 'waive');
    return {
      ...command,
      comment: text,
      staffNote: text,
      ...(isFree && { reason: text }),
      ...(hasItem && { item: { title: text, callNumber: text, id: text, barcode: text, library: 'MAIN' } }),
    } as Command;
  };
  /** Decides commands one after the other, each with a text. Returns all events. */
  const eventsWith = (
    steps: readonly { readonly command: Command; readonly policy: FeePolicy }[],
    text: string,
  ) => {
    const events: AccountEvent[] = [];
    for (const { command, policy } of steps) {
      events.push(...decide(withTexts(command, text), fold(events), policy).events);
    }
    return events;
  };

  it('is the same byte for byte whatever the texts were, so nobody can find them in it', () => {
    fc.assert(
      fc.property(moves(12), anyPolicy, fc.string(), fc.string(), (story, anyOne, one, other) => {
        const steps = runMoves(story, anyOne);
        const left = [one, other].map((text) => eventsWith(steps, text).map(redactEvent));
        expect(JSON.stringify(left[0])).toBe(JSON.stringify(left[1]));
      }),
      tried(100),
    );
  });

  it('recognises every repeat, even of a command with only some of its events redacted', () => {
    fc.assert(
      fc.property(moves(12), anyPolicy, fc.infiniteStream(fc.boolean()), (story, anyOne, which) => {
        const steps = runMoves(story, anyOne);
        const left = eventsWith(steps, 'secret').map((event) =>
          which.next().value === true ? redactEvent(event) : event,
        );
        const account = fold(left);
        const done = new Set<string>();
        for (const { command, policy, decision } of steps) {
          // A later command may have the id of an earlier one.
          if (done.has(command.id) || decision.events.length === 0) continue;
          done.add(command.id);
          const again = decide(withTexts(command, 'secret'), account, policy);
          expect(again, command.id).toMatchObject({ accepted: true, events: [] });
        }
      }),
      tried(100),
    );
  });
});
