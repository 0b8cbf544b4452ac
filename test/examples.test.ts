import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { filesUnder } from './support/filesUnder.js';

const root = fileURLToPath(new URL('../', import.meta.url));
// The desk is a server; test/desk has its tests.
const examples = filesUnder(root, 'examples').filter(
  (path) => path.endsWith('.ts') && !path.startsWith('examples/desk/'),
);

afterEach(() => {
  vi.restoreAllMocks();
});

describe('every example runs and finds what it expects', () => {
  const { argv } = process;

  // A server listens where the system has a free port: its usual one may be taken on this machine.
  beforeAll(() => {
    process.argv = [...argv.slice(0, 2), '--port', '0'];
    vi.stubEnv('SHOP_PORT', '0');
  });

  afterAll(() => {
    process.argv = argv;
    vi.unstubAllEnvs();
  });

  it.each(examples)('%s', async (path) => {
    // An example prints what it finds; the report of this run is no place for it.
    vi.spyOn(console, 'log').mockImplementation(() => undefined);
    await import(/* @vite-ignore */ `${root}${path}`);
  });
});

it('npm start prints something, on a checkout that was never built', () => {
  const output = execFileSync('npm', ['start', '--silent'], { cwd: root, encoding: 'utf8' });
  expect(output.trim()).not.toBe('');
});
