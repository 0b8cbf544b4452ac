// Notices as `.eml` files, which mail programs open: nodemailer writes them. A file has the name of its notice, is complete
// or missing, and is never written again: a run that was killed sends nothing twice. A library has its mail server send them.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { definePolicy } from 'patron-fees';
import { execute, memoryEventStore } from 'patron-fees/history';
import { type Notice, noticeHtml, noticeText, runNotices } from 'patron-fees/jobs';
import { officeEvents } from 'patron-fees/office';
import { englishWords, german } from 'patron-fees/words';

const at = '2026-03-02T14:00:00Z';
const rules = [{ kinds: ['charged', 'paid'] }] as const;
const policy = definePolicy({
  currency: 'EUR',
  notices: { from: '2026-03-01T00:00:00Z', languages: ['en', 'de'], rules },
});
const accounts = memoryEventStore({ now: () => at });
const office = memoryEventStore({ now: () => at, codec: officeEvents });
for (const patronId of ['dverma', 'jlang'])
  await execute(accounts, policy, { institution: 'north', patronId }, [
    { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '5', owner: 'MAIN', at },
    { type: 'ReceivePayment', id: 'p1', amount: '2', method: 'CASH', at },
  ]);

const patrons: Readonly<Record<string, { group: string; language: 'en' | 'de'; to: string }>> = {
  dverma: { group: 'STUDENT', language: 'en', to: 'Dev Verma <dev.verma@north.example>' },
  jlang: { group: 'STUDENT', language: 'de', to: 'Jürgen Lang <j.lang@north.example>' },
};
const readers = {
  en: { locale: 'en-IE', words: englishWords.notice },
  de: { locale: 'de-AT', words: german.notice },
};
const folder = mkdtempSync(join(tmpdir(), 'notices-'));
const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });

async function send(notice: Notice): Promise<void> {
  const { noticeId, kind, patronId, language } = notice;
  const file = join(folder, `${encodeURIComponent(noticeId)}.eml`);
  if (existsSync(file)) return;
  const reader = {
    ...readers[language as 'en' | 'de'],
    timeZone: 'Europe/Vienna',
    issuer: ['North Library'],
  };
  const { message } = await composer.sendMail({
    from: 'North Library <circulation@north.example>',
    to: patrons[patronId]?.to,
    subject: reader.words.kinds[kind],
    messageId: `<${encodeURIComponent(noticeId)}@north.example>`,
    date: new Date(notice.at ?? at),
    text: noticeText(notice, reader),
    html: noticeHtml(notice, reader),
  });
  await writeFile(`${file}.part`, message);
  await rename(`${file}.part`, file);
}

const form = { institution: 'north', at, on: '2026-03-02' };
const options = {
  patronOf: ({ patronId = '' }) => patrons[patronId] ?? null,
  labels: { de: german.labels },
  send,
};
assert.equal((await runNotices({ accounts, office }, policy, form, options)).sent, 4);
assert.equal((await runNotices({ accounts, office }, policy, form, options)).sent, 0);
assert.equal(readdirSync(folder).length, 4);
const mail = readFileSync(join(folder, `${encodeURIComponent('north/jlang/charged/1')}.eml`), 'utf8');
assert.match(mail, /^Subject: =\?UTF-8\?Q\?Eine_Geb=C3=BChr_wurde_erhoben\?=\r$/m);
console.log(mail.slice(0, mail.indexOf('\r\n\r\n')));
rmSync(folder, { recursive: true });
