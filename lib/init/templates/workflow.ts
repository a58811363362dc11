import type { Project } from '../project.ts';
import { stackName } from './aws.ts';
import { functionName } from './google.ts';

/** `.github/workflows/model.yml`: built once; the same artifact, by hash, goes to staging, is asked, and goes on. */
export function workflow(project: Project): string {
  return `name: model
on:
  push:
    branches: [main]
  pull_request:

permissions:
  contents: read

jobs:
  build:
    runs-on: ubuntu-latest
    outputs:
      sha256: \${{ steps.hash.outputs.sha256 }}
    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 0
      - uses: actions/setup-node@v4
        with:
          node-version: 24
          cache: npm
      - run: npm ci
      - run: npm run typecheck
      - run: npm test
      # On one machine, one after the other: figures of two machines do not compare.
      - name: benchmark gate
        if: github.event_name == 'pull_request'
        run: |
          git worktree add "$RUNNER_TEMP/base" "origin/\${{ github.base_ref }}"
          (cd "$RUNNER_TEMP/base" && npm ci && npx coldpress pack)
          npx coldpress bench "$RUNNER_TEMP/base/build" --json > "$RUNNER_TEMP/base.json"
          npx coldpress bench build --compare "$RUNNER_TEMP/base.json" --fail-above 10%
      - id: hash
        run: |
          tar --sort=name --mtime=@0 --owner=0 --group=0 -cf build.tar build
          echo "sha256=$(sha256sum build.tar | cut -d ' ' -f 1)" >> "$GITHUB_OUTPUT"
      - uses: actions/upload-artifact@v4
        with:
          name: build
          path: build.tar

${deployJob(project, 'staging')}
${deployJob(project, 'production')}`;
}

type Stage = 'staging' | 'production';

function deployJob(project: Project, stage: Stage): string {
  const isStaging = stage === 'staging';
  return `  ${stage}:
    needs: ${isStaging ? 'build' : '[build, staging]'}
    if: github.ref == 'refs/heads/main'
    runs-on: ubuntu-latest
    environment: ${stage}
    # A token of GitHub's in place of a stored key.
    permissions:
      contents: read
      id-token: write
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: 24
          cache: npm
      - run: npm ci
      - uses: actions/download-artifact@v4
        with:
          name: build
      - run: |
          echo "\${{ needs.build.outputs.sha256 }}  build.tar" | sha256sum --check
          tar -xf build.tar
${project.target === 'aws' ? awsSteps(project, stage) : googleSteps(project, stage)}`;
}

function awsSteps({ name }: Project, stage: Stage): string {
  return `      - uses: aws-actions/configure-aws-credentials@v4
        with:
          role-to-assume: \${{ vars.AWS_ROLE }}
          aws-region: \${{ vars.AWS_REGION }}
      - run: npx cdk deploy ${stackName(name)}-${stage} --require-approval never
      - run: node bin/replay.ts ${stage}
`;
}

function googleSteps({ name }: Project, stage: Stage): string {
  const replay =
    stage === 'staging'
      ? `      - id: staging
        run: |
          url=$(gcloud functions describe ${functionName(name)}-staging --project "\${{ vars.GOOGLE_PROJECT }}" --region "\${{ vars.GOOGLE_REGION }}" --format 'value(serviceConfig.uri)')
          node bin/replay.ts "$url"
`
      : '';
  return `      - uses: google-github-actions/auth@v2
        with:
          workload_identity_provider: \${{ vars.GOOGLE_WORKLOAD_IDENTITY_PROVIDER }}
          service_account: \${{ vars.GOOGLE_SERVICE_ACCOUNT }}
      - run: node bin/deploy.ts ${stage}
        env:
          GOOGLE_PROJECT: \${{ vars.GOOGLE_PROJECT }}
          GOOGLE_REGION: \${{ vars.GOOGLE_REGION }}
${replay}`;
}
