/** What the pains of this field look like where people meet them: the id that has to be found, and the text. */
export const texts: [id: string, text: string][] = [
  [
    'package-too-large',
    'Resource handler returned message: "Unzipped size must be smaller than 262144000 bytes (Service: Lambda, Status Code: 400)"',
  ],
  [
    'package-too-large',
    'InvalidParameterValueException: Function code combined with layers exceeds the maximum allowed size of 262144000 bytes. The actual size is 318767104 bytes.',
  ],
  [
    'package-too-large',
    'Error: The Serverless Function "api/predict" is 301.9mb which exceeds the unzipped maximum size of 250 MB',
  ],
  [
    'package-too-large',
    'RequestEntityTooLargeException: Request must be smaller than 70167211 bytes for the UpdateFunctionCode operation',
  ],
  [
    'cuda-download',
    'npm error path /app/node_modules/onnxruntime-node\nnpm error command sh -c node ./script/install\nnpm error Error: connect ECONNREFUSED',
  ],
  [
    'cuda-download',
    'Downloading "https://api.nuget.org/v3-flatcontainer/microsoft.ml.onnxruntime.gpu.linux/1.22.0/..."',
  ],
  [
    'no-loader',
    '✘ [ERROR] No loader is configured for ".node" files: node_modules/onnxruntime-node/bin/napi-v6/linux/x64/onnxruntime_binding.node',
  ],
  [
    'library-not-beside',
    'Error: libonnxruntime.so.1: cannot open shared object file: No such file or directory',
  ],
  ['library-not-beside', "Error: Cannot find module '../bin/napi-v3/linux/arm64/onnxruntime_binding.node'"],
  ['no-loader', 'No loader is configured'],
  [
    'module-not-bundled',
    "Error: Cannot find module 'onnxruntime-node'\nRequire stack:\n- /var/task/index.js",
  ],
  [
    'wrong-architecture',
    "Error: dlopen(/app/onnxruntime_binding.node, 0x0001): tried: '/app/onnxruntime_binding.node' (mach-o file, but is an incompatible architecture (have 'x86_64', need 'arm64'))",
  ],
  ['binding-is-a-path', 'TypeError: binding.listSupportedBackends is not a function'],
  ['binding-is-a-path', 'TypeError: (0 , binding_1.listSupportedBackends) is not a function'],
  [
    'package-too-large',
    'InvalidParameterValueException: Layers consume more than the available size of 262144000 bytes',
  ],
  ['no-dirname', 'ReferenceError: __dirname is not defined in ES module scope'],
  ['function-url-forbidden', '{"Message":"Forbidden"}'],
  ['wrong-architecture', 'Error: /var/task/onnxruntime_binding.node: invalid ELF header'],
  ['wrong-architecture', 'fork/exec /lambda-entrypoint.sh: exec format error Runtime.InvalidEntrypoint'],
  ['cdk-wants-docker', 'Error: spawnSync docker ENOENT'],
  [
    'glibc-too-old',
    "/lib64/libm.so.6: version `GLIBC_2.27' not found (required by /var/task/libonnxruntime.so.1)",
  ],
  ['glibc-too-old', "Error: /lib64/libstdc++.so.6: version `GLIBCXX_3.4.30' not found"],
  [
    'cpuinfo',
    'Error in cpuinfo: failed to parse the list of possible processors in /sys/devices/system/cpu/possible',
  ],
  ['zip-map', 'Error: Non tensor type is temporarily not supported.'],
  [
    'external-data',
    'Deserialize tensor onnx::MatMul_3 failed. GetFileLength for ./model.onnx_data failed: open file ./model.onnx_data fail, errcode = 2',
  ],
  [
    'external-data',
    'External data path validation failed for initializer: weight. External data path does not exist: /var/task/model.data',
  ],
  [
    'external-data',
    'model_path must not be empty. Ensure that a path is provided when the model is created or loaded.',
  ],
  ['big-int', 'TypeError: Do not know how to serialize a BigInt\n    at JSON.stringify (<anonymous>)'],
  [
    'threads',
    '[E:onnxruntime:Default, env.cc:254 ThreadMain] pthread_setaffinity_np failed for thread: 21, index: 2, mask: {3, 19, }, error code: 22 error msg: Invalid argument. Specify the number of threads explicitly so the affinity is not set.',
  ],
  [
    'worker-threads',
    'FATAL ERROR: HandleScope::HandleScope Entering the V8 API without proper locking in place',
  ],
  [
    'worker-threads',
    "Error: Module did not self-register: '/app/node_modules/onnxruntime-node/bin/napi-v6/linux/x64/onnxruntime_binding.node'",
  ],
  ['out-of-memory', 'RequestId: 8f5f-4c Error: Runtime exited with error: signal: killed\nRuntime.ExitError'],
  [
    'out-of-memory',
    'Memory limit of 512 MiB exceeded with 530 MiB used. Consider increasing the memory limit',
  ],
  ['damaged-model', 'Error: Load model from model.onnx failed:Protobuf parsing failed.'],
  [
    'damaged-model',
    'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345',
  ],
  ['opset', 'Fatal error: No Op registered for LayerNormalization with domain_version of 22'],
  ['opset', 'Unsupported model IR version: 13, max supported IR version: 12'],
  [
    'locale',
    'Failed to construct locale with name:en_US.UTF-8:locale::facet::_S_create_c_locale name not valid',
  ],
  ['fetched-at-start', "Error: EROFS: read-only file system, mkdir '/var/task/.cache'"],
  ['fetched-at-start', "[Error: ENOENT: no such file or directory, mkdir '/home/sbx_user1051/.u2net']"],
  ['init-too-long', 'INIT_REPORT Init Duration: 9999.46 ms\tPhase: init\tStatus: timeout'],
  ['record-by-record', 'FullBatchFailureError: All records failed processing. See individual errors below.'],
  [
    'function-url-forbidden',
    '{"Message":"Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"}',
  ],
  [
    'function-url-forbidden',
    'User: arn:aws:iam::123456789012:user/a is not authorized to perform: lambda:InvokeFunctionUrl on resource',
  ],
  [
    'no-model-canary',
    'ValidationException: Serverless endpoint configuration does not support multiple production variants',
  ],
  ['no-model-canary', 'ValidationException: Data capture is not supported for serverless endpoints'],
  [
    'slow-cold-start',
    'REPORT RequestId: 6b2c\tDuration: 812.22 ms\tBilled Duration: 5200 ms\tMemory Size: 512 MB\tMax Memory Used: 301 MB\tInit Duration: 4387.10 ms',
  ],
  [
    'slow-cold-start',
    '{"time":"2026-11-01T00:00:00Z","type":"platform.report","record":{"metrics":{"durationMs":12.1,"initDurationMs":3120.5}}}',
  ],
  ['no-drain', 'Received SIGTERM\n{"httpRequest":{"status":500}}'],
  ['no-drain', 'Container terminated on signal 15.'],
  ['framework-crash', 'Container called exit(16).'],
  [
    'callback-handler',
    'Runtime.CallbackHandlerDeprecated: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24',
  ],
  [
    'deprecated-runtime',
    'The runtime parameter of nodejs18.x is no longer supported for creating or updating AWS Lambda functions.',
  ],
  [
    'stale-layer',
    "Error: Cannot find module 'coldpress-onnxruntime-1.29.0-arm64'\nRequire stack:\n- /var/task/index.mjs",
  ],
  [
    'module-not-bundled',
    "Runtime.ImportModuleError: Error: Cannot find package 'onnxruntime-node' imported from /var/task/index.mjs",
  ],
  [
    'payload-too-large',
    'LAMBDA_RUNTIME Failed to post handler success response. Http response code: 413. Response payload size exceeded maximum allowed payload size (6291556 bytes).',
  ],
  ['timed-out', '2026-11-01T00:00:30.012Z 6b2c Task timed out after 30.03 seconds'],
  [
    'container-port',
    'The user-provided container failed to start and listen on the port defined provided by the PORT=8080 environment variable within the allocated timeout.',
  ],
  [
    'container-port',
    'The primary container for production variant AllTraffic did not pass the ping health check. Please check CloudWatch logs for this endpoint.',
  ],
  [
    'container-port',
    'Readiness probe failed: Get "http://10.1.2.3:8080/": dial tcp 10.1.2.3:8080: connect: connection refused',
  ],
  [
    'container-architecture',
    'WARNING: The requested image platform (linux/arm64/v8) does not match the detected host platform (linux/amd64/v3) and no specific platform was requested',
  ],
  [
    'container-architecture',
    "Cloud Run does not support image 'europe-docker.pkg.dev/p/r/churn:1': Container manifest type 'application/vnd.oci.image.index.v1+json' must support amd64/linux.",
  ],
  [
    'wrong-cdk',
    'Cloud assembly schema version mismatch: Maximum schema version supported is 36.0.0, but found 48.0.0',
  ],
];
