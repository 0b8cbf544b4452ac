import { Command, CommanderError, Option } from 'commander';
import { openStore, withoutPassword } from './openStore.js';
import { type ExitCode, print, report, sentenceOf, type Terminal } from './terminal.js';

export type { PackageFiles } from './terminal.js';

const sources = 'Events of patrons’ fees are in files, sqlite:FILE, postgres:URL or nats:URL.';
const exitCodes = 'Exit codes: 0 done, 1 findings or differences, 2 not done, 130 interrupted.';

/**
 * Runs a command line.
 *
 * @param args - the words after the name of the program
 * @param terminal - the streams, and the signal of an interrupt
 * @returns the exit code
 */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  const program = commandLine(terminal, (code) => {
    exitCode = code;
  });
  try {
    // People try it, and the list of commands has no room for it.
    const [help, ...rest] = args;
    await program.parseAsync(help === 'help' ? [...rest.slice(0, 1), '--help'] : [...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    // Whoever wrote the sentence may have been given an address as it was.
    const sentence = args.reduce(
      (text, word) => (word === '' ? text : text.replaceAll(word, () => withoutPassword(word))),
      sentenceOf(error),
    );
    if (!terminal.signal.aborted) report(terminal, `patron-fees: ${sentence}`);
    return 2;
  }
}

const policyOption = () => new Option('--policy <file>', 'the policy, JSON as definePolicy takes it');
const currencyOption = () => new Option('--currency <code>', 'of the default policy, USD if left out');
const keysOption = () => new Option('--keys <store>', 'of its encrypted texts: sqlite:FILE, postgres:URL');
const jsonOption = () => new Option('--json', 'JSON lines instead of text');

/** Declares all commands. What they run is loaded when it is needed. */
function commandLine(terminal: Terminal, done: (code: ExitCode) => void): Command {
  const program = new Command('patron-fees')
    .version(terminal.files.version)
    .helpCommand(false)
    // Otherwise the `--` before the program of `compare` is lost.
    .enablePositionalOptions()
    .usage('COMMAND [options]')
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.output.write(text),
      writeErr: (text) => terminal.errors.write(text),
      getOutHelpWidth: () => 80,
      getErrHelpWidth: () => 80,
    })
    .showHelpAfterError('Run patron-fees --help, or patron-fees COMMAND --help.');
  program.addHelpText('after', `\n${sources}\n${exitCodes}`);

  program
    .command('validate')
    .argument(
      '<source...>',
      'files of events, JSON lines; - for the standard input; or stores: sqlite:FILE, postgres:URL, nats:URL',
    )
    .description('check events: their shape, and whether each fits')
    .addOption(jsonOption())
    .action(async (sources, options) => {
      const { validate } = await import('./commands/validate.js');
      done(await validate(terminal, sources, options));
    });

  program
    .command('replay')
    .argument(
      '<source>',
      'a file of events, JSON lines; - for the standard input; or a store: sqlite:FILE, postgres:URL, nats:URL',
    )
    .description('print balances and open rows of accounts')
    .option('--patron <id>', 'only this patron')
    .option('--as-of <time>', 'as of a time, such as 2026-03-31T23:59:59Z')
    .option('--all', 'closed rows too')
    .addOption(policyOption())
    .addOption(jsonOption())
    .action(async (source, options) => {
      const { replay } = await import('./commands/replay.js');
      done(await replay(terminal, source, options));
    });

  program
    .command('explain')
    .argument(
      '<source>',
      'a file of commands or events, JSON lines; - for the standard input; or a store: sqlite:FILE, postgres:URL, nats:URL',
    )
    .description('write a page to step through a story, an account or a stream')
    .option('-o, --output <file>', 'the page; the standard output if left out')
    .option('--patron <id>', 'only this patron')
    .addOption(
      new Option('--stream <name>', 'only this stream of the office, such as till:CIRC').conflicts('patron'),
    )
    .option('--institution <id>', 'of this institution, if several have a patron or a stream with this id')
    .addOption(keysOption())
    .action(async (source, options) => {
      const { explain } = await import('./commands/explain.js');
      done(await explain(terminal, source, options));
    });

  program
    .command('diff')
    .argument('<source>', 'a file of events, JSON lines; or a store: sqlite:FILE, postgres:URL, nats:URL')
    .argument('<other>', 'another one')
    .description('find the first event of each account that differs')
    .addOption(policyOption())
    .addOption(jsonOption())
    .action(async (source, other, options) => {
      const { diff } = await import('./commands/diff.js');
      done(await diff(terminal, [source, other], options));
    });

  program
    .command('export')
    .argument('<source>', 'a store: sqlite:FILE, postgres:URL, nats:URL; or a file of events')
    .description('write events as JSON lines')
    .option('-o, --output <file>', 'the file; the standard output if left out')
    .option('--patron <id>', 'only this patron')
    .addOption(keysOption())
    .action(async (source, options) => {
      const { exportEvents } = await import('./commands/exportEvents.js');
      done(await exportEvents(terminal, source, options));
    });

  program
    .command('copy')
    .argument('<source>', 'a store: sqlite:FILE, postgres:URL, nats:URL; or a file of events')
    .argument('<store>', 'the store to copy to, created if it is missing; or jsonl:FILE')
    .description('copy events to another store; again to continue')
    .option('--institution <id>', 'of a file whose events do not name it')
    .option('--patron <id>', 'of a file whose events do not name one')
    .option('--office <store>', 'the office of the accounts: tills, receipts, bank, seals')
    .option('--to-office <store>', 'the store to copy the office to, created if it is missing')
    .addOption(keysOption())
    .action(async (source, store, options) => {
      const { copy } = await import('./commands/copy.js');
      done(await copy(terminal, source, store, options));
    });

  program
    .command('migrate')
    .argument('<store>', 'sqlite:FILE, postgres:URL or nats:URL')
    .description('create the tables or the stream of a store')
    .action(async (store) => {
      await (await openStore(store, true)).close();
      await print(terminal, `${withoutPassword(store)} is ready\n`);
    });

  program
    .command('verify')
    .argument('[source]', 'a store: sqlite:FILE, postgres:URL, nats:URL; or a file of events')
    .description('check all accounts, the seals, the files of closed months')
    .option('--seals <folder>', 'the files of the seals')
    .option('--office <store>', 'the store where the seals are recorded')
    .option('--files <folder>', 'the files of closed months')
    .option('--institution <id>', 'whose seals and files')
    .option('--anchor <seal>', 'number and total of a seal, as a closing printed them: "3 9f86..."')
    .addOption(policyOption())
    .addOption(jsonOption())
    .action(async (source, options) => {
      const { verify } = await import('./commands/verify.js');
      done(await verify(terminal, source, options));
    });

  program
    .command('import')
    .argument('<system>')
    .argument('[file...]')
    .description('import koha, folio, evergreen, alma, balances; --into records')
    .requiredOption('--institution <id>', 'the institution of the accounts')
    .option('--into <store>', 'the store to record in, created if it is missing')
    .option('--office <store>', 'of balances: records each file, created if missing')
    .option('--again', 'a file that another job has imported (balances)')
    .option('--map <file>', 'code names: feeTypes, owners, methods, reasons')
    .option('--time-zone <zone>', 'of local times, such as America/New_York')
    .option('--dates <form>', 'if not YYYY-MM-DD, such as DD.MM.YYYY')
    .option('--decimal <sign>', '"," for 1.250,00 or "." for 1,250.00')
    .option('--delimiter <sign>', 'of cells, or tab; any file is CSV then')
    .option('--system <name>', 'of balances: what their ids begin with')
    .option('--owner <library>', 'of fees whose row names none')
    .option('--payment-method <code>', 'of payments whose row names none (alma)')
    .option('--withdrawn', 'missing rows of earlier imports were withdrawn')
    .option('--job <id>', 'of the import, the same to continue it')
    .addOption(keysOption())
    .addOption(policyOption())
    .addOption(currencyOption())
    .addOption(jsonOption())
    .action(async (system, files, options) => {
      const { importAccounts } = await import('./commands/importAccounts.js');
      done(await importAccounts(terminal, system, files, options));
    });

  program
    .command('compare')
    .argument('[program...]', 'the program of the fee system and its arguments, after --')
    .description('compare a fee system in another language')
    .usage('[options] -- PROGRAM ARGUMENTS...')
    .showHelpAfterError('A program that has options goes last: patron-fees compare -- java -jar fees.jar')
    .option('--command <word...>', 'or the program and its arguments, if they have no options')
    .option('--url <url>', 'or the address of a server')
    .option('--alma <url>', 'or an Alma; --with library=...')
    .option('--koha <url>', 'or a Koha; --with library=... category=...')
    .option('--folio <url>', 'or a FOLIO; --with tenant=... owner=... servicePoint=...')
    .option('--sip2 <host:port>', 'of one of these: pays over SIP2, as terminals do')
    .option('--with <pair...>', 'what these need; credentials are in the environment')
    .option('--record <file>', 'of one of these: writes what is sent and answered')
    .option('--against <what>', 'account, as our account does; or laws, for a system that differs on purpose')
    .option('--timeout <seconds>', 'how long a reply may take', '10')
    .option('--format <format>', 'text, tap or junit', 'text')
    .option('--seed <number>', 'repeats a comparison')
    .option('--runs <number>', 'the random stories for each case')
    .addOption(policyOption())
    .action(async (program, options) => {
      const { compare } = await import('./commands/compare.js');
      done(await compare(terminal, program, options));
    });

  program
    .command('explore')
    .argument('[policy]', 'the policy, JSON as definePolicy takes it; the default policy if left out')
    .description('check every story of a small world under a policy')
    .option('--fees <list>', 'types and minor units: LOST:2, FINE:1:grows; 2 of a lost item if left out')
    .option('--rows <number>', 'payments, waivers, credits ... at once, of each kind', '1')
    .option('--depth <number>', 'the most commands of a story')
    .option('--pair-depth <number>', 'up to which both orders of two commands are compared', '3')
    .option('--states <number>', 'the most states', '100000')
    .option('--seconds <number>', 'the most seconds')
    .addOption(currencyOption())
    .addOption(jsonOption())
    .action(async (policy, options) => {
      const { explore } = await import('./commands/explore.js');
      done(await explore(terminal, policy, options));
    });

  program
    .command('serve')
    .argument('<protocol>', 'alma, koha, folio or sip2')
    .argument('<store>', 'sqlite:FILE, postgres:URL or nats:URL')
    .description('serve a store to clients of Alma, Koha or FOLIO, or SIP2')
    .requiredOption('--institution <id>', 'the institution of the accounts')
    .option('--port <number>', 'the port; 8080, 8081, 8082 or 6001 if left out, 0 for a free one')
    .option('--host <address>', 'where to listen', '127.0.0.1')
    .option('--office <store>', 'of koha: the store of the office, whose tills are cash registers')
    .option('--tills <till=library...>', 'of koha: these tills, and the libraries that they belong to')
    .addOption(keysOption())
    .addOption(policyOption())
    .addOption(currencyOption())
    .action(async (protocol, store, options) => {
      const { serve } = await import('./commands/serve.js');
      done(await serve(terminal, protocol, store, options));
    });

  program
    .command('schema')
    .argument('[name]', 'the schema to print; a list of them if left out')
    .description('print a JSON Schema, or list them')
    .addOption(jsonOption())
    .action(async (name, options) => {
      const { schema } = await import('./commands/packageFile.js');
      done(await schema(terminal, name, options));
    });

  program
    .command('vectors')
    .argument('[name]', 'the file to print; a list of them if left out')
    .description('print test vectors for other languages, or list them')
    .addOption(jsonOption())
    .action(async (name, options) => {
      const { vectors } = await import('./commands/packageFile.js');
      done(await vectors(terminal, name, options));
    });

  return program;
}
