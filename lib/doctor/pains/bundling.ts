import type { Pain } from '../pain.ts';

const bundlerFiles =
  /(?:^|\/)(?:esbuild|build|package|vite|rollup|tsup|serverless|sst|cdk|bin|lib)[^/]*(?:\/[^/]+)*\.(?:m?[jt]s|c[jt]s|ya?ml|json)$/;

/** Native files and bundlers. */
export const bundlingPains: readonly Pain[] = [
  {
    id: 'no-loader',
    patterns: [/No loader is configured(?! for (?!"?\.node))/i],
    cause: 'esbuild cannot bundle .node files, and ONNX Runtime’s binding is one.',
    fix: 'Let coldpress bundle: it copies the binding and its library next to the code, for the function’s CPU. No esbuild loader does that.',
    command: 'npx coldpress pack MODEL --out build',
    link: 'https://github.com/floydspace/serverless-esbuild/issues/550',
  },
  {
    id: 'library-not-beside',
    patterns: [
      /libonnxruntime\.so\.?[\d.]*:? cannot open shared object file/i,
      /onnxruntime_binding\.node.{0,80}(?:Cannot find|no such file)/i,
      /Cannot find module.{0,120}onnxruntime_binding\.node/i,
    ],
    source: {
      files: bundlerFiles,
      pattern: /['"]?\.node['"]?\s*\]?\s*:\s*['"]?copy\b|--loader:\.node=copy\b/,
    },
    cause:
      'The binding is present, but libonnxruntime.so.1 is missing: a bundler copied the .node file (`loader: .node=copy`) without the library that it loads from its own folder.',
    fix: 'Keep the two files in one folder. `pack` follows the ELF entries and ships exactly the files that loading needs.',
    command: 'npx coldpress pack MODEL --out build',
    link: 'https://github.com/microsoft/onnxruntime/issues/25980',
  },
  {
    id: 'binding-is-a-path',
    patterns: [/listSupportedBackends\)? is not a function/],
    source: {
      files: bundlerFiles,
      pattern: /['"]?\.node['"]?\s*\]?\s*:\s*['"]?file\b|--loader:\.node=file\b/,
    },
    cause: 'With `loader: .node=file`, an import of the binding returns the path of a file, not the module.',
    fix: 'Leave the binding out of the bundle, or let coldpress bundle.',
    command: 'npx coldpress pack MODEL --out build',
    link: 'https://github.com/huggingface/transformers.js/issues/863',
  },
  {
    id: 'no-dirname',
    patterns: [/__(?:dir|file)name is not defined(?: in ES module scope)?/],
    cause:
      'A package that reads files from its own folder was bundled into an ES module, which has no __dirname, and its files were not copied.',
    fix: 'Pack again: `pack` copies such a package next to the bundle with its files. Add your own files to `assets`.',
    command: 'npx coldpress pack MODEL --out build',
    link: 'docs/errors.md#SCORE_LOCATION',
  },
  {
    id: 'wrong-architecture',
    patterns: [
      /invalid ELF header|wrong ELF class|mach-o(?: file)?,? but/i,
      /exec(?:utable)?(?: file)?:? ?(?:format error)/i,
      /\.node'? .{0,60}incompatible architecture/i,
      /cannot open shared object file.{0,40}(?:aarch64|x86-64)/i,
      /ELF file's phentsize|ELF load command/i,
    ],
    cause:
      'The native files are for another system or CPU than the function’s: packed on a Mac, or for x64 on an arm64 function.',
    fix: 'Pack for the CPU of the function, on any machine: coldpress packs the files for the target, not those of the host.',
    command: 'npx coldpress pack MODEL --arch arm64 --out build',
    link: 'docs/errors.md#NATIVE_WRONG_CPU',
  },
  {
    id: 'cdk-wants-docker',
    patterns: [
      /spawnSync docker ENOENT/,
      /Cannot connect to the Docker daemon/i,
      /docker exited with status/i,
    ],
    cause: 'CDK bundles in Docker if a package has native files, and does so at each synthesis.',
    fix: 'Use `OnnxFunction`, which packs once per content and without Docker; or pack first and pass the artifact.',
    command: 'npx coldpress pack --all',
    link: 'docs/aws.md',
  },
  {
    id: 'module-not-bundled',
    patterns: [
      /Cannot find (?:package|module) '(?!coldpress-onnxruntime)[^']*' imported from \/var\/task/,
      /Cannot find (?:package|module) '(?:onnxruntime-\w+|coldpress\/runtime)'/,
      /Runtime\.ImportModuleError/,
    ],
    cause:
      'What the function imports is not in the package. Lambda’s `import` does not look at NODE_PATH, so an ES module finds no packages in a layer.',
    fix: 'Bundle it. `pack` bundles score.ts and everything that it imports.',
    command: 'npx coldpress pack --config coldpress.config.ts --out build',
    link: 'docs/score.md',
  },
  {
    id: 'stale-layer',
    patterns: [/Cannot find module '?coldpress-onnxruntime-[\w.-]+/],
    cause:
      'The function requires another ONNX Runtime version or CPU than the layer contains, or it has no layer. The layer’s module has version and CPU in its name, so a wrong one cannot load.',
    fix: 'Publish the layer.zip from the same folder as this function.zip and attach it, or pack without a layer.',
    command: 'npx coldpress deploy build --target aws-lambda --emit aws-cli',
    link: 'docs/guides/terraform-sam.md',
  },
];
