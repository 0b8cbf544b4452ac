// `npm run vectors`: writes the folder `vectors`, from the code as it is.
import { mkdirSync, writeFileSync } from 'node:fs';
import { casesIn, formatFile } from './vectorFile.js';
import { vectorFiles } from './vectorFiles.js';
import { vectorSchema } from './vectorSchema.js';

mkdirSync('vectors', { recursive: true });
writeFileSync('vectors/schema.json', `${JSON.stringify(vectorSchema, null, 1)}\n`);
for (const [name, file] of Object.entries(vectorFiles())) {
  const text = formatFile(file);
  writeFileSync(`vectors/${name}`, text);
  console.log(`vectors/${name}: ${casesIn(file)} cases, ${Math.round(text.length / 1_000)} kB`);
}
