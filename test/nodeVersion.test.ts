import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { assertNodeVersion } from '../src/nodeVersion.js';

describe('assertNodeVersion', () => {
  it.each(['18.20.8', '20.0.0', '20.18.3', '21.7.3', '22.0.0', '22.11.0', '4.9.1'])(
    'refuses Node %s, which cannot require ES modules, in one sentence',
    (node) => {
      expect(() => assertNodeVersion({ node })).toThrow(
        `patron-fees needs Node 20.19 or later (not 21, and 22 from 22.12 on); this is Node ${node}.`,
      );
    },
  );

  it.each(['20.19.0', '20.20.1', '22.12.0', '23.0.0', '24.1.0', '25.0.0-pre'])('accepts Node %s', (node) => {
    expect(() => assertNodeVersion({ node })).not.toThrow();
  });

  it('accepts browsers, and runtimes that only state a Node version', () => {
    expect(() => assertNodeVersion(undefined)).not.toThrow();
    expect(() => assertNodeVersion({})).not.toThrow();
    expect(() => assertNodeVersion({ node: '20.11.1', deno: '2.0.0' })).not.toThrow();
    expect(() => assertNodeVersion({ node: '18.0.0', bun: '1.0.0' })).not.toThrow();
  });

  it('accepts the lines of Node that package.json lists, and nothing below the lowest', () => {
    const { nodeLines, engines } = JSON.parse(
      readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
    ) as {
      readonly nodeLines: readonly string[];
      readonly engines: { readonly node: string };
    };
    for (const line of nodeLines) {
      const [major, minor = 0] = line.split('.').map(Number);
      expect(() => assertNodeVersion({ node: `${major}.${minor}.0` })).not.toThrow();
      if (minor > 0) expect(() => assertNodeVersion({ node: `${major}.${minor - 1}.0` })).toThrow();
    }
    expect(engines.node).toBe(`^${nodeLines[0]} || >=${nodeLines[1]}`);
  });
});
