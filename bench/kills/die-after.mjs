/**
 * Loaded before coldpress, this ends its process with SIGKILL right after its n-th change of the file system.
 * COLDPRESS_DIE_AFTER is `renames 3` or `changes 57`; `count` writes both numbers to COLDPRESS_COUNT_FILE at the end.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const [kind, number] = (process.env.COLDPRESS_DIE_AFTER ?? '').split(' ');
const counts = { renames: 0, changes: 0 };
const changing = [
  'rename',
  'rm',
  'rmdir',
  'mkdir',
  'mkdtemp',
  'writeFile',
  'copyFile',
  'cp',
  'link',
  'symlink',
  'unlink',
];

function count(name) {
  counts.changes += 1;
  counts.renames += name === 'rename' ? 1 : 0;
  if (counts[kind] === Number(number)) {
    process.kill(process.pid, 'SIGKILL');
  }
}

// Only ends coldpress itself: its child processes inherit the environment, and other tests kill those.
if (/coldpress\.js$/.test(process.argv[1] ?? '')) {
  for (const name of changing) {
    const { [name]: original } = fs.promises;
    fs.promises[name] = async (...args) => {
      const result = await original.apply(fs.promises, args);
      count(name);
      return result;
    };
    const { [`${name}Sync`]: originalSync } = fs;
    if (originalSync !== undefined) {
      fs[`${name}Sync`] = (...args) => {
        const result = originalSync.apply(fs, args);
        count(name);
        return result;
      };
    }
  }
  syncBuiltinESMExports();
  if (kind === 'count') {
    process.on('exit', () =>
      fs.writeSync(fs.openSync(process.env.COLDPRESS_COUNT_FILE, 'w'), JSON.stringify(counts)),
    );
  }
}
