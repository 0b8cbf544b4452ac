// The desk: `npm run desk`, then open the address that it prints. DESK_FILE keeps its data, DESK_PORT chooses the port,
// DESK_HOSTS names the hosts by which browsers reach it behind a proxy, separated by commas. DESK_PAYMENTS=off: fines are
// paid in the student system.
import { serve } from '@hono/node-server';
import { deskApp } from './app.js';
import { openDesk, policyWithoutPayments } from './desk.js';
import { addSamplePatrons } from './samplePatrons.js';

const desk = openDesk(
  process.env.DESK_FILE ?? ':memory:',
  process.env.DESK_PAYMENTS === 'off' ? { policy: policyWithoutPayments } : {},
);
await addSamplePatrons(desk, 300);
const server = serve(
  {
    fetch: deskApp(desk, process.env.DESK_HOSTS?.split(',')).fetch,
    hostname: '127.0.0.1',
    port: Number(process.env.DESK_PORT ?? 8787),
  },
  ({ port }) =>
    console.log(
      `The desk is open at http://127.0.0.1:${port}/\nE-mails to patrons are written to ${desk.outbox.folder}`,
    ),
);
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => server.close(() => desk.database.close()));
