/** What an executable holds, as the asset `EXECUTABLE_FILE` of Node's single executable application. */
export interface ExecutableContents {
  name: string;
  /** SHA-256 of all files with their hashes: names the folder of those that must lie on disk. */
  id: string;
  /** Paths of the function's files; each is an asset of that name. */
  files: string[];
}

export const EXECUTABLE_FILE = 'coldpress-executable.json';
