// `node test/package/mainJob.mjs PACKED.tgz`: what a library does with the packed package, in an empty folder, with this Node and npm
// alone: installs it, runs the README's first block, takes in a year of events, lists, pays, waives, exports, closes a month and
// verifies it, as a program that imports and as one that requires. The year is that of examples/support/generatedPatrons.ts.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { gunzipSync } from 'node:zlib';

const packed = resolve(process.argv[2] ?? '');
const parent = mkdtempSync(join(tmpdir(), 'job-'));
// A path with a space, as desktops have them.
const folder = join(parent, 'my library');
mkdirSync(folder);
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

/**
 * Runs a program in the folder; returns its output.
 *
 * @param {string} program
 * @param {readonly string[]} words
 */
function run(program, words, expected = 0) {
  const { status, stdout, stderr } = spawnSync(program, words, {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1e9,
  });
  assert.equal(status, expected, `${program} ${words.join(' ')} ended with ${status}\n${stdout}\n${stderr}`);
  return stdout + stderr;
}

/** @param {string} title */
const done = (title) => console.log(`ok: ${title}`);

writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
run('npm', ['install', '--no-audit', '--no-fund', packed]);
done('installs without a compiler and without development dependencies');

const readme = readFileSync(join(folder, 'node_modules/patron-fees/README.md'), 'utf8');
const block = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
const script = `${block.replaceAll(' as const', '').replaceAll(/^(.+?);? \/\/=> (.+)$/gm, 'check($1, $2);')}`;
const checks = [...script.matchAll(/^check\(/gm)].length;
assert.ok(checks >= 3, 'the block of the README has results');
const check = '\nfunction check(found, expected) { assert.deepEqual(found, expected); }\n';
writeFileSync(join(folder, 'first.mjs'), `import assert from 'node:assert/strict';\n${script}${check}`);
const required = script.replaceAll(/import (\{[^}]*\}) from ('[^']*');/g, 'const $1 = require($2);');
writeFileSync(
  join(folder, 'first.cjs'),
  `const assert = require('node:assert/strict');\n${required}${check}`,
);
for (const name of ['first.mjs', 'first.cjs']) run(process.execPath, [name]);
if (major > 22) {
  writeFileSync(join(folder, 'first.mts'), block);
  run(process.execPath, ['first.mts']);
}
done('runs the first block of the README, imported and required');

/** @param {readonly string[]} words */
const cli = (words, expected = 0) => run('npx', ['--no-install', 'patron-fees', ...words], expected);

const hasSqlite = major > 22 || (major === 22 && minor >= 13);
if (!hasSqlite) {
  assert.match(cli(['migrate', 'sqlite:fees.db'], 2), /npm install libsql, or use Node 22\.13/);
  run('npm', ['install', '--no-audit', '--no-fund', 'libsql']);
  done('says which driver this Node needs');
}
const driver = hasSqlite ? 'node:sqlite' : 'libsql';

const year = gunzipSync(readFileSync(new URL('data/year.jsonl.gz', import.meta.url)));
writeFileSync(join(folder, 'year.jsonl'), year);
const events = year.toString().trim().split('\n').length;
assert.match(cli(['validate', 'year.jsonl']), new RegExp(`${events}`));
assert.match(cli(['migrate', 'sqlite:fees.db']), /is ready/);
assert.match(
  cli(['copy', 'year.jsonl', 'sqlite:fees.db']),
  new RegExp(`${events} events are in sqlite:fees.db`),
);
assert.match(cli(['copy', 'year.jsonl', 'sqlite:fees.db']), /sqlite:fees.db/);
const patron = 'u0000001';
assert.match(cli(['replay', 'sqlite:fees.db', '--patron', patron]), /18\.03/);
done('takes in a year of events, and shows an account');

const key = 'secret';
const words = [
  '--no-install',
  'patron-fees',
  'serve',
  'alma',
  'sqlite:fees.db',
  '--institution',
  'north',
  '--port',
  '0',
];
const server = spawn('npx', words, {
  cwd: folder,
  env: { ...process.env, PATRON_FEES_KEY: key },
  stdio: ['ignore', 'pipe', 'inherit'],
  detached: true,
});
try {
  const [line] = await once(createInterface(server.stdout), 'line');
  const api = /http:\S+/.exec(line)?.[0] ?? '';
  /** @param {string} path @param {string} method */
  const ask = async (path, method = 'GET') => {
    const separator = path.includes('?') ? '&' : '?';
    const response = await fetch(`${api}/users/${patron}/fees${path}${separator}apikey=${key}&format=json`, {
      method,
      headers: { accept: 'application/json' },
    });
    const answer = /** @type {Record<string, any>} */ (await response.json());
    assert.equal(response.status, 200, JSON.stringify(answer));
    return answer;
  };
  const { fee: fees, total_sum: before } = await ask('');
  const [first] = fees;
  const paid = await ask(`/${first.id}?op=pay&amount=1.00&method=CASH`, 'POST');
  assert.equal(Number(paid.balance).toFixed(2), (first.balance - 1).toFixed(2));
  const waived = await ask(`/${first.id}?op=waive&amount=0.50&reason=OTHER`, 'POST');
  assert.equal(Number(waived.balance).toFixed(2), (first.balance - 1.5).toFixed(2));
  const { total_sum: after } = await ask('');
  assert.equal(Number(after).toFixed(2), (before - 1.5).toFixed(2));
} finally {
  if (server.pid !== undefined) process.kill(-server.pid, 'SIGTERM');
  await once(server, 'exit');
}
done('lists, pays and waives');

cli(['export', 'sqlite:fees.db', '-o', 'now.jsonl']);
assert.equal(readFileSync(join(folder, 'now.jsonl'), 'utf8').trim().split('\n').length, events + 2);
assert.match(cli(['verify', 'now.jsonl']), /0 findings/);
done('exports and verifies');

const closing = `
  const database = new Database(file);
  const office = new Database(officeFile);
  migrate(database);
  migrate(office);
  const stores = { accounts: sqliteEventStore(database), office: sqliteEventStore(office, { codec: officeEvents }) };
  const policy = definePolicy({ currency: 'USD' });
  const form = { institution: 'north', month: '2026-07', timeZone: 'America/New_York', at: '2026-09-01T12:00:00Z', format: 'hledger' };
  for (const name of [seals, files]) mkdirSync(name, { recursive: true });
  const result = await closeMonth(stores, policy, form, { folder: seals, files });
  assert.ok(result.accepted, JSON.stringify(result));
  assert.equal(result.report.files.length > 0, true);
  const proof = await verifyMonthFiles(stores.office, { institution: 'north', folder: files });
  assert.equal(proof.findings.count, 0);
  for (const each of [database, office]) each.close();
`;
const imports = {
  'node:assert/strict': 'assert',
  'node:fs': '{ mkdirSync }',
  'patron-fees': '{ definePolicy }',
  'patron-fees/closing': '{ closeMonth, verifyMonthFiles }',
  'patron-fees/office': '{ officeEvents }',
  'patron-fees/sqlite': '{ migrate, sqliteEventStore }',
  [driver]: driver === 'libsql' ? 'Database' : '{ DatabaseSync: Database }',
};
for (const kind of ['mjs', 'cjs']) {
  const places = `const [file, officeFile, seals, files] = ['fees.db', 'office-${kind}.db', 'seals-${kind}', 'files-${kind}'];`;
  const lines = Object.entries(imports).map(([from, what]) =>
    kind === 'mjs'
      ? `import ${what.replace(': ', ' as ')} from '${from}';`
      : `const ${what} = require('${from}');`,
  );
  const program = `${lines.join('\n')}\n${places}\n`;
  writeFileSync(
    join(folder, `month.${kind}`),
    kind === 'mjs' ? program + closing : `${program}(async () => {${closing}})();`,
  );
  run(process.execPath, [`month.${kind}`]);
  const verified = [
    'verify',
    'sqlite:fees.db',
    '--seals',
    `seals-${kind}`,
    '--office',
    `sqlite:office-${kind}.db`,
  ];
  assert.match(cli([...verified, '--institution', 'north']), /1 seals?, 0 findings/);
}
done('closes a month and verifies its seal, imported and required');

rmSync(parent, { recursive: true });
console.log(`The main job on Node ${process.versions.node}, SQLite by ${driver}: done.`);
