import { stringify } from 'yaml';
import type { EmitPlan } from './plan.ts';
import { healthPaths, serverPort, userId } from './server.ts';

/** A KServe InferenceService: https://kserve.github.io/website/docs/reference/crd-api */
export function inferenceService({ name, image, memoryMib, platform, manifest }: EmitPlan): string {
  const probe = (path: string) => ({ httpGet: { path, port: serverPort } });
  const memory = `${memoryMib}Mi`;
  return stringify(
    {
      apiVersion: 'serving.kserve.io/v1beta1',
      kind: 'InferenceService',
      metadata: { name, labels: { 'app.kubernetes.io/version': manifest.model.sha256.slice(0, 12) } },
      spec: {
        predictor: {
          ...(platform !== undefined && {
            nodeSelector: {
              'kubernetes.io/os': 'linux',
              'kubernetes.io/arch': platform.replace('linux/', ''),
            },
          }),
          containers: [
            {
              name: 'kserve-container',
              image,
              // KServe reads the protocol of a custom container from this variable; without it, it assumes v1:
              // https://github.com/kserve/kserve/blob/master/pkg/apis/serving/v1beta1/predictor_custom.go
              env: [{ name: 'PROTOCOL', value: 'v2' }],
              ports: [{ containerPort: serverPort, protocol: 'TCP' }],
              readinessProbe: probe(healthPaths.ready),
              livenessProbe: probe(healthPaths.live),
              resources: { requests: { cpu: '1', memory }, limits: { memory } },
              securityContext: {
                allowPrivilegeEscalation: false,
                capabilities: { drop: ['ALL'] },
                readOnlyRootFilesystem: true,
                runAsNonRoot: true,
                runAsUser: userId,
                seccompProfile: { type: 'RuntimeDefault' },
              },
            },
          ],
        },
      },
    },
    { lineWidth: 0 },
  );
}
