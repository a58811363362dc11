import { type Dirent, readdirSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { FUNCTION_FOLDER } from '../../contract/files.ts';
import { MANIFEST_FILE } from '../../contract/manifest.ts';
import { type NotChecked, unreadable } from '../checked.ts';

/** A file of a project: its path with forward slashes, relative to the project. */
export interface ProjectFile {
  path: string;
  file: string;
  sizeBytes: number;
}

/** Folders that are not the user's own work, or too large. */
const skipped = new Set([
  'node_modules',
  '.git',
  'dist',
  '.venv',
  'venv',
  '__pycache__',
  '.next',
  '.terraform',
  '.aws-sam',
  'test',
  'tests',
  'docs',
]);
const deepest = 6;
const mostFiles = 5000;

/** The contents of a folder that are checked. */
export interface ProjectListing {
  files: ProjectFile[];
  /** Folders of artifacts. */
  artifacts: string[];
  notChecked: NotChecked[];
}

/** The files of a project that users wrote or tools generated for deployment, without artifacts. */
export function listProject(dir: string): ProjectListing {
  const files: ProjectFile[] = [];
  const artifacts: string[] = [];
  const locked: NotChecked[] = [];
  const tooDeep: string[] = [];
  let tooMany = 0;
  const queue: { folder: string; depth: number }[] = [{ folder: dir, depth: 0 }];
  for (const { folder, depth } of queue) {
    let entries: Dirent[];
    try {
      entries = readdirSync(folder, { withFileTypes: true });
    } catch (error) {
      locked.push(unreadable(slashed(dir, folder) || '.', error));
      continue;
    }
    for (const entry of entries) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && entry.name === FUNCTION_FOLDER && hasManifest(path)) {
        artifacts.push(folder);
      } else if (entry.isDirectory() && !skipped.has(entry.name) && !isAsset(entry.name)) {
        if (depth < deepest) {
          queue.push({ folder: path, depth: depth + 1 });
        } else {
          tooDeep.push(slashed(dir, path));
        }
      } else if (entry.isFile() && files.length < mostFiles) {
        files.push({ path: slashed(dir, path), file: path, sizeBytes: statSync(path).size });
      } else if (entry.isFile()) {
        tooMany++;
      }
    }
  }
  // Removes files of artifacts that were listed before their `function` folder was found.
  const isPacked = ({ file }: ProjectFile) => artifacts.some(artifact => file.startsWith(artifact + sep));
  const [first, ...others] = tooDeep;
  return {
    files: files.filter(file => !isPacked(file)),
    artifacts,
    notChecked: [
      ...locked,
      ...(first === undefined
        ? []
        : [
            {
              where: first,
              what: others.length === 0 ? 'the folder' : `this and ${others.length} other folders`,
              why: `they are nested more than ${deepest} folders deep`,
            },
          ]),
      ...(tooMany === 0
        ? []
        : [{ where: '.', what: `${tooMany} more files`, why: `a project is read to ${mostFiles} files` }]),
    ],
  };
}

function slashed(dir: string, path: string): string {
  return relative(dir, path).split(sep).join('/');
}

function hasManifest(functionDir: string): boolean {
  return statSync(join(functionDir, MANIFEST_FILE), { throwIfNoEntry: false })?.isFile() === true;
}

/** Whether CDK copied a folder for an upload. */
function isAsset(name: string): boolean {
  return name.startsWith('asset.');
}
