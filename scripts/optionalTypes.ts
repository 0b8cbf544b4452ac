// Makes the declarations in dist compile if fast-check, an optional peer, is not installed: its types are then `any`. A
// comment in the source would be enough, but bundling declarations drops it.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const imports = /^(?=import .* from 'fast-check';$)/gm;
const declarations = readdirSync('dist').filter((name) => /\.d\.c?ts$/.test(name));
const changed = declarations.filter((name) => {
  const path = join('dist', name);
  const text = readFileSync(path, 'utf8');
  const marked = text.replace(imports, '// @ts-ignore: an optional peer\n');
  if (marked !== text) writeFileSync(path, marked);
  return marked !== text;
});
if (changed.length === 0)
  throw new Error('no declaration in dist imports fast-check: is this script still needed?');
