import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { deskApp } from '../../../examples/desk/app.js';
import type { Desk } from '../../../examples/desk/desk.js';

/** A desk that is open in this process. */
export type DeskServer = { readonly site: string; readonly stop: () => Promise<void> };

/** Serves a desk on a port of its own. */
export async function startDesk(desk: Desk, port = 0): Promise<DeskServer> {
  const server = serve({ fetch: deskApp(desk).fetch, hostname: '127.0.0.1', port }) as Server;
  if (!server.listening) await new Promise((resolve) => server.once('listening', resolve));
  return {
    site: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
