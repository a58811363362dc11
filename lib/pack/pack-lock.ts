import { basename } from 'node:path';
import { counted } from '../counted.ts';
import { ColdpressError } from '../errors.ts';
import type { Bundle } from './bundle.ts';
import {
  compareEnvironments,
  environmentOf,
  type LockDifference,
  lockName,
  packagesOf,
} from './environment.ts';
import { changeLock, readLock } from './lock.ts';
import type { Plan } from './plan.ts';

/** How a pack uses its artifact's entry in the lock: it writes the entry, or fails if anything differs from it. */
export type LockMode = 'write' | 'require';

/** The operations of one pack on the lock. */
export interface PackLock {
  /** Also compares the packages of the bundle. @throws ColdpressError LOCK_DIFFERS */
  checkPackages(bundle: Bundle): void;
  /** Writes the entry, once the artifact exists. */
  keep(bundle: Bundle): Promise<void>;
}

const noLock: PackLock = { checkPackages: () => {}, keep: async () => {} };

/**
 * Opens the lock for a pack, and compares everything that is known before the model is pressed.
 * @throws ColdpressError LOCK_MISSING, LOCK_DIFFERS, LOCK_INVALID
 */
export async function openPackLock(mode: LockMode | undefined, plan: Plan): Promise<PackLock> {
  const name = lockName(plan);
  if (mode === undefined) {
    return noLock;
  }
  if (mode === 'write') {
    return {
      ...noLock,
      keep: async bundle => {
        // Not earlier, because packing may have measured session options.
        const entry = { ...(await environmentOf(plan)), packages: packagesOf(bundle, plan) };
        await changeLock(plan.lockPath, lock => {
          lock.packed = { ...lock.packed, [name]: entry };
        });
      },
    };
  }
  const { packed = {} } = await readLock(plan.lockPath);
  const entry = packed[name];
  if (entry === undefined) {
    const others = Object.keys(packed);
    const has = others.length === 0 ? '' : `; it has ${others.join(', ')}`;
    throw new ColdpressError('LOCK_MISSING', `${plan.lockPath} has no entry for ${name}${has}`, {
      hint: 'run npx coldpress pack --lock with the same options, and commit the file',
    });
  }
  const { packages, ...locked } = entry;
  refuse(name, plan.lockPath, compareEnvironments(locked, await environmentOf(plan)));
  return {
    ...noLock,
    checkPackages: bundle =>
      refuse(name, plan.lockPath, compareEnvironments({ packages }, { packages: packagesOf(bundle, plan) })),
  };
}

/** @throws ColdpressError LOCK_DIFFERS if there is a difference */
function refuse(name: string, lockPath: string, differences: LockDifference[]): void {
  if (differences.length === 0) {
    return;
  }
  const count = counted(differences.length, 'place');
  throw new ColdpressError('LOCK_DIFFERS', `${name} would differ from ${basename(lockPath)} in ${count}`, {
    table: differences.map(({ what, locked = 'none', now = 'none' }) => ({ what, locked, now })),
    hint: 'restore what is locked, or accept the change: npx coldpress pack --lock, and commit the file',
  });
}
