/**
 * Constructs that deploy models to AWS; see docs/aws.md for a guide.
 *
 * ```ts
 * import { OnnxFunction } from 'coldpress/cdk';
 * ```
 * @module coldpress/cdk
 */

export { memoryFor } from '../targets/aws-lambda/memory.ts';
export { OnnxBatchJob, type OnnxBatchJobProps } from './batch-job.ts';
export { type BudgetOptions, MODEL_TAG } from './budget.ts';
export { OnnxDashboard, type OnnxDashboardProps } from './dashboard.ts';
export { DriftAlarm, type DriftAlarmOptions } from './drift-alarm.ts';
export { OnnxEndpoint } from './endpoint/endpoint.ts';
export type {
  DataCaptureOptions,
  EndpointAlarmOptions,
  EndpointImage,
  InstanceOptions,
  OnnxEndpointProps,
  ScalingOptions,
  ServerlessOptions,
} from './endpoint/props.ts';
export { OnnxFunction, OnnxFunction as ModelFunction } from './function.ts';
export type { OnnxFunctionProps, OnnxFunctionProps as ModelFunctionProps } from './function-props.ts';
export { OnnxRuntimeLayer, type OnnxRuntimeLayerProps } from './layer.ts';
export { ModelsApi, type ModelsApiProps } from './models-api.ts';
export { PreTrafficHook } from './pre-traffic-hook.ts';
export type { RolloutOptions } from './rollout.ts';
export type { SecretResource } from './sinks/secrets.ts';
export type { SinkResource } from './sinks/sinks.ts';
export { BucketTrigger, type BucketTriggerProps } from './triggers/bucket.ts';
export type { EventFilter } from './triggers/event-filter.ts';
export { EventRuleTrigger, type EventRuleTriggerProps } from './triggers/event-rule.ts';
export { FunctionUrlTrigger, type FunctionUrlTriggerProps } from './triggers/function-url.ts';
export { HttpApiTrigger, type HttpApiTriggerProps } from './triggers/http-api.ts';
export { KafkaTrigger, type KafkaTriggerProps } from './triggers/kafka.ts';
export { KinesisTrigger, type KinesisTriggerProps } from './triggers/kinesis.ts';
export { LogsTrigger, type LogsTriggerProps } from './triggers/logs.ts';
export { QueueTrigger, type QueueTriggerProps } from './triggers/queue.ts';
export { ScheduleTrigger, type ScheduleTriggerProps } from './triggers/schedule.ts';
export type { StreamTriggerProps } from './triggers/stream-options.ts';
export { TableTrigger, type TableTriggerProps } from './triggers/table.ts';
export { TopicTrigger, type TopicTriggerProps } from './triggers/topic.ts';
