import type { Project } from '../project.ts';
import { deployCommand } from './aws.ts';
import { destinationVariable } from './google.ts';
import { testFile } from './package.ts';

/**
 * `.github/workflows/model.yml`: builds once. The same artifact, by hash, is deployed to staging, tested, and then
 * deployed to production, or it becomes an image, which is tested before it is pushed. Expressions are only in `env:`
 * and `with:`, never in a script, where a branch's name could run as code.
 * @param tsconfig - the file that configures how this project's sources are compiled
 */
export function workflow(project: Project, tsconfig = 'tsconfig.json'): string {
  return `name: model
on:
  push:
    branches: [main]
  pull_request:

permissions:
  contents: read

# Only one push deploys at a time.
concurrency: model-\${{ github.ref }}

jobs:
  build:
    runs-on: ubuntu-latest
    outputs:
      sha256: \${{ steps.hash.outputs.sha256 }}
    steps:
      - uses: actions/checkout@v7
        with:
          fetch-depth: 0
      - uses: actions/setup-node@v7
        with:
          node-version: 24
          cache: npm
      - run: npm ci
      - run: npx tsc --noEmit --project ${tsconfig}
      - run: npx coldpress pack
      - run: node --test ${testFile}
      # Both versions are measured on this machine, because figures of two machines cannot be compared.
      - name: benchmark gate
        if: github.event_name == 'pull_request'
        env:
          BASE: origin/\${{ github.base_ref }}
          SAMPLES: \${{ vars.BENCH_SAMPLES || 30 }}
          FAIL_ABOVE: \${{ vars.BENCH_FAIL_ABOVE || '10%' }}
        run: |
          git rev-parse --verify "$BASE^{commit}"
          for file in package-lock.json coldpress.config.ts; do
            if ! git cat-file -e "$BASE:$file" 2> /dev/null; then
              echo "::notice title=no benchmark::$BASE has no $file: there is nothing to compare"
              exit 0
            fi
          done
          cpu=\${RUNNER_ARCH,,}
          coldpress="$PWD/node_modules/.bin/coldpress"
          git worktree add --detach "$RUNNER_TEMP/base" "$BASE"
          cd "$RUNNER_TEMP/base"
          npm ci
          npx coldpress pack --arch "$cpu" --out measured
          "$coldpress" bench measured --samples "$SAMPLES" --json > "$RUNNER_TEMP/base.json"
          cd "$OLDPWD"
          npx coldpress pack --arch "$cpu" --out measured
          "$coldpress" bench measured --samples "$SAMPLES" --compare "$RUNNER_TEMP/base.json" --fail-above "$FAIL_ABOVE"
      - id: hash
        run: |
          tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -cf build.tar build
          sha256=$(sha256sum < build.tar)
          echo "sha256=\${sha256%% *}" >> "$GITHUB_OUTPUT"
      - uses: actions/upload-artifact@v7
        with:
          name: build
          path: build.tar
          if-no-files-found: error

${attestJob}
${project.target === 'container' ? imageJob : [deployJob(project, 'staging'), deployJob(project, 'production')].join('\n')}`;
}

/** A separate job, so that no other code of the project runs with its permissions. */
const attestJob = `  # Records which workflow and commit built the artifact. To check it: gh attestation verify build.tar --repo OWNER/REPOSITORY
  # GitHub offers this for public repositories. In a private one with GitHub Enterprise Cloud, set the variable ATTEST to true.
  attest:
    needs: build
    if: github.ref == 'refs/heads/main' && (!github.event.repository.private || vars.ATTEST == 'true')
    runs-on: ubuntu-latest
    permissions:
      contents: read
      id-token: write
      attestations: write
    steps:
      - uses: actions/attest-build-provenance@v4
        with:
          subject-name: build.tar
          subject-digest: sha256:\${{ needs.build.outputs.sha256 }}
`;

