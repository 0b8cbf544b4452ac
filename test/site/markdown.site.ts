import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';

const folder = inject('siteFolder');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
const read = (file: string) => readFileSync(join(folder, file), 'utf8');
const markdown = files.filter((file) => file.endsWith('.md'));
const pages = files.filter((file) => file.endsWith('.html') && !file.startsWith('explorer'));

/** The addresses that a Markdown page links to, without code and without links to other sites. */
function linksOf(file: string): string[] {
  const text = read(file)
    .replace(/^```[\s\S]*?^```$/gm, '')
    .replace(/`[^`\n]*`/g, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link.split('#')[0] ?? '')
    .filter((link) => link !== '' && !/^[a-z]+:/.test(link));
}

describe('the pages as Markdown', () => {
  it('are beside every page, which names them', () => {
    expect(markdown.map((file) => file.replace(/\.md$/, '.html')).sort()).toEqual(pages.sort());
    expect(read('api/patron-fees/decide.html')).toContain(
      '<link rel="alternate" type="text/markdown" href="decide.md"',
    );
  });

  it('link only to Markdown and pictures that exist', () => {
    const broken = [...markdown, 'llms.txt'].flatMap((file) =>
      linksOf(file)
        .filter((link) => !/\.(?:md|png)$/.test(link) || !existsSync(join(folder, dirname(file), link)))
        .map((link) => `${file} -> ${link}`),
    );
    expect(broken).toEqual([]);
  });

  it('have the signature, parameters, errors and example of a function, and the members of a type', () => {
    const decide = read('api/patron-fees/decide.md');
    expect(decide).toContain(
      'decide(command: CommandList | Command, account: PatronAccount, policy: FeePolicy',
    );
    for (const part of ['## Parameters', '## Throws', '## Example']) expect(decide).toContain(part);
    expect(read('api/patron-fees/types/WaiveFees.md')).toContain('- `fees: readonly FeePart[]`: ');
    expect(read('guides/waive-fees.md')).toMatch(/^# Waive fees\n/);
  });

  it('are listed in llms.txt: every guide and import, with a sentence each', () => {
    const list = read('llms.txt');
    expect(list).toMatch(/^# patron-fees \d+\.\d+\.\d+\n\n> /);
    const lines = list.split('\n').filter((line) => line.startsWith('- '));
    expect(lines.filter((line) => !/^- \[.+\]\(.+\.md\): .+/.test(line))).toEqual([]);
    for (const page of pages.filter((file) => /^(tutorial|guides|concepts|reference)\//.test(file)))
      expect(list).toContain(`(${page.replace(/\.html$/, '.md')})`);
  });
});

describe('the reference', () => {
  it('has every error code with its meaning and the functions that throw it', () => {
    const html = read('reference/error-codes.md');
    const sections = html.split('\n## ').slice(1);
    expect(sections.length).toBeGreaterThan(10);
    const without = sections.filter(
      (section) => !/^[A-Z_]+\n\n.+\.\n\n(?:Thrown by|Described in): \[/s.test(section),
    );
    expect(without).toEqual([]);
  });

  it('has the changelog, and every page says which version it documents', () => {
    expect(read('changelog.html')).toContain('>Changelog<');
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    for (const file of ['index.html', 'guides/waive-fees.html', 'api/patron-fees/decide.html'])
      expect(read(file)).toContain(`patron-fees - v${version}`);
  });
});
