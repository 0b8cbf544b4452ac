import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { PostgresServer } from './postgresServer.js';
import { programPath } from './programs.js';

/** The settings of a pooler that matter to a store. */
export type PgBouncerSettings = {
  /** When a server connection returns to the pool: after each transaction, or when its client disconnects. */
  readonly mode: 'transaction' | 'session';
  /** How many named statements PgBouncer keeps for its clients on each server connection; 0 for none. */
  readonly maxPreparedStatements: number;
  /** The number of connections to the server. */
  readonly servers: number;
};

/** A running PgBouncer. */
export type PgBouncer = {
  /** The settings of a connection through it. */
  readonly connection: pg.PoolConfig;
  /** Stops it. */
  readonly stop: () => Promise<void>;
};

const PORT = 6432;

/** Starts a PgBouncer in front of a server, with its socket in a temporary folder. */
export async function startPgBouncer(
  server: PostgresServer,
  { mode, maxPreparedStatements, servers }: PgBouncerSettings,
): Promise<PgBouncer> {
  const folder = mkdtempSync(join(tmpdir(), 'patron-fees-pgb-'));
  // It runs as another user, see below.
  chmodSync(folder, 0o777);
  const file = join(folder, 'pgbouncer.ini');
  const settings = {
    listen_port: PORT,
    unix_socket_dir: folder,
    auth_type: 'any',
    pool_mode: mode,
    default_pool_size: servers,
    max_prepared_statements: maxPreparedStatements,
    ignore_startup_parameters: 'extra_float_digits',
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  const databases = `[databases]\npostgres = host=${server.folder} port=5432 user=postgres dbname=postgres`;
  writeFileSync(file, `${databases}\n[pgbouncer]\n${lines.join('\n')}\n`);
  // It refuses to run as root.
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const bouncer = spawn(programPath('pgbouncer') as string, ['-q', ...user, file], { stdio: 'ignore' });
  const ended = new Promise((resolve) => bouncer.once('exit', resolve));
  const endAtExit = () => bouncer.kill('SIGKILL');
  process.once('exit', endAtExit);
  const stop = async () => {
    bouncer.kill('SIGKILL');
    await ended;
    process.off('exit', endAtExit);
    rmSync(folder, { recursive: true, force: true });
  };
  const connection = { host: folder, port: PORT, user: 'postgres', database: 'postgres' };
  for (let left = 12_000; ; left--) {
    const client = new pg.Client(connection);
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return { connection, stop };
    } catch (error) {
      if (left > 0 && bouncer.exitCode === null) {
        await pause(50);
        continue;
      }
      await stop();
      throw error;
    }
  }
}
