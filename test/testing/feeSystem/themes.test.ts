import { describe, expect, it } from 'vitest';
import { feeSystemCapabilities, requestsFor } from '../../../src/testing/feeSystem/capabilities.js';
import { themesFor } from '../../../src/testing/feeSystem/themes.js';

describe('themes', () => {
  it('are fees and payments, each capability, and all of them together', () => {
    const themes = themesFor(feeSystemCapabilities);
    expect(themes.map(({ can }) => can[0])).toEqual([undefined, ...feeSystemCapabilities, 'paySeveralFees']);
    expect(themes.at(-1)?.can).toBe(feeSystemCapabilities);
    expect(new Set(themes.map(({ title }) => title)).size).toBe(themes.length);
  });

  it('use nothing of a system that it did not declare', () => {
    for (const capability of feeSystemCapabilities)
      for (const { can } of themesFor([capability])) expect([[], [capability]]).toContainEqual(can);
  });

  it('use what a capability shows itself by, where it is declared', () => {
    const can = (title: string) =>
      themesFor(feeSystemCapabilities).find((theme) => theme.title.includes(title))?.can;
    expect(can('refunds money')).toEqual(['refund', 'cancel', 'returnLostItem']);
    expect(can('reverses what was transferred')).toEqual([
      ...['reverseTransfers', 'transfer', 'waive', 'cancel', 'returnLostItem'],
    ]);
  });

  it('try most what they are about, and nothing that the system cannot do', () => {
    for (const { can, focus, title } of themesFor(feeSystemCapabilities)) {
      for (const name of focus) expect(requestsFor(can)).toContain(name);
      if (!title.includes('all of it')) expect(focus).not.toEqual([]);
    }
    const [, lonely] = themesFor(['reverseTransfers']);
    for (const name of lonely?.focus ?? []) expect(requestsFor(['reverseTransfers'])).toContain(name);
  });
});
