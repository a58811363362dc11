import { readdirSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** A file of a project: its path with forward slashes, relative to the project. */
export interface ProjectFile {
  path: string;
  file: string;
  sizeBytes: number;
}

/** What is not the user's own, or is too much of it. */
const skipped = new Set([
  'node_modules',
  '.git',
  'dist',
  '.venv',
  'venv',
  '__pycache__',
  '.next',
  'test',
  'tests',
  'docs',
]);
const deepest = 6;
const mostFiles = 5000;

/** The files of a project that somebody wrote or a tool made to be deployed, artifacts left out. */
export function listProject(dir: string): { files: ProjectFile[]; artifacts: string[] } {
  const files: ProjectFile[] = [];
  const artifacts: string[] = [];
  const queue: { folder: string; depth: number }[] = [{ folder: dir, depth: 0 }];
  for (const { folder, depth } of queue) {
    const entries = readdirSync(folder, { withFileTypes: true });
    for (const entry of entries) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && entry.name === 'function' && hasManifest(path)) {
        artifacts.push(folder);
      } else if (entry.isDirectory() && !skipped.has(entry.name) && depth < deepest && !isAsset(entry.name)) {
        queue.push({ folder: path, depth: depth + 1 });
      } else if (entry.isFile() && files.length < mostFiles) {
        const slashed = relative(dir, path).split(sep).join('/');
        files.push({ path: slashed, file: path, sizeBytes: statSync(path).size });
      }
    }
  }
  // An artifact's own files have been counted where its folder came before `function` was seen.
  const isPacked = ({ file }: ProjectFile) => artifacts.some(artifact => file.startsWith(artifact + sep));
  return { files: files.filter(file => !isPacked(file)), artifacts };
}

function hasManifest(functionDir: string): boolean {
  return statSync(join(functionDir, 'coldpress.json'), { throwIfNoEntry: false })?.isFile() === true;
}

/** What CDK copied for an upload. */
function isAsset(name: string): boolean {
  return name.startsWith('asset.');
}
