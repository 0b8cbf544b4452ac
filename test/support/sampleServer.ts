import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { bundledProgram } from './bundledProgram.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** A sample server in a process of its own. */
export type SampleServer = {
  readonly port: number;
  /** What it printed first. */
  readonly line: string;
  /** Kills the process, as a power failure would, and waits for its end. */
  readonly kill: () => Promise<void>;
};

/** Starts `examples/servers/<name>.ts` on a free port, as `npm run <name> -- --port 0 --file <file>` does, with an API key. */
export async function sampleServer(name: string, file: string, key?: string): Promise<SampleServer> {
  const options = ['--port', '0', '--file', file, ...(key === undefined ? [] : ['--key', key])];
  const program = bundledProgram(join(root, `examples/servers/${name}.ts`));
  const child = spawn(process.execPath, [program, ...options], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await Promise.race([
    once(createInterface(child.stdout), 'line'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`${name} ended with ${code}`))),
  ])) as [string];
  const port = Number(/:(\d+)/.exec(line)?.[1]);
  if (!(port > 0)) throw new Error(`no port in "${line}"`);
  return { port, line, kill: () => kill(child) };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
