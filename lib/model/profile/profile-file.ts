import { readFileSync, statSync } from 'node:fs';
import { type Profile, parseProfile } from '../../contract/profile.ts';
import { ColdpressError } from '../../errors.ts';
import { quote } from '../../shell-command.ts';
import { checkProfile } from './profile-schema.ts';

/** Maximum size: a function loads the file into memory. 1,000 columns of numbers need a third of it. */
const mostBytes = 2 ** 20;

/** Formats the file of a profile. @throws ColdpressError PROFILE_SIZE */
export function formatProfile(profile: Profile): string {
  const text = `${JSON.stringify(profile)}\n`;
  checkSize('the profile', Buffer.byteLength(text));
  return text;
}

/** Whether a text is a profile, of any version. */
export function isProfile(text: string): boolean {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'version' in value && 'features' in value;
  } catch {
    return false;
  }
}

/** @throws ColdpressError PROFILE_MISSING, PROFILE_SIZE, PROFILE_INVALID */
export function readProfile(path: string): Profile {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) {
    throw new ColdpressError('PROFILE_MISSING', `profile not found: ${path}`, {
      hint: `make it: npx coldpress profile DATA --out ${quote(path)}`,
    });
  }
  checkSize(path, found.size);
  try {
    const profile = parseProfile(readFileSync(path, 'utf8'));
    checkProfile(profile);
    return profile;
  } catch (cause) {
    throw new ColdpressError('PROFILE_INVALID', `${path} cannot be read: ${(cause as Error).message}`, {
      hint: 'make it again: npx coldpress profile DATA',
      cause,
    });
  }
}

function checkSize(what: string, bytes: number): void {
  if (bytes > mostBytes) {
    throw new ColdpressError('PROFILE_SIZE', `${what} has ${bytes} bytes; at most ${mostBytes}`, {
      hint: 'profile fewer columns; profiles keep no rows, so is this another file?',
    });
  }
}

/** @throws ColdpressError PROFILE_MODEL */
export function checkProfileModel(profile: Profile, path: string, { sha256 }: { sha256: string }): void {
  if (profile.model.sha256 !== sha256) {
    const short = (hash: string) => String(hash).slice(0, 12);
    throw new ColdpressError(
      'PROFILE_MODEL',
      `${path} was made for the model ${short(profile.model.sha256)}; this one is ${short(sha256)}`,
      { hint: 'make it again with this model: npx coldpress profile DATA' },
    );
  }
}
