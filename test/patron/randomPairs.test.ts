import fc from 'fast-check';
import { expect, it } from 'vitest';
import { memoryEventStore } from '../../src/history/index.js';
import { checkPair, pairs } from '../support/mergedPairs.js';
import { assertVaried, LAW_TIMEOUT_MS, seeded } from '../support/seeded.js';

it(
  'a merge changes no figure, no undo, no late webhook and no late answer of the bursar, wherever it is interrupted (property)',
  async () => {
    const counts = { undos: 0, webhooks: 0, late: 0 };
    await assertVaried(
      fc.asyncProperty(pairs, async (pair) => {
        const store = memoryEventStore({ now: () => '2026-06-01T09:00:00Z' });
        const { undos, webhooks, late } = await checkPair(store, 'north', pair);
        counts.undos += undos;
        counts.webhooks += webhooks;
        counts.late += late;
      }),
      seeded('merged pairs'),
      50,
      () => {
        expect(counts.undos).toBeGreaterThan(50);
        expect(counts.webhooks).toBeGreaterThan(0);
        expect(counts.late).toBeGreaterThan(0);
      },
    );
  },
  LAW_TIMEOUT_MS,
);
