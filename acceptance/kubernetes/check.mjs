// Reads manifests (YAML documents) from the files given, holds each to the schema of its kind by rules and by type,
// and says what is wrong, a line each; exit status 1 where anything is. The schemas' rules let unknown fields pass;
// TypeScript, which knows every field of every kind, does not.
import { readFileSync, writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import yaml from 'js-yaml';
import ts from 'typescript';

const HOUSES = {
  'kafka.strimzi.io': '@kubernetes-models/strimzi-kafka-operator',
  'keda.sh': '@kubernetes-models/keda',
  'cert-manager.io': '@kubernetes-models/cert-manager',
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator',
};

const wrong = [];
const lines = [];
let count = 0;
for (const file of process.argv.slice(2)) {
  for (const manifest of yaml.loadAll(readFileSync(file, 'utf8'))) {
    const name = `${file}: ${manifest.apiVersion} ${manifest.kind} ${manifest.metadata?.name}`;
    const group = manifest.apiVersion.split('/')[0];
    const from = `${HOUSES[group] ?? 'kubernetes-models'}/${manifest.apiVersion}/${manifest.kind}`;
    try {
      new (await import(from))[manifest.kind](manifest).validate();
    } catch (e) {
      wrong.push(`${name}: ${e.message}`);
      continue;
    }
    lines.push(`import type { I${manifest.kind} as T${count} } from ${JSON.stringify(from)};`);
    lines.push(`export const m${count}: T${count} = ${JSON.stringify(manifest)}; // ${name}`);
    count++;
  }
}

const folder = mkdtempSync(join(import.meta.dirname, 'typed-'));
try {
  const typed = join(folder, 'manifests.ts');
  writeFileSync(typed, lines.join('\n'));
  const program = ts.createProgram([typed], {
    strict: true, noEmit: true, skipLibCheck: true, types: [],
    module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, target: ts.ScriptTarget.ES2022,
  });
  for (const found of ts.getPreEmitDiagnostics(program)) {
    const { line } = found.file?.getLineAndCharacterOfPosition(found.start) ?? { line: -1 };
    wrong.push(`${lines[line]?.split('; // ').pop() ?? '?'}: ${ts.flattenDiagnosticMessageText(found.messageText, ' ')}`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
if (count === 0) wrong.push('no manifests');
wrong.forEach((line) => console.log(line));
console.error(`${count} manifests`);
process.exitCode = wrong.length > 0 ? 1 : 0;
