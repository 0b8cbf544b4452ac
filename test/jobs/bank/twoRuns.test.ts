// Two runs of the bank's job and a person at the same moment: whatever the order of their reads and appends, nothing is
// posted twice.
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryEventStore } from '../../../src/history/index.js';
import { definePolicy } from '../../../src/index.js';
import type { BankEvent } from '../../../src/office/bank/bankEvents.js';
import {
  type BankCommand,
  executeBank,
  loadBankAccount,
  type OfficeStore,
  officeEvents,
  readCamt053,
  runBankReconciliation,
} from '../../../src/office/index.js';
import { assertVaried, tried } from '../../support/seeded.js';
import { booked, camt053, details } from './camt053.js';

const at = '2026-03-31T10:00:00Z';
const by = { channel: 'desk', userId: 'fin' } as const;
const policy = definePolicy({
  currency: 'EUR',
  bankReasons: { OTHER: 'Other' },
});
const giro = { institution: 'north', bank: 'GIRO' };
const form = { ...giro, timeZone: 'UTC', from: '2026-03-01', through: '2026-03-31', at, by } as const;

const worlds = fc.record({
  /** What each entry is, one a day. */
  kinds: fc.array(fc.constantFrom('deposit', 'deposit', 'gift'), { minLength: 2, maxLength: 6 }),
  /** The second statement begins on the first of these days, or after the first one, which ends on the second. */
  from: fc.nat(5),
  through: fc.nat(5),
  isSame: fc.boolean(),
  /** The entries that a person posts meanwhile. */
  byHand: fc.array(fc.nat(5), { maxLength: 3 }),
  turns: fc.array(fc.nat(6), { minLength: 40, maxLength: 40 }),
});
type World = typeof worlds extends fc.Arbitrary<infer One> ? One : never;

const date = (day: number) => `2026-03-${String(day + 2).padStart(2, '0')}`;
const amountOf = (day: number) => `${day + 1}0.00`;
const idOf = (day: number) => `${date(day)}/${amountOf(day)}/B${day}`;

/** Returns the statement of some days. */
function statement(kinds: World['kinds'], from: number, through: number): string {
  const text = (kind: World['kinds'][number], day: number) =>
    ({ deposit: `slip ${100 + day}`, gift: 'gift' })[kind];
  const entries = kinds
    .map((kind, day) => {
      const words = `<NtryDtls>${details(`<RmtInf><Ustrd>${text(kind, day)}</Ustrd></RmtInf>`)}</NtryDtls>`;
      return booked(amountOf(day), date(day), `B${day}`, words);
    })
    .slice(from, through + 1);
  return camt053(entries.join(''), { id: `S${from}-${through}` });
}

const item = (day: number) =>
  ({ kind: 'safeDeposit', depositId: `d${day}`, method: 'CASH', amount: `${day + 1}0.00` }) as const;

/** Returns what a person records of an entry. */
function byHand(kinds: World['kinds'], day: number, id: string): BankCommand {
  const kind = kinds[day] as World['kinds'][number];
  const entry = {
    ...{ id, entryId: idOf(day), bookedOn: date(day), amount: amountOf(day) },
    ...{ at, by },
  };
  return kind === 'deposit'
    ? { type: 'ConfirmBankEntry', items: [item(day)], ...entry }
    : { type: 'BookBankEntry', reason: 'OTHER', ...entry };
}

const played = { conflicts: 0, refused: 0, byHand: 0 };

/** How a store differs: whether it compares versions, and whether the first two appends wait for each other. */
type Store = { readonly isChecked: boolean; readonly isMet: boolean };

