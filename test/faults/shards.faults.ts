import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { type EventStore, loadAccount, memoryEventStore } from '../../src/history/index.js';
import { balancesInMinorUnits } from '../../src/index.js';
import { type AccrualReport, runAccrual } from '../../src/jobs/index.js';
import { migrate } from '../../src/stores/postgres/index.js';
import { institution, policy } from '../jobs/accrual/nights.js';
import { bundledProgram } from '../support/bundledProgram.js';
import { startNatsServers } from '../support/natsServers.js';
import { newPool, postgresServer } from '../support/postgresServer.js';
import { openShared, type SharedPlace } from '../support/sharedStore.js';
import { nightOver, overdueLoans, PATRONS } from './accrualNights.js';

const program = fileURLToPath(new URL('./shardWorker.ts', import.meta.url));

const SHARES = 3;

/** Runs the process of a share until it has said so many lines, then kills it; gives what it said last. */
async function runUntil(place: SharedPlace, index: number, lines: number): Promise<string> {
  const given = [JSON.stringify(place), '9', String(index), String(SHARES)];
  const child = spawn(process.execPath, [bundledProgram(program), ...given], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  let [said, last] = [0, ''];
  for await (const line of createInterface({ input: child.stdout })) {
    last = line;
    said += 1;
    if (said === lines) child.kill('SIGKILL');
  }
  await ended;
  return last;
}

async function balancesIn(store: EventStore) {
  const all = [];
  for (let n = 0; n < PATRONS; n++) {
    const { account } = await loadAccount(store, { institution, patronId: `p${n}` });
    all.push({ events: account.eventCount, ...balancesInMinorUnits(account) });
  }
  return all;
}

/** Shares one night among processes, each of which is killed 3 times, and compares it with one process. */
async function expectSharedNight(place: SharedPlace, strike: () => Promise<void>): Promise<void> {
  const { store, close } = await openShared(place);
  const whole = memoryEventStore({ now: () => '2026-03-31T12:00:00Z' });
  for (const each of [whole, store]) {
    await runAccrual(each, policy, nightOver(6), { loans: overdueLoans(6) });
  }
  const expected = await runAccrual(whole, policy, nightOver(9), { loans: overdueLoans(9) });

  const running = Promise.all(
    Array.from({ length: SHARES }, async (_, index) => {
      for (const lines of [1, 200 + 50 * index, 500]) await runUntil(place, index, lines);
      return JSON.parse(await runUntil(place, index, -1)) as AccrualReport;
    }),
  );
  await strike();
  const reports = await running;

  expect(await balancesIn(store)).toEqual(await balancesIn(whole));
  const sum = (figure: (report: AccrualReport) => number) =>
    reports.reduce((total, report) => total + figure(report), 0);
  for (const figure of [
    (report: AccrualReport) => report.loans,
    (report: AccrualReport) => report.findings.count,
    (report: AccrualReport) => report.total.ended,
    (report: AccrualReport) => report.total.charged.count,
    (report: AccrualReport) => report.total.increased.count,
    (report: AccrualReport) => report.total.decreased.count,
    (report: AccrualReport) => Math.round(100 * Number(report.total.increased.amount)),
  ]) {
    expect(sum(figure)).toBe(figure(expected));
  }
  expect(sum(({ earlier }) => earlier)).toBeGreaterThan(0);
  await close();
}

it(`${SHARES} processes share one job over PostgreSQL; each is killed (kill -9) 3 times, and nothing is done twice`, async () => {
  const server = await postgresServer();
  const pool = newPool(server.connection);
  await migrate(pool);
  await pool.end();
  await expectSharedNight({ postgres: server.folder }, async () => undefined);
  await server.remove();
});

for (const streams of [1, 2]) {
  it(`${SHARES} processes share one job over NATS, ${streams} stream(s); each is killed 3 times, and the leader too`, async () => {
    const servers = await startNatsServers(3);
    try {
      const names: string[] = [];
      for (let n = 0; n < streams; n++) names.push(await servers.newStream());
      // Some seconds after the processes have started.
      const strike = async () => {
        await pause(6_000);
        const leader = await servers.leaderOf(names[institution.length % streams] as string);
        await servers.kill(leader);
        await pause(3_000);
        servers.restart(leader);
      };
      await expectSharedNight({ nats: servers.addresses, streams: names }, strike);
    } finally {
      await servers.stop();
    }
  });
}
