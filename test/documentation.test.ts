import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Run, runProgram } from './support/documentation/claims.js';
import { blocksOfDocComments, blocksOfMarkdown, type CodeBlock } from './support/documentation/codeBlocks.js';
import { claimedLines, type Program, programsOf } from './support/documentation/program.js';
import { filesUnder } from './support/filesUnder.js';
import { startNatsServers } from './support/natsServers.js';
import { postgresServer } from './support/postgresServer.js';
import { describeWith, type Program as MachineProgram } from './support/programs.js';

const root = fileURLToPath(new URL('../', import.meta.url));

const read = (file: string) => readFileSync(join(root, file), 'utf8');

const pages = [...filesUnder(root, 'docs'), 'README.md'].filter(
  (file) => file.endsWith('.md') && existsSync(join(root, file)),
);
const sources = filesUnder(root, 'src').filter((file) => file.endsWith('.ts'));

const documented = new Map(
  [
    ...pages.map((file) => [file, blocksOfMarkdown(file, read(file))] as const),
    ...sources.map((file) => [file, blocksOfDocComments(file, read(file))] as const),
  ].filter(([, blocks]) => blocks.length > 0),
);

/** Pages with one mistake each, which show that the checks can fail. */
const faulty = {
  'a wrong value': 'const sum = 1 + 1;\nsum; //=> 3',
  'a wrong value on several lines': '({ a: [1] });\n//=> {\n//     a: [2],\n//   }',
  'an error that is not thrown': 'JSON.parse("1"); //=> throws INVALID_POLICY',
  'a claim that is never reached': 'if (Date.now() < 0) {\n  1; //=> 1\n}',
  'a claim without an expression': 'const sum = 1 + 1;\n\n//=> 2',
  'code that throws': 'JSON.parse("{");',
  'code that does not compile': 'const sum: string = 1 + 1;\nsum; //=> 2',
  'an import that does not exist': "import { noSuchThing } from 'patron-fees';\nvoid noSuchThing;",
};

const right = [
  'const sum = 1 + 1; //=> 2',
  'console.log({ sum }); //=> { sum: 2 }',
  'await Promise.resolve([sum,',
  '  3]);',
  '//=> [',
  '//     2,',
  '//     3,',
  '//   ]',
  'try { sum; //=> 2',
  '} finally { sum + 1 //=> 3',
  '}',
  "(() => { throw Object.assign(new Error('no'), { code: 'NO' }) })(); //=> throws NO",
  "await Promise.reject(Object.assign(new Error('no'), { code: 'NO' })); //=> throws NO",
].join('\n');

const samples = Object.entries(faulty).map(
  ([title, code], index) => [title, blocksOfMarkdown(`sample-${index}.md`, page(code))] as const,
);
const rightSample = blocksOfMarkdown('sample-right.md', `${page(right)}\nGoes on:\n${page('sum; //=> 2')}`);

const programs = [...documented.values(), ...samples.map(([, blocks]) => blocks), rightSample].flatMap(
  programsOf,
);

