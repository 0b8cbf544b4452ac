import { describe, expect, it } from 'vitest';
import { feeSystemCapabilities, requestsFor } from '../../../src/testing/feeSystem/capabilities.js';
import { themesFor } from '../../../src/testing/feeSystem/themes.js';

describe('themes', () => {
  it('are: fees and payments, each capability, all together', () => {
    const themes = themesFor(feeSystemCapabilities);
    expect(themes.map(({ can }) => can[0])).toEqual([undefined, ...feeSystemCapabilities, 'paySeveralFees']);
    expect(themes.at(-1)?.can).toBe(feeSystemCapabilities);
    expect(new Set(themes.map(({ title }) => title)).size).toBe(themes.length);
  });

  it('use only declared capabilities', () => {
    for (const capability of feeSystemCapabilities)
      for (const { can } of themesFor([capability])) expect([[], [capability]]).toContainEqual(can);
  });

  it('use the declared capabilities in which a defect shows', () => {
    const can = (title: string) =>
      themesFor(feeSystemCapabilities).find((theme) => theme.title.includes(title))?.can;
    expect(can('refunds money')).toEqual(['refund', 'cancel', 'returnLostItem']);
    expect(can('reverses what was transferred')).toEqual([
      'reverseTransfers',
      'transfer',
      'waive',
      'cancel',
      'returnLostItem',
    ]);
  });

  it('prefer requests of their capability and skip what the system lacks', () => {
    for (const { can, focus, title } of themesFor(feeSystemCapabilities)) {
      for (const name of focus) expect(requestsFor(can)).toContain(name);
      if (!title.includes('all of it')) expect(focus).not.toEqual([]);
    }
    const [, lonely] = themesFor(['reverseTransfers']);
    for (const name of lonely?.focus ?? []) expect(requestsFor(['reverseTransfers'])).toContain(name);
  });
});
