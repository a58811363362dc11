import type { NotChecked } from '../checked.ts';

/** A function or service that is deployed, as its platform describes it. */
export interface Deployed {
  /** Its name and version, such as `churn:live, version 7 on AWS Lambda`. */
  subject: string;
  /** Time of the last change, as the platform writes it. */
  changed?: string;
  code: DeployedCode;
  /** The archives of its layers; AWS Lambda only. */
  layers: DeployedArchive[];
  settings: DeployedSettings;
  notChecked: NotChecked[];
}

export type DeployedCode =
  | ({ kind: 'zip' } & DeployedArchive)
  /** An image by its name; `digest` is absent if the platform does not return it. */
  | { kind: 'image'; name: string; digest?: string };

/** An archive that the platform keeps. */
export interface DeployedArchive {
  name: string;
  /** SHA-256 in hexadecimal digits, if the platform returns it. */
  sha256?: string;
  /** @throws ColdpressError DEPLOYED_UNREADABLE */
  download(): Promise<Uint8Array>;
}

/** Settings that the artifact decides. Absent if the platform has no such setting. */
export interface DeployedSettings {
  runtime?: string;
  architecture?: 'arm64' | 'x64';
  /** The entry point; absent on Google, where it depends on the trigger. */
  handler?: string;
  memoryMb?: number;
  /** Names of environment variables. Values may be secret, so they are not kept. */
  environment: string[];
}
