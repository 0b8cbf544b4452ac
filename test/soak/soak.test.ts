import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Runs a soak as `npm run soak` does; can interrupt it after it has started. */
function run(args: readonly string[], interrupt = false) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/soak/run.ts', ...args], { cwd: root });
  let [out, err] = ['', ''];
  child.stdout.on('data', (text) => {
    out += text;
    if (interrupt) setTimeout(() => child.kill('SIGINT'), 2_000);
  });
  child.stderr.on('data', (text) => {
    err += text;
  });
  return new Promise<{ code: number | null; out: string; err: string }>((done) => {
    child.on('close', (code) => done({ code, out, err }));
  });
}

describe('npm run soak', () => {
  it('runs all histories on several processes', async () => {
    const { code, out } = await run(['--histories', '20', '--seed', '5', '--processes', '2']);
    expect(out).toMatch(/^Seed 5\.\n20 histories: [\d,]+ commands/);
    expect(code).toBe(0);
  });

  it('prints the story of the first batch that violates a law, and how to reproduce it', async () => {
    const given = ['--seed', '5', '--subject', 'test/soak/brokenSubject.ts'];
    const { code, out } = await run(['--histories', '50', ...given]);
    expect(out).toContain('Law 1 (conservation) does not hold');
    expect(out).toContain(
      `To reproduce: npm run soak -- --seed 5 --commands 20 --subject test/soak/brokenSubject.ts --only 0`,
    );
    expect(code).toBe(1);
    const again = await run(['--only', '0', ...given, '--processes', '1']);
    const story = /Law 1[\s\S]*?Once more/;
    expect(story.exec(again.out)?.[0]).toBe(story.exec(out)?.[0]);
    expect(again.code).toBe(1);
  });

  it('stops on Ctrl-C with the counts so far', async () => {
    // More than any machine runs before the test goes on.
    const { code, out } = await run(['--histories', '1000000000000', '--seed', '5'], true);
    expect(out).toMatch(
      /^Seed 5\.\nStopped before all 1000000000000 histories were run\.\n[\d,]+ histories: /,
    );
    expect(code).toBe(130);
  });

  it('reports invalid arguments and a missing subject', async () => {
    const { code, err } = await run(['--histories', 'many']);
    expect(err).toMatch(/^--histories: expected a whole number .*, found "many"\n\nUsage: npm run soak/);
    expect(code).toBe(2);
    const missing = await run(['--histories', '10', '--subject', 'no/such/file.ts']);
    expect(missing.err).toContain('The soak failed');
    expect(missing.code).toBe(2);
  });
});