/** Steps that fetch the project and the artifact of the first job. */
const fetchSteps = `      - uses: actions/checkout@v7
      - uses: actions/setup-node@v7
        with:
          node-version: 24
          cache: npm
      - run: npm ci
      - uses: actions/download-artifact@v8
        with:
          name: build
      - name: unpack the tested artifact
        env:
          SHA256: \${{ needs.build.outputs.sha256 }}
        run: |
          echo "$SHA256  build.tar" | sha256sum --check
          tar -xf build.tar
`;

const imageJob = `  image:
    needs: build
    if: github.ref == 'refs/heads/main'
    runs-on: ubuntu-latest
    permissions:
      contents: read
      packages: write
    steps:
${fetchSteps}      - name: build and test the image
        env:
          REPOSITORY: \${{ github.repository }}
          REVISION: \${{ github.sha }}
        run: |
          image="ghcr.io/\${REPOSITORY,,}:$REVISION"
          npx coldpress deploy build --target container --emit dockerfile > Dockerfile
          docker build --file Dockerfile --tag "$image" build
          docker run --detach --publish 8080:8080 "$image"
          curl --silent --fail --retry 30 --retry-delay 1 --retry-all-errors localhost:8080/v2/health/ready
          node bin/replay.ts http://localhost:8080
          echo "IMAGE=$image" >> "$GITHUB_ENV"
      - name: push
        env:
          ACTOR: \${{ github.actor }}
          TOKEN: \${{ github.token }}
        run: |
          echo "$TOKEN" | docker login ghcr.io --username "$ACTOR" --password-stdin
          docker push "$IMAGE"
`;

type Stage = 'staging' | 'production';

function deployJob(project: Project, stage: Stage): string {
  return `  ${stage}:
    needs: ${stage === 'staging' ? 'build' : '[build, staging]'}
    if: github.ref == 'refs/heads/main'
    runs-on: ubuntu-latest
    environment: ${stage}
    # The job signs in with a token from GitHub, so no key is stored.
    permissions:
      contents: read
      id-token: write
    steps:
${fetchSteps}${project.target === 'aws-lambda' ? awsSteps(project, stage) : googleSteps(project, stage)}`;
}

function awsSteps(project: Project, stage: Stage): string {
  return `      - uses: aws-actions/configure-aws-credentials@v6
        with:
          role-to-assume: \${{ vars.AWS_ROLE }}
          aws-region: \${{ vars.AWS_REGION }}
      - run: ${deployCommand(project, stage)} --require-approval never
      - run: node bin/replay.ts ${stage}
`;
}

function googleSteps({ trigger }: Project, stage: Stage): string {
  const destination = destinationVariable(trigger);
  const place = ['GOOGLE_PROJECT', 'GOOGLE_REGION', ...(destination === undefined ? [] : [destination])];
  const env = place.map(name => `          ${name}: \${{ vars.${name} }}`).join('\n');
  const account = `          workload_identity_provider: \${{ vars.GOOGLE_WORKLOAD_IDENTITY_PROVIDER }}
          service_account: \${{ vars.GOOGLE_SERVICE_ACCOUNT }}`;
  return `      - uses: google-github-actions/auth@v3
        with:
${account}
      - id: candidate
        run: node bin/deploy.ts candidate ${stage} >> "$GITHUB_OUTPUT"
        env:
${env}
      # A private function requires a token for its own URL, which the credentials above cannot create.
      - id: caller
        uses: google-github-actions/auth@v3
        with:
${account}
          create_credentials_file: false
          export_environment_variables: false
          token_format: id_token
          id_token_audience: \${{ steps.candidate.outputs.audience }}
          id_token_include_email: true
      - run: node bin/replay.ts "$URL"
        env:
          URL: \${{ steps.candidate.outputs.url }}
          ID_TOKEN: \${{ steps.caller.outputs.id_token }}
      - run: node bin/deploy.ts release ${stage}
        env:
${env}
`;
}
