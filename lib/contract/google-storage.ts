/** Address of Cloud Storage's JSON API. */
export interface StorageApi {
  origin: string;
  /** Emulators do not support tokens. */
  isEmulator: boolean;
}

/** Reads the address of an emulator, with or without a scheme, from the variable that Google's own clients use. */
export function storageApi({ STORAGE_EMULATOR_HOST: host = '' }: NodeJS.ProcessEnv): StorageApi {
  if (host === '') {
    return { origin: 'https://storage.googleapis.com', isEmulator: false };
  }
  const origin = host.includes('://') ? host : `http://${host}`;
  return { origin: origin.replace(/\/+$/, ''), isEmulator: true };
}
