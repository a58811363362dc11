/** Where Cloud Storage's JSON API is; its emulators are named as for Google's own clients. */
export function storageOrigin(env: NodeJS.ProcessEnv): string {
  const emulator = env.STORAGE_EMULATOR_HOST;
  if (emulator === undefined) {
    return 'https://storage.googleapis.com';
  }
  return emulator.includes('://') ? emulator.replace(/\/$/, '') : `http://${emulator}`;
}
