import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../lib/local/free-port.ts';

const tools = ['docker-registry', 'skopeo', 'umoci', 'chroot'];
/** Whether this machine has the tools of others, and the rights that they need. */
export const hasTools =
  process.getuid?.() === 0 && tools.every(tool => spawnSync(tool, ['--version']).error === undefined);

/** By its path, for the environment is the image's. */
export const chroot = ['/usr/sbin/chroot', '/usr/bin/chroot'].find(path => existsSync(path))!;

/** Runs a tool in a folder. Returns what it printed. */
export function runIn(folder: string) {
  return (name: string, ...args: string[]) =>
    execFileSync(name, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Starts Docker's own registry, whose files are in a folder. */
export async function startRegistry(folder: string): Promise<{ host: string; close: () => void }> {
  const host = `127.0.0.1:${await freePort(0)}`;
  const config = {
    version: 0.1,
    log: { level: 'error' },
    storage: { filesystem: { rootdirectory: join(folder, 'store') } },
    http: { addr: host },
  };
  // YAML takes JSON.
  writeFileSync(join(folder, 'registry.yml'), JSON.stringify(config));
  const registry = spawn('docker-registry', ['serve', 'registry.yml'], { cwd: folder, stdio: 'ignore' });
  await until(`http://${host}/v2/`);
  return { host, close: () => void registry.kill('SIGKILL') };
}

/** Pushes an image of one CPU with a folder's files. */
export function pushRoot(folder: string, root: string, name: string, cpu = ''): void {
  const tool = runIn(folder);
  const image = `base:24${cpu}`;
  if (!existsSync(join(folder, 'base'))) {
    tool('umoci', 'init', '--layout', 'base');
  }
  tool('umoci', 'new', '--image', image);
  tool('umoci', 'insert', '--image', image, root, '/');
  const architecture = cpu === '' ? [] : ['--architecture', cpu];
  tool(
    'umoci',
    'config',
    '--image',
    image,
    '--config.env',
    'PATH=/usr/local/bin:/usr/bin:/bin',
    ...architecture,
  );
  tool('skopeo', 'copy', '--dest-tls-verify=false', `oci:${image}`, `docker://${name}`);
}

/** Waits until a server answers. */
export async function until(url: string, attempts = 400): Promise<void> {
  for (let left = attempts; left > 0; left -= 1) {
    const isOk = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isOk) {
      return;
    }
    await sleep(50);
  }
  throw new Error(`${url} does not answer`);
}
