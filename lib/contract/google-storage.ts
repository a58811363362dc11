/** Where Cloud Storage's JSON API is. */
export interface StorageApi {
  origin: string;
  /** An emulator knows no tokens. */
  isEmulator: boolean;
}

/** Emulators are named as for Google's own clients, with or without a scheme. */
export function storageApi({ STORAGE_EMULATOR_HOST: host = '' }: NodeJS.ProcessEnv): StorageApi {
  if (host === '') {
    return { origin: 'https://storage.googleapis.com', isEmulator: false };
  }
  const origin = host.includes('://') ? host : `http://${host}`;
  return { origin: origin.replace(/\/+$/, ''), isEmulator: true };
}
