import type { Pain } from '../pain.ts';

/** Functions in operation. */
export const operationsPains: readonly Pain[] = [
  {
    id: 'record-by-record',
    patterns: [/All records failed processing/i, /(?:Full|Partial)BatchFailureError|BatchProcessingError/],
    source: {
      files: /\.(?:m?[jt]s|c[jt]s)$/,
      pattern: /for \((?:const|let) \w+ of \w*\.?[rR]ecords\)[\s\S]{0,400}(?:session|Session)\w*\.run\(/,
    },
    cause:
      'The records of an event are scored one by one, or one bad record fails the whole batch, which is then delivered again.',
    fix: 'Pack the function: a batch becomes one tensor and one run, and failures are reported for each record (`batchItemFailures`). Turn on ReportBatchItemFailures at the event source.',
    command: 'npx coldpress pack MODEL --out build',
    link: 'docs/events.md',
  },
  {
    id: 'function-url-forbidden',
    patterns: [
      // A Function URL's own spelling; API Gateway writes "message".
      /\{"Message":\s?"Forbidden"/,
      /Forbidden\. For troubleshooting Function URL authorization/i,
      /not authorized to perform: lambda:InvokeFunctionUrl/i,
      /lambda-url\.[\w-]+\.on\.aws[\s\S]{0,400}(?:403 Forbidden|"?Forbidden"?)/i,
      /AccessDeniedException[\s\S]{0,200}lambda-url/i,
    ],
    cause:
      'Since October 2025 a Function URL needs two permissions: lambda:InvokeFunctionUrl and lambda:InvokeFunction.',
    fix: 'Grant both; with CDK, `functionUrl.grantInvokeUrl(…)`. For a public URL, add the second statement:',
    command:
      "aws lambda add-permission --function-name FUNCTION --statement-id invoke --action lambda:InvokeFunction --principal '*' --invoked-via-function-url",
    link: 'docs/aws.md',
  },
  {
    id: 'no-model-canary',
    patterns: [
      /serverless (?:endpoint|inference|config)[\s\S]{0,160}(?:multiple|production) ?variants?/i,
      /(?:variants?|data ?capture)[\s\S]{0,160}(?:not supported|cannot be)[\s\S]{0,80}serverless/i,
      /data ?capture[\s\S]{0,80}serverless[\s\S]{0,80}not supported/i,
    ],
    cause:
      'The platform cannot divide traffic between two versions of a model, so a new model replaces the old one at once.',
    fix: 'Set `rollout` on the function: an alias first moves 10 % of the traffic, golden vectors are replayed before any traffic, and an alarm moves it back. On Google, deploy with --no-traffic, then promote.',
    command: 'npx coldpress promote NAME --tag next',
    link: 'docs/guides/rollout.md',
  },
  {
    id: 'slow-cold-start',
    patterns: [
      /(?<!INIT_REPORT )Init Duration: (?:[1-9]\d{3,})(?:\.\d+)? ms/,
      /"initDurationMs"\s*:\s*[1-9]\d{3,}/,
    ],
    cause:
      'The function needs more than a second before it can work: it loads too much, optimises the model at its start, or has too little CPU.',
    fix: 'Measure the cold start on your machine, in comparison with a hand-written function.',
    command: 'npx coldpress bench build --baseline naive --model MODEL',
    link: 'docs/cold-start.md',
  },
  {
    id: 'no-drain',
    patterns: [
      /(?:Received|Uncaught) (?:SIGTERM|signal: (?:SIGTERM|15))/i,
      /Container terminated on signal 15/i,
      /SIGTERM[\s\S]{0,200}(?:status(?:Code)?"?[: ]+500|HTTP 500)/i,
    ],
    cause:
      'functions-framework answers 500 to the open request on SIGTERM and exits at once; so does a server without a handler for it.',
    fix: 'Pack for Google with coldpress, whose entry lets open requests finish; in your own server, stop accepting requests on SIGTERM and wait for the open ones.',
    command: 'npx coldpress pack MODEL --target gcf --out build',
    link: 'docs/google.md',
  },
  {
    id: 'framework-crash',
    patterns: [/exit(?:ed)?(?: with)?(?: code)?[: (]+16\b/i, /Default STARTUP TCP probe failed/i],
    cause: 'The function failed while it was loaded, before it listened: functions-framework ends with 16.',
    fix: 'Start the same artifact on your machine, and read its log.',
    command: 'npx coldpress serve build',
    link: 'docs/google.md',
  },
  {
    id: 'callback-handler',
    patterns: [
      /CallbackHandlerDeprecated|callback-based function handlers? (?:is|are) (?:no longer|not) supported/i,
    ],
    source: {
      files: /(?:handler|index|lambda)[^/]*\.(?:m?[jt]s|c[jt]s)$/,
      pattern:
        /exports?\.?\s*(?:const )?handler\s*=\s*(?:function)?\s*\(\s*\w+\s*,\s*\w+\s*,\s*(?:callback|cb)\s*\)/,
    },
    cause: 'Lambda’s Node 24 does not support handlers with a callback.',
    fix: 'Make the handler async and return the answer. Packed functions do this.',
    command: 'npx coldpress pack MODEL --out build',
    link: 'docs/aws.md',
  },
  {
    id: 'deprecated-runtime',
    patterns: [
      /runtime parameter of nodejs[\d.x]+ is no longer supported/i,
      /(?:runtime|Runtime) nodejs\d+(?:\.x)? (?:is|has been|was) (?:deprecated|decommissioned)/,
    ],
    cause: 'The platform no longer accepts functions with this runtime.',
    fix: 'Pack for a newer runtime: Lambda supports nodejs24.x until 2028-04-30, and nodejs22.x until 2027-04-30.',
    command: 'npx coldpress pack MODEL --runtime nodejs24.x',
    link: 'docs/doctor.md#runtimes',
  },
  {
    id: 'payload-too-large',
    patterns: [
      /payload size exceeded maximum allowed payload size/i,
      // Only for an invocation; for an update, the package is too large.
      /RequestEntityTooLargeException(?![\s\S]{0,200}(?:UpdateFunctionCode|CreateFunction|PublishLayerVersion|7016\d{4}))/,
      /Request payload.{0,40}exceed/i,
      /(?:request|response) (?:was|is) too large.{0,80}32 ?MiB/i,
    ],
    cause: 'A request or an answer is larger than the platform allows: 6 MB on Lambda, 32 MiB on Cloud Run.',
    fix: 'Send binary tensors, compress the request, or score objects in a bucket; for files of rows, use `batch`.',
    command: 'npx coldpress batch build IN OUT',
    link: 'docs/http.md',
  },
  {
    id: 'timed-out',
    patterns: [/Task timed out after [\d.]+ seconds/, /upstream request timeout/i],
    cause: 'The function did not finish before its timeout.',
    fix: 'Find out where the time goes, then set more memory, a longer timeout, or send fewer rows.',
    command: 'npx coldpress invoke build --event event.json',
    link: 'docs/cold-start.md',
  },
];
