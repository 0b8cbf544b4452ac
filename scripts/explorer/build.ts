// Part of `npm run docs`: puts the explorer beside the API pages.
import { mkdirSync, writeFileSync } from 'node:fs';
import { explorerPage } from './explorerPage.js';

const folder = new URL('../../site/explorer/', import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL('index.html', folder), await explorerPage('', '../index.html'));
