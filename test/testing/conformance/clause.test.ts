import { describe, expect, it } from 'vitest';
import { versionConflict } from '../../../src/history/index.js';
import { refused, settled } from '../../../src/testing/conformance/clause.js';

describe('refused', () => {
  const conflict = versionConflict({ institution: 'north', patronId: 'p1' }, 0, 1);

  it('returns the details of the expected error', async () => {
    const call = () => Promise.reject(conflict);
    expect(await refused('VERSION_CONFLICT', call, 'append')).toMatchObject({ expected: 0, actual: 1 });
  });

  it('fails if the call succeeds, or rejects with another error', async () => {
    await expect(refused('VERSION_CONFLICT', async () => 1, 'append')).rejects.toThrow(/it was accepted/);
    const other = () => Promise.reject(new Error('no'));
    await expect(refused('VERSION_CONFLICT', other, 'append')).rejects.toThrow(/append/);
  });
});

it('settled distinguishes a value from an error', async () => {
  expect(await settled(async () => 1)).toEqual({ value: 1 });
  expect(await settled(() => Promise.reject(2))).toEqual({ error: 2 });
});
