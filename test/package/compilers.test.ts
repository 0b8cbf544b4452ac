import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { entryPoints } from '../../entryPoints.js';
import { blocksOfMarkdown } from '../support/documentation/codeBlocks.js';
import { filesUnder } from '../support/filesUnder.js';

/**
 * The oldest and the newest 5.x that docs/concepts/requirements.md promises, what this package is built with, and the
 * newest. The types of some drivers need a later one than ours do: their own errors are left out there.
 */
const compilers = [
  {
    version: '5.5',
    compiler: 'typescript-5.5/typescript/lib/tsc.js',
    driversNeedLater: ['@nats-io', 'pg-protocol'],
  },
  { version: '5.9', compiler: 'typescript-5.9/typescript/lib/tsc.js', driversNeedLater: [] },
  { version: '6.0', compiler: 'typescript/lib/tsc.js', driversNeedLater: [] },
  { version: '7.0', compiler: 'typescript-7/bin/tsc', driversNeedLater: [] },
] as const;

const root = fileURLToPath(new URL('../../', import.meta.url));
const alone = inject('consumer');
const withPeers = inject('consumerWithPeers');

const requirements = readFileSync(join(root, 'docs/concepts/requirements.md'), 'utf8');

/** The first block of a page is what a reader types in first. */
const pages = [...filesUnder(root, 'docs/guides'), ...filesUnder(root, 'docs/tutorial'), 'README.md'].flatMap(
  (file) => {
    const [first] = blocksOfMarkdown(file, readFileSync(join(root, file), 'utf8'));
    return first ? [{ name: file.replaceAll('/', '-').replace('.md', ''), code: first.code }] : [];
  },
);

beforeAll(() => {
  mkdirSync(join(withPeers, 'pages'));
  // As a module, even where a page imports nothing.
  for (const { name, code } of pages) {
    writeFileSync(join(withPeers, 'pages', `${name}.mts`), `${code}\nexport {};\n`);
  }
  const imports = entryPoints.map(({ specifier }, index) => `export * as entry${index} from '${specifier}';`);
  writeFileSync(join(withPeers, 'entries.mts'), imports.join('\n'));
  writeFileSync(join(withPeers, 'entries.cts'), imports.join('\n'));
  const { compilerOptions } = JSON.parse(readFileSync(join(alone, 'tsconfig.json'), 'utf8'));
  // The types of @nats-io do not hold exactOptionalPropertyTypes, which is no part of `strict`.
  const tsconfig = {
    compilerOptions: { ...compilerOptions, exactOptionalPropertyTypes: false, types: ['node'] },
    include: ['entries.mts', 'entries.cts', 'pages/*.mts'],
  };
  writeFileSync(join(withPeers, 'tsconfig.json'), JSON.stringify(tsconfig));
});

function compile(compiler: string, project: string): string {
  const words = [join(root, 'node_modules', compiler), '-p', '.'];
  const { stdout, stderr } = spawnSync(process.execPath, words, { cwd: project, encoding: 'utf8' });
  return stdout + stderr;
}

describe.each(compilers)(
  'with TypeScript $version, strict, library types included',
  ({ version, compiler, driversNeedLater }) => {
    it('is that version', () => {
      const words = [join(root, 'node_modules', compiler), '--version'];
      const { stdout } = spawnSync(process.execPath, words, { encoding: 'utf8' });
      expect(stdout).toMatch(new RegExp(`^Version ${version}\\.`));
    });

    it('compiles in projects that import or require it, without optional peers', () => {
      expect(compile(compiler, alone)).toBe('');
    });

    it('compiles every entry point and the first block of every guide, with the optional peers', () => {
      expect(pages.length).toBeGreaterThan(20);
      const ofDriver = (name: string) => (line: string) => line.includes(`/node_modules/${name}/`);
      // Lines that begin with a blank explain the error above them.
      const errors = compile(compiler, withPeers)
        .split('\n')
        .filter((line) => /^[^ ]/.test(line));
      expect(errors.filter((line) => !driversNeedLater.some((name) => ofDriver(name)(line)))).toEqual([]);
      // A driver that compiles, or that the page does not name, is no exception.
      expect(driversNeedLater.filter((name) => !errors.some(ofDriver(name)))).toEqual([]);
      expect(driversNeedLater.filter((name) => !requirements.includes(`\`${name}\``))).toEqual([]);
    });

    it('is a version that the page of requirements says is checked', () => {
      expect(/compiled with ([\d., and]+), `strict`/.exec(requirements)?.[1]?.split(/, | and /)).toContain(
        version,
      );
    });
  },
);
