import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';

/** Reads a parameter of Systems Manager's Parameter Store, decrypted. @throws Error if it has no value */
export async function readParameter(name: string): Promise<string> {
  const { Parameter } = await new SSMClient({}).send(
    new GetParameterCommand({ Name: name, WithDecryption: true }),
  );
  if (Parameter?.Value === undefined) {
    throw new Error(`the parameter ${name} has no value`);
  }
  return Parameter.Value;
}
