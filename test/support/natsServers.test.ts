import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { natsEventStore } from '../../src/stores/nats/index.js';
import { assessedFee } from './assessedFee.js';
import { prefixOf, startNatsServers } from './natsServers.js';
import { describeWith, programPath } from './programs.js';

let folder: string;

/** Returns the lines that the fake server has written: its process id and its configuration. */
const started = () =>
  readFileSync(join(folder, 'started'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(' ') as [id: string, config: string]);

function isRunning(id: string): boolean {
  try {
    return process.kill(Number(id), 0);
  } catch {
    return false;
  }
}

/** Puts a fake nats-server first in the path, which hangs if a shell condition is true. */
function hangIf(condition: string): void {
  const program = join(folder, 'nats-server');
  const lines = [
    '#!/bin/sh',
    `echo "$$ $2" >> ${folder}/started`,
    `if ${condition}; then exec sleep 600; fi`,
    `exec ${programPath('nats-server')} "$@"`,
  ];
  writeFileSync(program, lines.join('\n'));
  chmodSync(program, 0o755);
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'patron-fees-hanging-'));
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

describeWith(['nats-server'], 'a NATS cluster that does not form', () => {
  it('is stopped and restarted in new folders', async () => {
    // The third server of the first cluster never answers.
    hangIf(
      `case "$2" in */2.conf) ! ls ${folder}/hung 2>/dev/null && touch ${folder}/hung;; *) false;; esac`,
    );
    const servers = await startNatsServers(3, { formWithinMs: 2_000, attempts: 30 });
    const [[, begun]] = started() as [[string, string]];
    const first = started().filter(([, config]) => dirname(config) === dirname(begun));
    const now = started().slice(-3);
    await servers.newStream();
    const folders = (processes: typeof first) => new Set(processes.map(([, config]) => dirname(config)));
    expect(started().length).toBeGreaterThan(3);
    expect(folders(now)).not.toEqual(folders(first));
    expect([...folders(first)].filter((path) => existsSync(path))).toEqual([]);
    expect(first.filter(([id]) => isRunning(id))).toEqual([]);
    expect(now.filter(([id]) => isRunning(id))).toHaveLength(3);

    await servers.stop();
    expect(now.filter(([id]) => isRunning(id))).toEqual([]);
  });

  it('fails after some attempts, and leaves nothing running', async () => {
    hangIf('true');
    const start = startNatsServers(3, { formWithinMs: 5_000, attempts: 2 });
    await expect(start).rejects.toThrow('3 NATS servers did not form a cluster in 2 attempts');
    expect(new Set(started().map(([, config]) => dirname(config))).size).toBe(2);
    expect(started().filter(([id]) => isRunning(id))).toEqual([]);
  });

  it('is restarted at once if a server has ended', async () => {
    hangIf(`! ls ${folder}/ended 2>/dev/null && touch ${folder}/ended && exit 1`);
    const servers = await startNatsServers(1, { formWithinMs: 3_600_000 });
    expect(started()).toHaveLength(2);
    await servers.stop();
  });

  it('starts a server again that stays behind', async () => {
    // The third server hangs when it is started the second time.
    hangIf(`case "$2" in */2.conf) test "$(grep -c 2.conf ${folder}/started)" = 2;; *) false;; esac`);
    const servers = await startNatsServers(3, { catchUpWithinMs: 2_000 });
    onTestFinished(() => servers.stop());
    const stream = await servers.newStream();
    const store = natsEventStore({ ...(await servers.connect(0)), stream, prefix: prefixOf(stream) });
    await servers.kill(2);
    // The leader learns from what a server does not have that it is behind.
    await store.append({ institution: 'north', patronId: 'dverma' }, [assessedFee('f1')], {
      expectedVersion: 0,
    });
    servers.restart(2);
    await servers.untilWhole(stream);
    expect(started().filter(([, config]) => config.endsWith('/2.conf')).length).toBeGreaterThan(2);
  });
});
