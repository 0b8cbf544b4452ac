import { type PackageFiles, runCli } from './runCli.js';

/** The part of Node's `process` that the program uses. */
export type Process = Pick<NodeJS.Process, 'argv' | 'stdin' | 'stdout' | 'stderr' | 'on' | 'exit'>;

/** Why a program was told to end, and with which code it ends. */
class Stopped extends Error {
  constructor(readonly exitCode: number) {
    super('The program was interrupted.');
  }
}

/**
 * Runs the command line of a process, and ends it: 130 after an interrupt, 143 after a request to end, 141 if nobody
 * reads the output any more, as Unix programs do; otherwise the exit code of the command.
 */
export async function main(process: Process, files: PackageFiles): Promise<void> {
  const controller = new AbortController();
  const { signal } = controller;
  const stop = (exitCode: number) => () => {
    // The second time, at once.
    if (signal.aborted) process.exit(exitCode);
    controller.abort(new Stopped(exitCode));
  };
  process.on('SIGINT', stop(130));
  process.on('SIGTERM', stop(143));
  process.on('SIGHUP', stop(129));
  process.stdout.on('error', (error: Error & { code?: string }) =>
    controller.abort(error.code === 'EPIPE' ? new Stopped(141) : error),
  );
  // Nowhere to say it.
  process.stderr.on('error', () => {});
  const { argv, stdin: input, stdout: output, stderr: errors } = process;
  let exitCode: number = await runCli(argv.slice(2), { input, output, errors, signal, files });
  if (!signal.aborted) await new Promise((resolve) => output.write('', resolve));
  if (signal.aborted) exitCode = signal.reason instanceof Stopped ? signal.reason.exitCode : 2;
  if (signal.aborted && !(signal.reason instanceof Stopped))
    errors.write(`patron-fees: ${signal.reason.message}\n`);
  process.exit(exitCode);
}
