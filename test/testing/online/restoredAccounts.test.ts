// Accounts that are restored from a backup that is older than the office, after any story of a provider.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { reversedOf } from '../../../src/account/records.js';
import { memoryEventStore } from '../../../src/history/index.js';
import type { OnlineFinding } from '../../../src/online/onlineFinding.js';
import { type SettlePartForm, settleOnlinePart } from '../../../src/online/settle/settleOnlinePart.js';
import { usualPolicies } from '../../../src/testing/arbitraries/policies.js';
import { isOnline, manager, PATRONS, retry, type World } from '../../../src/testing/online/onlineWorld.js';
import { endFinding } from '../../../src/testing/online/persons.js';
import { playProviderStory } from '../../../src/testing/online/playProviderStory.js';
import { providerStories } from '../../../src/testing/online/providerStory.js';
import { LAW_TIMEOUT_MS, tried } from '../../support/seeded.js';

/**
 * What the accounts have of the provider's money, in minor units: received, less what went back. Together, since what staff
 * had entered or undone in one of them may be lost.
 */
async function netOf(world: World): Promise<number> {
  let sum = 0;
  for (const patronId of PATRONS) {
    const { payments, refunds } = await world.account(patronId);
    for (const one of payments.filter(isOnline)) sum += one.amount - reversedOf(one);
    for (const one of refunds.filter(isOnline)) sum -= one.reversed ? 0 : one.amount;
  }
  return sum;
}

/** Puts the first events of the accounts into the place of all. */
async function restoreAccounts({ stores, at }: World, part: number): Promise<void> {
  const now = () => at();
  const restored = memoryEventStore({ now });
  const { events } = await stores.accounts.readAll({ limit: 10_000 });
  for (const { event, version, institution, patronId } of events.slice(0, Math.floor(events.length * part)))
    await restored.append({ institution, patronId }, [event], { expectedVersion: version - 1 });
  Object.assign(stores, { accounts: restored });
}

/** People end what a run without a cursor finds. Returns how many records were lost. */
async function endAll(world: World): Promise<number> {
  let lost = 0;
  for (let round = 0; round < 12; round++) {
    world.wait(60 * 25);
    await world.monitor('silent', world.stores, null);
    const { findings } = world.seen;
    if (findings.length === 0) return lost;
    for (const [index, finding] of findings.entries()) {
      if (finding.code !== 'RECORD_LOST') await endFinding(world, finding, round + index, world.stores);
      else {
        lost += 1;
        expect(await recordAnew(world, finding), finding.message).toMatchObject({ accepted: true });
      }
    }
  }
  throw new Error(`findings that nobody could end: ${JSON.stringify(world.seen.findings)}`);
}

function recordAnew(world: World, finding: OnlineFinding) {
  const { onlinePaymentId, externalTransactionId, patronId, message } = finding;
  const kind = message.includes(' was taken ') ? 'capture' : 'return';
  const part = { onlinePaymentId, externalTransactionId, patronId, kind, what: 'record' } as const;
  const form = { institution: world.institution, ...part, reason: 'restored', at: world.at(), by: manager };
  return settleOnlinePart(world.stores, world.rules, form as SettlePartForm, { retry });
}

it(
  'have all money of the provider again once what a run names is recorded anew',
  async () => {
    let lost = 0;
    const property = fc.asyncProperty(
      providerStories(fc, usualPolicies, 30),
      fc.double({ min: 0, max: 1, noNaN: true }),
      async (story, part) => {
        const world = await playProviderStory(story);
        const before = await netOf(world);
        await restoreAccounts(world, part);
        lost += await endAll(world);
        expect(await netOf(world)).toBe(before);
      },
    );
    // Always the same stories.
    const { numRuns } = tried(400);
    await fc.assert(property, { seed: 39, numRuns });
    if (numRuns >= 60) expect(lost).toBeGreaterThan(20);
  },
  LAW_TIMEOUT_MS,
);
