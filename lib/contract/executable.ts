/** The contents of an executable, as the asset `EXECUTABLE_FILE` of Node's single executable application. */
export interface ExecutableContents {
  name: string;
  /** SHA-256 of all files and their hashes; it names the folder for files that must be on disk. */
  id: string;
  /** Paths of the function's files; each is an asset with that name. */
  files: string[];
}

export const EXECUTABLE_FILE = 'coldpress-executable.json';
