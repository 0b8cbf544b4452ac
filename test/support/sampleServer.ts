import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** A sample server in a process of its own. */
export type SampleServer = {
  readonly port: number;
  /** Kills the process, as a power failure would, and waits for its end. */
  readonly kill: () => Promise<void>;
};

/** Starts `examples/servers/<name>.ts` on a free port, as `npm run <name> -- --port 0 --file <file>` does. */
export async function sampleServer(name: string, file: string): Promise<SampleServer> {
  const command = ['--import', 'tsx', `examples/servers/${name}.ts`, '--port', '0', '--file', file];
  const child = spawn(process.execPath, command, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await Promise.race([
    once(createInterface(child.stdout), 'line'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`${name} ended with ${code}`))),
  ])) as [string];
  const port = Number(/:(\d+)/.exec(line)?.[1]);
  if (!(port > 0)) throw new Error(`no port in "${line}"`);
  return { port, kill: () => kill(child) };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
