import { expect, it } from 'vitest';
import { entryPoints } from '../entryPoints.js';

// Its own test, since a file that cannot be loaded takes its tests with it and none of them is there to fail.
it.each(entryPoints)('$specifier can be loaded', async ({ specifier }) => {
  expect(Object.keys(await import(/* @vite-ignore */ specifier)).length).toBeGreaterThan(0);
});