/** Plays a world, and returns the events of the account. */
async function play(
  { kinds, from, through, isSame, byHand: hand, turns }: World,
  { isChecked, isMet }: Store = { isChecked: true, isMet: false },
) {
  const now = () => at;
  const accounts = memoryEventStore({ now });
  const memory = memoryEventStore({ now, codec: officeEvents });
  for (const [day, kind] of kinds.entries()) {
    if (kind !== 'deposit') continue;
    const deposit = { type: 'DepositFromSafe', id: `d${day}`, amount: item(day).amount } as const;
    const command = { ...deposit, reference: `slip ${100 + day}`, at: '2026-03-01T10:00:00Z', by };
    await executeBank(memory, policy, giro, command);
  }
  let calls = 0;
  const pause = async () => {
    for (let left = turns[calls++ % turns.length] as number; left > 0; left--) await turn();
  };
  let [appends, meet] = [0, () => {}];
  const met = new Promise<void>((resolve) => {
    meet = resolve;
  });
  const office: OfficeStore = {
    ...memory,
    async read(id, options) {
      await pause();
      return memory.read(id, options);
    },
    async append(id, events, options) {
      await pause();
      appends += 1;
      if (appends === 2) meet();
      if (isMet) await met;
      const { expectedVersion: _, ...unchecked } = options;
      try {
        return await memory.append(
          id,
          events,
          isChecked ? options : { ...unchecked, expectedVersion: 'any' },
        );
      } catch (error) {
        played.conflicts += 1;
        throw error;
      }
    },
  };
  const last = kinds.length - 1;
  const end = Math.min(through, last);
  const files = isSame
    ? [statement(kinds, 0, last), statement(kinds, 0, last)]
    : [statement(kinds, 0, end), statement(kinds, Math.min(from, end + 1, last), last)];
  const read = (file: string) =>
    runBankReconciliation({ accounts, office }, policy, form, { entries: readCamt053([file]) });
  const decideByHand = async () => {
    for (const [n, each] of hand.entries()) {
      const day = each % kinds.length;
      const { decision } = await executeBank(office, policy, giro, byHand(kinds, day, `h${n}`));
      if (decision.accepted) played.byHand += 1;
      else expect(decision.rejection.type).toMatch(/AlreadyConfirmed$/);
    }
  };
  const [reports] = await Promise.all([Promise.all(files.map(read)), decideByHand()]);
  for (const { findings } of reports) {
    for (const finding of findings.first) {
      expect(['ENTRY_UNKNOWN', 'ENTRY_REFUSED', 'NOT_AT_BANK']).toContain(finding.code);
      if (finding.code === 'ENTRY_REFUSED') played.refused += 1;
    }
  }
  const { events } = await memory.read({ institution: 'north', stream: 'bank:GIRO' });
  // Nothing is left to post for a run that is alone, and the books are the bank's.
  const alone = await runBankReconciliation({ accounts, office: memory }, policy, form, {
    entries: readCamt053([statement(kinds, 0, last)]),
  });
  expect(alone.findings.first.filter(({ code }) => code !== 'ENTRY_UNKNOWN')).toEqual([]);
  expect(alone.confirmed.safeDeposit.count).toBe(0);
  await loadBankAccount(memory, giro);
  return events.map(({ event }) => event as BankEvent);
}

describe('two runs and a person at the same moment', () => {
  it('post each entry once', async () => {
    const property = fc.asyncProperty(worlds, async (world) => {
      const events = await play(world);
      const posted = events.flatMap(({ data }) => ('entryId' in data ? [data.entryId] : []));
      expect(new Set(posted).size).toBe(posted.length);
    });
    await assertVaried(property, tried(300), 80, () =>
      expect(Math.min(...Object.values(played))).toBeGreaterThan(5),
    );
  });

  it('post an entry twice in a store that does not compare versions', async () => {
    const world: World = {
      ...{ kinds: ['deposit', 'deposit'], from: 0, through: 1, isSame: true, byHand: [] },
      turns: Array<number>(40).fill(1),
    };
    await expect(play(world, { isChecked: true, isMet: true })).resolves.toHaveLength(4);
    await expect(play(world, { isChecked: false, isMet: true })).rejects.toThrow('CORRUPT_HISTORY');
  });
});