/** A compiler error, with its line on the page. */
interface CompilerError {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

let compilerErrors: readonly CompilerError[] = [];
const runs = new Map<Program, Promise<Run>>();

/** A server that the code of pages connects to, by the address in an environment variable. */
type Server = {
  readonly variable: string;
  /** The programs that it needs. */
  readonly programs: readonly MachineProgram[];
  readonly start: () => Promise<{ readonly address: string; readonly end: () => Promise<void> }>;
};

const serversOfPages: readonly Server[] = [
  {
    variable: 'DATABASE_URL',
    programs: [],
    start: async () => {
      const { url, remove } = await postgresServer();
      return { address: url, end: remove };
    },
  },
  {
    variable: 'NATS_SERVERS',
    programs: ['nats-server'],
    start: async () => {
      const { addresses, stop } = await startNatsServers(3);
      return { address: addresses.join(','), end: stop };
    },
  },
];

/** Functions that stop the started servers; called after all tests, because pages may still be closing connections. */
const running = new Map<string, () => Promise<void>>();

beforeAll(async () => {
  for (const { path, text } of programs) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  compilerErrors = await compilerErrorsIn(programs.map(({ path }) => path));
  // Examples may print; keep that out of the test report.
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
});

afterAll(async () => {
  vi.restoreAllMocks();
  await Promise.all([...running.values()].map((end) => end()));
  vi.unstubAllEnvs();
});

it('finds code blocks in the README and in doc comments', () => {
  expect(documented.has('README.md')).toBe(true);
  expect(sources.some((file) => documented.has(file))).toBe(true);
});

for (const [file, blocks] of documented) {
  const servers = serversOfPages.filter(({ variable }) => blocks.some(({ code }) => code.includes(variable)));
  const programs = servers.flatMap((server) => server.programs);
  describeWith(programs, file, () => {
    for (const server of servers) useServer(server);
    it.each(blocks)('has true claims in the block at line $line', async (block) => {
      expect(await faultsOf(block)).toEqual([]);
    });
  });
}

describe('the check itself', () => {
  it.each(samples)('reports %s', async (_title, blocks) => {
    const faults = await Promise.all(blocks.map(faultsOf));
    expect(faults.flat()).not.toEqual([]);
  });

  it('accepts every form of a true claim', async () => {
    for (const block of rightSample) expect(await faultsOf(block)).toEqual([]);
    expect(rightSample.flatMap(claimedLines)).toHaveLength(8);
  });

  it('compiles a `no-run` block but does not run it', async () => {
    const [block] = blocksOfMarkdown('x.md', page('throw 1;', ' no-run'));
    expect(block && programsOf([block]).map(({ runs }) => runs)).toEqual([false]);
  });
});

/** Starts a server before the tests of the first page that uses it. */
function useServer({ variable, start }: Server): void {
  beforeAll(async () => {
    if (running.has(variable)) return;
    const { address, end } = await start();
    running.set(variable, end);
    vi.stubEnv(variable, address);
  });
}

/** The faults of a block, each with its file and line. */
async function faultsOf(block: CodeBlock): Promise<string[]> {
  const program = programs.find(({ blocks }) => blocks.includes(block));
  if (!program) throw new Error('every block belongs to a program');
  const within = (line: number) => line >= block.line && line <= block.end;
  const faults = compilerErrors
    .filter(({ path, line }) => path === program.path && (within(line) || line === 0))
    .map(({ line, message }) => `${block.file}:${line} does not compile: ${message}`);
  if (!program.runs) return faults;
  if (!runs.has(program)) runs.set(program, runProgram(join(root, program.path)));
  const { claims, block: lastBlock, thrown } = (await runs.get(program)) as Run;
  if (thrown && (lastBlock === block.line || lastBlock === 0)) {
    faults.push(`${block.file}:${block.line} throws: ${String(thrown.error)}`);
  } else if (thrown && lastBlock < block.line) {
    faults.push(`${block.file}:${block.line} is not reached: the block at line ${lastBlock} throws`);
  }
  for (const line of claimedLines(block)) {
    const failure = claims.get(line);
    if (failure) faults.push(`${block.file}:${line} is wrong: ${String(failure)}`);
    else if (!claims.has(line))
      faults.push(`${block.file}:${line} is not checked: no expression before it was run`);
  }
  return faults;
}

function page(code: string, words = ''): string {
  return [`\`\`\`ts${words}`, code, '```'].join('\n');
}

/** Compiles modules of code blocks all at once, because the library is most of the work; the native compiler is the fastest. */
async function compilerErrorsIn(paths: readonly string[]): Promise<CompilerError[]> {
  const project = '.blocks/tsconfig.json';
  const files = paths.map((path) => `../${path}`);
  writeFileSync(
    join(root, project),
    JSON.stringify({ extends: '../tsconfig.json', files, include: [], exclude: [] }),
  );
  const words = ['node_modules/typescript-7/bin/tsc', '--noEmit', '--pretty', 'false', '-p', project];
  const { stdout } = await promisify(execFile)(process.execPath, words, { cwd: root }).catch(
    (failed: { readonly stdout: string }) => failed,
  );
  // The lines that follow an error are indented.
  return stdout
    .split(/\n(?! )/)
    .filter((text) => text !== '')
    .map((text) => {
      const [, path, line, message] = /^(.*?)\((\d+),\d+\): (.*)$/s.exec(text) ?? [];
      if (path === undefined || line === undefined || message === undefined) throw new Error(text);
      return { path, line: Number(line), message };
    });
}
