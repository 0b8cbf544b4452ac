import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

/** Makes a server and starts it. PostgreSQL refuses to run as root: then it runs as the user `postgres`. */
export async function postgresServer(): Promise<PostgresServer> {
  const programs = folderOfPrograms();
  const user = process.getuid?.() === 0 ? idsOf('postgres') : undefined;
  const folder = mkdtempSync(join(tmpdir(), 'patron-fees-pg-'));
  chmodSync(folder, 0o755);
  if (user) chownSync(folder, user.uid, user.gid);
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
  await start();
  return {
    folder,
    connection,
    url: `postgres://postgres@localhost/postgres?host=${encodeURIComponent(folder)}`,
    kill: () => end('SIGKILL'),
    start,
    remove: async () => {
      await end('SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Debian keeps the server's programs beside those of other versions, out of the path. */
function folderOfPrograms(): string {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = versions.map((version) => join(debian, version, 'bin'));
  const found = [...folders, ...(process.env.PATH ?? '').split(':')].find((path) =>
    existsSync(join(path, 'initdb')),
  );
  if (found === undefined) throw new Error('PostgreSQL is missing: apt-get install -y postgresql');
  return found;
}

function idsOf(user: string): { uid: number; gid: number } {
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
