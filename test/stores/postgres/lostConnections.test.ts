import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { bundledProgram } from '../../support/bundledProgram.js';
import { postgresServer } from '../../support/postgresServer.js';

const program = fileURLToPath(new URL('../../support/lostConnections.ts', import.meta.url));

/** As the driver reports it: with the server's reason, or from the next statement on. */
const lost = expect.stringMatching(/^57P01$|not queryable|terminated/);

it('a program without any listener survives the loss of connections that the store uses', async () => {
  const server = await postgresServer();
  const child = spawn(process.execPath, [bundledProgram(program), server.folder]);
  let output = '';
  let problems = '';
  child.stdout.on('data', (part) => {
    output += part;
  });
  child.stderr.on('data', (part) => {
    problems += part;
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  await server.remove();
  expect([code, problems]).toEqual([0, '']);
  expect(JSON.parse(output)).toEqual({
    'between statements': lost,
    'in a statement': lost,
    afterwards: 'done',
    version: 1,
    listens: true,
    release: lost,
    takenAgain: true,
  });
});
