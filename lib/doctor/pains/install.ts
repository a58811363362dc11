import type { Pain } from '../pain.ts';

/** Size and installation. */
export const installPains: readonly Pain[] = [
  {
    id: 'package-too-large',
    patterns: [
      /(?:unzipped size|combined with layers|maximum allowed size|exceed\w* the (?:limit|maximum)).{0,80}262,?144,?000/i,
      /Layers consume more than the available size of 262,?144,?000/i,
      /unzipped maximum size of 250 ?MB/i,
      /Request must be smaller than 7016\d{4} bytes/,
      /Uploaded file must be a non-empty zip.{0,40}(?:50 ?MB|52428800)/i,
    ],
    cause:
      'Lambda allows 262,144,000 bytes unpacked, including layers. onnxruntime-node unpacks to 302 MB, because it contains the libraries of every platform.',
    fix: 'Pack the model: the artifact contains only the two native files for one CPU, 26 MB on arm64 and 47 MB on x64.',
    command: 'npx coldpress pack MODEL --out build',
    link: 'docs/limits.md',
  },
  {
    id: 'cuda-download',
    patterns: [
      /npm (?:ERR!|error) path \S*onnxruntime-node\b/i,
      /onnxruntime-node\S* (?:post)?install[:$]/i,
      /(?:api|globalcdn)\.nuget\.org/i,
      /Microsoft\.ML\.OnnxRuntime\.Gpu|onnxruntime-linux-x64-gpu/i,
    ],
    source: {
      files: /(?:^|\/)package\.json$/,
      pattern:
        /^(?=[\s\S]*"(?:d|devD)ependencies"[\s\S]*"onnxruntime-node"\s*:)(?![\s\S]*"allowScripts"[\s\S]*"onnxruntime-node"\s*:\s*false)/,
    },
    cause:
      'On linux/x64 the install script of onnxruntime-node downloads about 400 MB of CUDA and TensorRT providers from NuGet, even without a GPU; it fails without a network.',
    fix: 'Turn the script off: `"allowScripts": { "onnxruntime-node": false }` in the root package.json with npm 11, or the variable below. A project that uses coldpress does not need onnxruntime-node.',
    command: 'ONNXRUNTIME_NODE_INSTALL=skip npm install',
    link: 'https://github.com/microsoft/onnxruntime/issues/24770',
  },
  {
    id: 'glibc-too-old',
    patterns: [
      /version `?(?:GLIBC|GLIBCXX|CXXABI)_[\d.]+'? not found/,
      /ld-linux-\S+\.so.{0,60}No such file/,
    ],
    cause:
      'A native file was built for a newer C library than the system has, or for glibc where the system has musl (Alpine). ONNX Runtime 1.30 needs glibc 2.28; Amazon Linux 2 has 2.26, Amazon Linux 2023 has 2.34.',
    fix: 'Use a runtime on Amazon Linux 2023 or Ubuntu 22.04 (nodejs22.x, nodejs24.x), or a build of the package for an older Linux. `pack` checks this in the ELF files.',
    command: 'npx coldpress pack MODEL --runtime nodejs24.x',
    link: 'docs/errors.md#NATIVE_SYSTEM_TOO_OLD',
  },
  {
    id: 'wrong-cdk',
    patterns: [/Cloud assembly schema version mismatch/i, /aws-cdk@3\.0\.0/],
    source: { files: /(?:^|\/)package\.json$/, pattern: /"aws-cdk"\s*:\s*"[\^~]?3\./ },
    cause:
      'The CDK command line is older than the library, or is 3.0.0, which was published to npm by accident.',
    fix: 'Install the command line of version 2.',
    command: 'npm install --save-dev aws-cdk@2',
    link: 'docs/aws.md',
  },
];
